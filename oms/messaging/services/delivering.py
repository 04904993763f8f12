"""Deliveries: taken in hand before they are tried, and what became of each try."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from oms.core import sql
from oms.core.actors import SYSTEM
from oms.core.locking import lock_one
from oms.core.services import service
from oms.messaging.errors import EndpointNotFound
from oms.messaging.models import WebhookDelivery, WebhookEndpoint
from oms.messaging.rules import retrying
from oms.messaging.rules.facts import PING
from oms.messaging.rules.retrying import Judgement, Verdict
from oms.messaging.selectors.feed import event_id, message_body
from oms.messaging.selectors.webhooks import IS_FIRST, secrets_of
from oms.messaging.services.endpoints import disable_endpoint
from oms.messaging.services.notifying import notify
from oms.messaging.states import DELIVERY, DeliveryState, EndpointState, NoticeLevel

IN_HAND = timedelta(seconds=60)
"""How long a delivery belongs to the worker that took it, if it is not heard of again."""

TAKE = f"""
WITH due AS (
    SELECT d.id FROM messaging_webhookdelivery d
     WHERE d.endpoint_id = %s AND d.state = 'waiting' AND d.due_at <= statement_timestamp()
       AND {IS_FIRST}
     ORDER BY d.due_at, d.id LIMIT %s
       FOR UPDATE OF d SKIP LOCKED
), taken AS (
    UPDATE messaging_webhookdelivery d
       SET attempts = attempts + 1, due_at = statement_timestamp() + %s
      FROM due WHERE d.id = due.id
    RETURNING d.id, d.attempts, d.event_id
), noted AS (
    INSERT INTO messaging_webhookattempt (delivery_id, number, at, error)
    SELECT id, attempts, statement_timestamp(), '' FROM taken
)
SELECT t.id, t.attempts, p.sequence, p.thread_sequence, e.name, e.thread, e.subject,
       e.payload::text, e.happened_at
  FROM taken t
  LEFT JOIN messaging_publishedevent p ON p.sequence = t.event_id
  LEFT JOIN core_eventrecord e ON e.id = p.event_id
 ORDER BY t.id
"""  # noqa: S608 (our own text)


NOTE = """
WITH tried AS (
    SELECT * FROM json_to_recordset(%s::json) AS t (delivery_id bigint, number integer,
        status smallint, ms integer, error text, arrived boolean)
), noted AS (
    UPDATE messaging_webhookattempt a
       SET status = t.status, ms = t.ms, error = t.error
      FROM tried t WHERE a.delivery_id = t.delivery_id AND a.number = t.number
)
UPDATE messaging_webhookdelivery d
   SET state = 'delivered', settled_at = statement_timestamp(),
       last_status = t.status, last_ms = t.ms, last_error = ''
  FROM tried t
 WHERE d.id = t.delivery_id AND d.attempts = t.number AND d.state = 'waiting' AND t.arrived
"""
LONGEST = 300
HEALTH_FIELDS = ["failures", "paused_until", "last_success_at", "last_failure_at", "last_failure"]


@dataclass(frozen=True)
class Parcel:
    """One try of a delivery: what is sent, where, and what proves it."""

    delivery_id: int
    number: int
    url: str
    message_id: str
    body: bytes
    secrets: Sequence[bytes]


@dataclass(frozen=True)
class Answer:
    """How a try went; `status` is None where nobody answered."""

    judgement: Judgement
    status: int | None = None
    ms: int | None = None


@dataclass(frozen=True)
class Tried:
    """A try that was made."""

    delivery_id: int
    number: int
    answer: Answer


@service
def take_due(*, endpoint: str, limit: int, at: datetime) -> list[Parcel]:
    """Take up to `limit` deliveries in hand, each the first of its story that still waits.

    The attempt is committed before it is made. After many failures in a row only one delivery
    tries whether the endpoint is back, and nothing else until it is known.

    Raises: EndpointNotFound, SealBroken.
    Locks: WebhookEndpoint.
    Publishes: nothing.
    """
    row = _locked(endpoint)
    if row.state != EndpointState.ENABLED or (row.paused_until and row.paused_until > at):
        return []
    is_probe = retrying.is_paused_after(row.failures)
    found = sql.run(TAKE, [row.pk, 1 if is_probe else limit, IN_HAND])
    if is_probe and found:
        row.paused_until = at + IN_HAND
        row.save(update_fields=["paused_until"])
    secrets = secrets_of(row, at=at) if found else []
    return [
        Parcel(pk, number, row.url, *_message(pk, row, *event), secrets)
        for pk, number, *event in found
    ]


def _message(
    pk: int,
    endpoint: WebhookEndpoint,
    sequence: int | None,
    thread_sequence: int,
    name: str,
    thread: str,
    subject: str,
    facts: str,
    happened_at: datetime,
) -> tuple[str, bytes]:
    if sequence is None:
        ping = {"type": PING, "data": {"endpoint": endpoint.public_id}}
        return f"ping_{pk}", json.dumps(ping, separators=(",", ":")).encode()
    body = message_body(
        sequence=sequence,
        thread_sequence=thread_sequence,
        name=name,
        thread=thread,
        subject=subject,
        facts=json.loads(facts),
        at=happened_at,
    )
    return event_id(sequence), body


@service
def record_attempts(*, endpoint: str, tried: Sequence[Tried], at: datetime) -> None:
    """Put down how tries went, and what they say of the endpoint. What was delivered costs two
    statements however many there are.

    A delivery that was taken again meanwhile, or is settled, stays as it is.

    Raises: EndpointNotFound.
    Locks: WebhookEndpoint.
    Publishes: WebhookEndpointDisabled.
    """
    row = _locked(endpoint)
    answers = {(each.delivery_id, each.number): each.answer for each in tried}
    sql.run(NOTE, [json.dumps([_noted(each) for each in tried])])
    lost = False
    for each in WebhookDelivery.objects.filter(
        endpoint=row, state=DeliveryState.WAITING, pk__in=[pk for pk, _number in answers]
    ):
        answer = answers.get((each.pk, each.attempts))
        if answer and answer.judgement.verdict is not Verdict.DELIVERED:
            each.last_status, each.last_ms = answer.status, answer.ms
            each.last_error = answer.judgement.error[:LONGEST]
            _put_back(each, answer.judgement, at)
            each.save()
            lost |= each.state == DeliveryState.FAILED
    _note_health(row, [each.answer.judgement for each in tried], at)
    gone = [each for each in answers.values() if each.judgement.verdict is Verdict.GONE]
    if gone and row.state == EndpointState.ENABLED:
        _switch_off(row, gone[0].judgement.error, at)
    elif lost:
        _tell_of_loss(row, at)


def _noted(tried: Tried) -> dict[str, Any]:
    answer = tried.answer
    return {
        "delivery_id": tried.delivery_id,
        "number": tried.number,
        "status": answer.status,
        "ms": answer.ms,
        "error": answer.judgement.error[:LONGEST],
        "arrived": answer.judgement.verdict is Verdict.DELIVERED,
    }


def _put_back(delivery: WebhookDelivery, judged: Judgement, at: datetime) -> None:
    """Have a delivery that did not arrive tried again, or give it up."""
    spread = random.uniform(0.8, 1.2)  # noqa: S311 (nobody gains by guessing it)
    due = retrying.next_try(asked_at=delivery.asked_at, at=at, spread=spread)
    if due is None or judged.verdict is Verdict.GONE:
        delivery.state = DELIVERY.after("give up", delivery.state)
        delivery.settled_at = at
    else:
        delivery.due_at = max(due, at + judged.wait)


def _note_health(endpoint: WebhookEndpoint, judged: Sequence[Judgement], at: datetime) -> None:
    """Count failures in a row; leave an endpoint in peace that is down, or asks for it."""
    was_down = retrying.is_paused_after(endpoint.failures)
    for each in judged:
        if each.verdict is Verdict.DELIVERED:
            endpoint.failures, endpoint.paused_until, endpoint.last_success_at = 0, None, at
        elif each.verdict is Verdict.BUSY:
            endpoint.paused_until = at + each.wait
        else:
            endpoint.failures += 1
            endpoint.last_failure_at, endpoint.last_failure = at, each.error[:LONGEST]
            if retrying.is_paused_after(endpoint.failures):
                endpoint.paused_until = at + retrying.pause(endpoint.failures)
    endpoint.save(update_fields=HEALTH_FIELDS)
    if was_down and not endpoint.failures:
        waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
        waiting.filter(due_at__gt=at + IN_HAND).update(due_at=Now())


def _switch_off(endpoint: WebhookEndpoint, reason: str, at: datetime) -> None:
    """The other system wants no more: call it no more, and tell those who can ask why."""
    name = endpoint.public_id
    disable_endpoint(endpoint=name, reason=reason, by=SYSTEM, at=at)
    notify(
        key=f"webhook-gone:{name}:{at:%Y%m%d%H%M}",
        subject=_("Webhook endpoint {id} wants no more").format(id=name),
        text=_("{url} answered 410, so it is switched off.").format(url=endpoint.url),
        url=reverse("webhooks:detail", args=[name]),
        permission="messaging.change_webhookendpoint",
        level=NoticeLevel.ATTENTION,
        at=at,
    )


def _tell_of_loss(endpoint: WebhookEndpoint, at: datetime) -> None:
    """Tell colleagues, once a day, that events were given up."""
    notify(
        key=f"webhook-given-up:{endpoint.public_id}:{at:%Y%m%d}",
        subject=_("Events were given up for {id}").format(id=endpoint.public_id),
        text=_("{url} did not take them for three days. Replay them when it is back.").format(
            url=endpoint.url
        ),
        url=f"{reverse('webhooks:detail', args=[endpoint.public_id])}?state=failed",
        permission="messaging.change_webhookendpoint",
        level=NoticeLevel.URGENT,
        at=at,
    )


def _locked(endpoint: str) -> WebhookEndpoint:
    rows = WebhookEndpoint.objects.filter(public_id=endpoint)
    return lock_one(rows, missing=EndpointNotFound(endpoint=endpoint))
