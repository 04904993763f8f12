"""Messages of channels: kept first, then processed, and processed again."""

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oms.channels.errors import MessageDiffers
from oms.channels.models import InboundMessage
from oms.channels.rules.archiving import (
    LONGEST_ID,
    LONGEST_ORDER,
    LONGEST_TOPIC,
    digest_of,
    headers_kept,
    identity_of,
    plain,
)
from oms.channels.services.counting import count_traffic
from oms.channels.states import INBOUND, InboundState, MessageSource, Traffic
from oms.core import jobs, sql
from oms.core.services import service

JOB = "inbound"
LONGEST_PROBLEM = 500

security = logging.getLogger("oms.security")


@dataclass(frozen=True)
class Arrived:
    """A message as it came, proven to be the channel's own. `message_id` is the channel's id of
    it, empty where it gives none; `proofs` are headers that are not to be kept."""

    channel_id: int
    message_id: str
    topic: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    source: str = MessageSource.WEBHOOK
    proofs: Collection[str] = ()


@dataclass(frozen=True)
class Archived:
    """Where a message is kept; `is_new` is False when it had come before."""

    number: str
    state: str
    is_new: bool


KEEP = """
INSERT INTO channels_inboundmessage
    (number, channel_id, source, identity, message_id, topic, headers, body, digest, size, state,
     problem, asked, attempts, orders, received_at)
VALUES ('IM-' || nextval('channels_message_numbers'), %s, %s, %s, %s, %s, %s, %s, %s, %s, 'stored',
        '', 1, 0, '{}', %s)
ON CONFLICT (channel_id, identity) DO NOTHING
RETURNING number
"""
FIND = """
SELECT number, state, digest FROM channels_inboundmessage WHERE channel_id = %s AND identity = %s
"""


def archive_message(*, arrived: Arrived) -> Archived:
    """Keep a message and ask for it to be processed; one that is known is left as it is.

    Raises: MessageDiffers.
    """
    try:
        return _keep(arrived=arrived)
    except MessageDiffers as differs:
        count_traffic(channel_id=arrived.channel_id, kind=Traffic.CONFLICT)
        security.warning("channel %s: %s", arrived.channel_id, differs)
        raise


@service
def _keep(*, arrived: Arrived) -> Archived:
    """Raises: MessageDiffers."""
    topic, digest = plain(arrived.topic, LONGEST_TOPIC), digest_of(arrived.body)
    identity = identity_of(
        source=arrived.source, message_id=arrived.message_id, topic=topic, digest=digest
    )
    kept = sql.run(
        KEEP,
        [
            arrived.channel_id,
            arrived.source,
            identity,
            plain(arrived.message_id, LONGEST_ID),
            topic,
            json.dumps(headers_kept(arrived.headers, proofs=arrived.proofs)),
            arrived.body,
            digest,
            len(arrived.body),
            arrived.at,
        ],
    )
    if not kept:
        [(number, state, known_digest)] = sql.run(FIND, [arrived.channel_id, identity])
        if known_digest != digest:
            raise MessageDiffers(number=number, message_id=plain(arrived.message_id, LONGEST_ID))
        count_traffic(channel_id=arrived.channel_id, kind=Traffic.DUPLICATE)
        return Archived(number, state, is_new=False)
    [(number,)] = kept
    jobs.ask_for(JOB, due={number: jobs.AT_ONCE})
    count_traffic(channel_id=arrived.channel_id, kind=Traffic.ACCEPTED)
    return Archived(number, InboundState.STORED, is_new=True)


SETTLE = """
UPDATE channels_inboundmessage
   SET state = %s, problem = %s, orders = %s, attempts = attempts + %s, processed_at = now()
 WHERE number = %s AND state = ANY(%s) AND asked = %s
RETURNING channel_id
"""


@service
def settle_message(
    *,
    number: str,
    verb: str,
    asked: int,
    orders: Sequence[str] = (),
    problem: str = "",
    attempts: int = 1,
) -> None:
    """Put down what became of a message: `apply`, `ignore` or `quarantine`.

    `asked` is how often it had been asked for when it was read. When it was asked for again
    meanwhile, that is still to be done, and nothing is put down.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    sources, state = INBOUND.moves[verb]
    settled = sql.run(
        SETTLE,
        [
            state,
            plain(problem, LONGEST_PROBLEM),
            sorted({plain(order, LONGEST_ORDER) for order in orders}),
            attempts,
            number,
            sorted(sources),
            asked,
        ],
    )
    if settled and state == InboundState.QUARANTINED:
        count_traffic(channel_id=settled[0][0], kind=Traffic.QUARANTINED)
    if not settled and InboundMessage.objects.filter(
        number=number, state=InboundState.STORED, asked__gt=asked
    ):
        jobs.ask_for(JOB, due={number: jobs.AT_ONCE})
