"""Events sent again, because somebody asked for it."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Now

from oms.core import jobs, sql
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.jobs import AT_ONCE
from oms.core.services import service
from oms.messaging.errors import DeliveryNotFound, EndpointIsOff, EndpointNotFound
from oms.messaging.events import WebhookEndpointReplayed
from oms.messaging.models import WebhookDelivery, WebhookEndpoint
from oms.messaging.rules.facts import PING
from oms.messaging.selectors.feed import event_named
from oms.messaging.selectors.webhooks import endpoint_list
from oms.messaging.services.relaying import KIND
from oms.messaging.states import DELIVERY, DeliveryState, EndpointState

MOST = 10_000

AGAIN = """
WITH wanted AS (
    SELECT w.id, p.sequence, p.name, p.thread
      FROM messaging_webhookendpoint w
      JOIN messaging_publishedevent p
        ON (w.channel_id IS NULL OR p.channel_id = w.channel_id)
       AND (w.types = '{}' OR p.name = ANY(w.types))
     WHERE w.id = ANY(%s) AND p.sequence BETWEEN %s AND %s
     ORDER BY p.sequence, w.id LIMIT %s
), again AS (
    INSERT INTO messaging_webhookdelivery AS d
        (endpoint_id, event_id, name, thread, state, attempts, asked_at, due_at, last_error)
    SELECT id, sequence, name, thread, 'waiting', 0, statement_timestamp(),
           statement_timestamp(), '' FROM wanted
        ON CONFLICT (endpoint_id, event_id) DO UPDATE
       SET state = 'waiting', asked_at = statement_timestamp(),
           due_at = statement_timestamp(), settled_at = NULL
     WHERE d.state <> 'waiting'
    RETURNING endpoint_id
)
SELECT (SELECT count(*) FROM wanted), (SELECT max(sequence) FROM wanted),
       ARRAY(SELECT endpoint_id FROM again ORDER BY 1)
"""
LAST = 2**62


@dataclass(frozen=True)
class Replayed:
    """How many deliveries were asked for; `next` is the event to go on from, when not all were."""

    count: int
    next: int | None = None


@service
def replay_event(
    *, event: str, channel: int | None = None, endpoint: str = "", by: Actor, at: datetime
) -> list[WebhookEndpoint]:
    """Send one event again to every endpoint that wants it, or to one; return those.

    It travels under the name it had before, so that receivers can tell. One that is still on
    its way is left alone. `channel` (its key) sees its own events and endpoints only.

    Raises: EventNotFound, EndpointNotFound, EndpointIsOff.
    Locks: nothing.
    Publishes: WebhookEndpointReplayed.
    """
    found = event_named(event, channel=channel)
    rows = endpoint_list()
    if channel is not None:
        rows = rows.filter(channel=channel)
    if endpoint:
        wanted = [_standing(endpoint, channel)]
    else:
        wanted = list(rows.filter(state=EndpointState.ENABLED))
    by_id = {each.pk: each for each in wanted}
    [(_, _, again)] = sql.run(AGAIN, [list(by_id), found.sequence, found.sequence, MOST])
    asked = [by_id[pk] for pk in again]
    for each in asked:
        _tell(each, 1, by, at)
    jobs.ask_for(KIND, due={each.public_id: AT_ONCE for each in asked})
    return asked


@service
def replay_since(
    *, endpoint: str, since: int, channel: int | None = None, by: Actor, at: datetime
) -> Replayed:
    """Send an endpoint the events from `since` on, up to ten thousand: those it missed, too.

    Raises: EndpointNotFound, EndpointIsOff.
    Locks: nothing.
    Publishes: WebhookEndpointReplayed.
    """
    row = _standing(endpoint, channel)
    [(wanted, last, again)] = sql.run(AGAIN, [[row.pk], since, LAST, MOST])
    if again:
        _tell(row, len(again), by, at)
    jobs.ask_for(KIND, due={row.public_id: AT_ONCE})
    return Replayed(len(again), next=last + 1 if wanted == MOST else None)


@service
def replay_failed(*, endpoint: str, by: Actor, at: datetime) -> int:
    """Send an endpoint all that was given up, again; return how many these are.

    Raises: EndpointNotFound, EndpointIsOff.
    Locks: nothing.
    Publishes: WebhookEndpointReplayed.
    """
    row = _standing(endpoint, None)
    failed = WebhookDelivery.objects.filter(endpoint=row, state=DeliveryState.FAILED)
    count = failed.update(
        state=DELIVERY.after("replay", DeliveryState.FAILED),
        asked_at=Now(),
        due_at=Now(),
        settled_at=None,
    )
    if count:
        _tell(row, count, by, at)
    jobs.ask_for(KIND, due={row.public_id: AT_ONCE})
    return count


@service
def replay_delivery(*, endpoint: str, delivery_id: int, by: Actor, at: datetime) -> WebhookDelivery:
    """Send what was delivered or given up again, to the endpoint it was for.

    Raises: EndpointNotFound, EndpointIsOff, DeliveryNotFound, TransitionNotAllowed.
    Locks: nothing.
    Publishes: WebhookEndpointReplayed.
    """
    row = _standing(endpoint, None)
    delivery = WebhookDelivery.objects.filter(endpoint=row, pk=delivery_id).first()
    if delivery is None:
        raise DeliveryNotFound
    state = DELIVERY.after("replay", delivery.state)
    same = WebhookDelivery.objects.filter(pk=delivery_id, state=delivery.state)
    if same.update(state=state, asked_at=Now(), due_at=Now(), settled_at=None):
        _tell(row, 1, by, at)
    jobs.ask_for(KIND, due={row.public_id: AT_ONCE})
    return delivery


@service
def ping(*, endpoint: str, channel: int | None = None, by: Actor, at: datetime) -> WebhookDelivery:
    """Send an endpoint a message that says nothing, to see whether it hears.

    Raises: EndpointNotFound, EndpointIsOff.
    Locks: nothing.
    Publishes: nothing.
    """
    row = _standing(endpoint, channel)
    delivery = WebhookDelivery.objects.create(
        endpoint=row, name=PING, thread=f"ping-{secrets.token_hex(6)}", asked_at=Now(), due_at=Now()
    )
    jobs.ask_for(KIND, due={row.public_id: AT_ONCE})
    return delivery


def _standing(endpoint: str, channel: int | None) -> WebhookEndpoint:
    """Return the endpoint, which must be switched on."""
    rows = endpoint_list().filter(public_id=endpoint)
    if channel is not None:
        rows = rows.filter(channel=channel)
    row = rows.first()
    if row is None:
        raise EndpointNotFound(endpoint=endpoint)
    if row.state != EndpointState.ENABLED:
        raise EndpointIsOff(endpoint=endpoint)
    return row


def _tell(endpoint: WebhookEndpoint, count: int, by: Actor, at: datetime) -> None:
    publish(
        WebhookEndpointReplayed(
            thread=endpoint.public_id, subject=endpoint.public_id, by=by, at=at, count=count
        )
    )
