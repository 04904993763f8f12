"""What channels send us: proven, kept, looked at; what follows from it is a job."""

import logging
from collections.abc import Mapping
from datetime import datetime

from oms.channels.errors import SignatureInvalid, Stale
from oms.channels.pacing import pace
from oms.channels.selectors import secrets_in_force
from oms.channels.selectors.doors import Door, door_of
from oms.channels.services import (
    Archived,
    Arrived,
    archive_message,
    count_traffic,
    principal_of,
    settle_message,
)
from oms.channels.services.archiving import JOB
from oms.channels.states import InboundState, Scope, Traffic
from oms.core import ticks
from orders.adapters import messages
from orders.adapters.messages import Adapter, Envelope, Message, NotTheirs, Unreadable
from orders.adapters.registry import adapter_of, read

log = logging.getLogger(__name__)


def receive(*, channel: str, body: bytes, headers: Mapping[str, str], at: datetime) -> Archived:
    """Take a message in at the door of a channel: prove it, keep it, ask for the rest.

    Nothing is kept of what is not proven, but that it happened. A message that is of no use, or
    cannot be read, is put down as such at once; `state` of the answer says so.

    Only what is proven counts against the channel's limit: nobody else can use it up.

    Raises: ChannelNotFound, SignatureInvalid, Stale, TooManyRequests, MessageDiffers.
    """
    door = door_of(channel)
    adapter = adapter_of(door.adapter)
    message = Message(body, headers, at)
    _prove(door, adapter, message)
    pace(door.pk, slug=door.slug, per_minute=door.requests_per_minute, burst=door.burst)
    envelope = _envelope(adapter, message)
    kept = archive_message(
        arrived=Arrived(
            channel_id=door.pk,
            message_id=envelope.id,
            topic=envelope.topic,
            headers=headers,
            body=body,
            at=at,
            proofs=adapter.signature_headers,
        )
    )
    if not kept.is_new:
        return kept
    state = _look(adapter, message, kept)
    if state == InboundState.STORED:
        ticks.wake(JOB)
    return Archived(kept.number, state, is_new=True)


def _prove(door: Door, adapter: Adapter, message: Message) -> None:
    """By the channel's own signature; where there is none, by one of its keys with us. A channel
    that proves itself in `Authorization` does so in another scheme than our keys.

    Raises: SignatureInvalid, Stale.
    """
    own = set(adapter.signature_headers) - {"authorization"}
    is_signed = any(name in message.headers for name in own)
    if not is_signed and _carries_key_of(door, message.headers):
        return
    try:
        adapter.verify(message, secrets_in_force(door.pk, at=message.received_at))
    except messages.Stale as stale:
        count_traffic(channel_id=door.pk, kind=Traffic.STALE)
        raise Stale(channel=door.slug, reason=str(stale)) from stale
    except NotTheirs as reason:
        count_traffic(channel_id=door.pk, kind=Traffic.REFUSED)
        raise SignatureInvalid(channel=door.slug, reason=str(reason)) from reason


def _carries_key_of(door: Door, headers: Mapping[str, str]) -> bool:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.isascii() or not 20 <= len(key) <= 100:
        return False
    principal = principal_of(key=key)
    return (
        principal is not None
        and principal.channel is not None
        and principal.channel.pk == door.pk
        and principal.may(Scope.ORDERS)
    )


def _envelope(adapter: Adapter, message: Message) -> Envelope:
    """The outside of a message; nothing where even that cannot be made out."""
    try:
        return adapter.envelope(message)
    except Exception:
        log.exception("The outside of a message cannot be read")
        return Envelope()


def _look(adapter: Adapter, message: Message, kept: Archived) -> str:
    """Put down at once what needs no job: what cannot be read, and what is of no use."""
    try:
        reading = read(adapter, message)
    except Unreadable as reason:
        settle_message(number=kept.number, verb="quarantine", asked=1, problem=str(reason))
        return InboundState.QUARANTINED
    except Exception:
        log.exception("%s cannot be read", kept.number)
        return InboundState.STORED
    if reading.reports or reading.fetches:
        return InboundState.STORED
    settle_message(number=kept.number, verb="ignore", asked=1, problem=reading.ignored)
    return InboundState.IGNORED
