"""Webhook endpoints: added, changed, switched, removed; their secrets."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now

from oms.channels.errors import ChannelNotFound
from oms.channels.models import Channel
from oms.core import outbound
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.sealing import seal
from oms.core.services import service
from oms.messaging.errors import EndpointNotFound, TooManyEndpoints, UnknownEventType
from oms.messaging.events import (
    WebhookEndpointAdded,
    WebhookEndpointChanged,
    WebhookEndpointDisabled,
    WebhookEndpointEnabled,
    WebhookEndpointRemoved,
    WebhookEndpointSecretRotated,
)
from oms.messaging.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from oms.messaging.rules import signing
from oms.messaging.rules.facts import PUBLIC_FACTS
from oms.messaging.selectors.webhooks import SECRETS, endpoint_list
from oms.messaging.states import ENDPOINT, DeliveryState, EndpointState

MOST = 20
OVERLAP = timedelta(hours=24)
"""How long a secret still signs beside the one that replaced it."""


@dataclass(frozen=True)
class NewSecret:
    """An endpoint with its new secret, which is shown this once."""

    endpoint: WebhookEndpoint
    secret: str


@service
def add_endpoint(
    *,
    url: str,
    types: Collection[str] = (),
    channel: str = "",
    description: str = "",
    by: Actor,
    at: datetime,
) -> NewSecret:
    """Have an address hear of events: those of `channel`, or of all where none is named.

    `types` are the events it wants; none means all, also those that come to be later.

    Raises: AddressNotAllowed, UnknownEventType, ChannelNotFound, TooManyEndpoints.
    Locks: nothing.
    Publishes: WebhookEndpointAdded.
    """
    outbound.check_url(url, https_only=True)
    wanted = _known(types)
    owner = Channel.objects.filter(slug=channel).first() if channel else None
    if channel and owner is None:
        raise ChannelNotFound(slug=channel)
    if endpoint_list().filter(channel=owner).count() >= MOST:
        raise TooManyEndpoints(most=MOST)
    endpoint = WebhookEndpoint.objects.create(
        public_id=f"we_{secrets.token_hex(8)}",
        url=url,
        description=description,
        types=wanted,
        channel=owner,
        created_by=str(by),
        created_at=at,
    )
    secret = _new_secret(endpoint, at)
    publish(
        WebhookEndpointAdded(
            thread=endpoint.public_id,
            subject=endpoint.public_id,
            by=by,
            at=at,
            url=url,
            types=wanted,
            channel=channel,
        )
    )
    return NewSecret(endpoint, secret)


@service
def change_endpoint(
    *,
    endpoint: str,
    url: str | None = None,
    types: Collection[str] | None = None,
    description: str | None = None,
    by: Actor,
    at: datetime,
) -> WebhookEndpoint:
    """Change where events go and which; what is on its way goes to the new address.

    Raises: EndpointNotFound, AddressNotAllowed, UnknownEventType.
    Locks: WebhookEndpoint.
    Publishes: WebhookEndpointChanged.
    """
    row = _locked(endpoint)
    if url is not None and url != row.url:
        outbound.check_url(url, https_only=True)
        row.url, row.failures, row.paused_until = url, 0, None
    if types is not None:
        row.types = _known(types)
    if description is not None:
        row.description = description
    row.save()
    publish(
        WebhookEndpointChanged(
            thread=row.public_id, subject=row.public_id, by=by, at=at, url=row.url, types=row.types
        )
    )
    return row


@service
def enable_endpoint(*, endpoint: str, by: Actor, at: datetime) -> WebhookEndpoint:
    """Call the endpoint again. It hears of what happens from now on.

    Raises: EndpointNotFound, TransitionNotAllowed.
    Locks: WebhookEndpoint.
    Publishes: WebhookEndpointEnabled.
    """
    row = _locked(endpoint)
    row.state = ENDPOINT.after("enable", row.state)
    row.state_reason, row.failures, row.paused_until = "", 0, None
    row.save(update_fields=["state", "state_reason", "failures", "paused_until"])
    publish(WebhookEndpointEnabled(thread=row.public_id, subject=row.public_id, by=by, at=at))
    return row


@service
def disable_endpoint(
    *, endpoint: str, reason: str = "", by: Actor, at: datetime
) -> WebhookEndpoint:
    """Call the endpoint no more. What waits for it is given up, and can be replayed later.

    Raises: EndpointNotFound, TransitionNotAllowed.
    Locks: WebhookEndpoint.
    Publishes: WebhookEndpointDisabled.
    """
    row = _locked(endpoint)
    row.state = ENDPOINT.after("disable", row.state)
    row.state_reason = reason[:200]
    row.save(update_fields=["state", "state_reason"])
    given_up = _give_up_all(row)
    publish(
        WebhookEndpointDisabled(
            thread=row.public_id,
            subject=row.public_id,
            by=by,
            at=at,
            reason=row.state_reason,
            given_up=given_up,
        )
    )
    return row


@service
def remove_endpoint(*, endpoint: str, by: Actor, at: datetime) -> None:
    """Have the endpoint gone from every list; its log goes with its age.

    Raises: EndpointNotFound.
    Locks: WebhookEndpoint.
    Publishes: WebhookEndpointRemoved.
    """
    row = _locked(endpoint)
    row.state = ENDPOINT.after("remove", row.state)
    row.save(update_fields=["state"])
    _give_up_all(row)
    row.secrets.all().delete()
    publish(WebhookEndpointRemoved(thread=row.public_id, subject=row.public_id, by=by, at=at))


@service
def rotate_secret(*, endpoint: str, by: Actor, at: datetime) -> NewSecret:
    """Give the endpoint a new secret; those before it sign beside it for a day.

    Raises: EndpointNotFound.
    Locks: WebhookEndpoint.
    Publishes: WebhookEndpointSecretRotated.
    """
    row = _locked(endpoint)
    row.secrets.filter(expires_at=None).update(expires_at=at + OVERLAP)
    secret = _new_secret(row, at)
    publish(WebhookEndpointSecretRotated(thread=row.public_id, subject=row.public_id, by=by, at=at))
    return NewSecret(row, secret)


@service
def change_and_switch(
    *,
    endpoint: str,
    url: str | None = None,
    types: Collection[str] | None = None,
    description: str | None = None,
    state: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Change what is given of an endpoint, and switch it to `state` if it is not there yet.

    Raises: EndpointNotFound, AddressNotAllowed, UnknownEventType.
    Locks: WebhookEndpoint.
    Publishes: WebhookEndpointChanged, WebhookEndpointEnabled, WebhookEndpointDisabled.
    """
    row = _locked(endpoint)
    if any(each is not None for each in (url, types, description)):
        change_endpoint(
            endpoint=endpoint, url=url, types=types, description=description, by=by, at=at
        )
    if state == EndpointState.ENABLED != row.state:
        enable_endpoint(endpoint=endpoint, by=by, at=at)
    elif state == EndpointState.DISABLED != row.state:
        disable_endpoint(endpoint=endpoint, by=by, at=at)


def _locked(endpoint: str) -> WebhookEndpoint:
    standing = WebhookEndpoint.objects.exclude(state=EndpointState.REMOVED)
    return lock_one(
        standing.filter(public_id=endpoint), missing=EndpointNotFound(endpoint=endpoint)
    )


def _known(types: Collection[str]) -> list[str]:
    if unknown := [each for each in types if each not in PUBLIC_FACTS]:
        raise UnknownEventType(types=unknown, known=list(PUBLIC_FACTS))
    return sorted(set(types))


def _new_secret(endpoint: WebhookEndpoint, at: datetime) -> str:
    secret = signing.new_secret()
    WebhookSecret.objects.create(
        endpoint=endpoint, sealed=seal(secret, purpose=SECRETS), made_at=at
    )
    return signing.shown(secret)


def _give_up_all(endpoint: WebhookEndpoint) -> int:
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    return waiting.update(
        state=DeliveryState.FAILED, settled_at=Now(), last_error="The endpoint was switched off."
    )
