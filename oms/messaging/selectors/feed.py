"""Reads: the feed of events, in the order of their numbers."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from oms.messaging.errors import EventNotFound
from oms.messaging.models import PublishedEvent, WebhookDelivery
from oms.messaging.rules.facts import public_data

MOST = 500


def event_id(sequence: int) -> str:
    """Return how others name an event; the same name travels as `webhook-id`."""
    return f"evt_{sequence}"


def sequence_of(event: str) -> int | None:
    digits = event.removeprefix("evt_")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def events_after(
    sequence: int, *, channel: int | None, types: list[str], limit: int
) -> list[PublishedEvent]:
    """Return the events after `sequence`, in order, of one channel or of all. One query.

    Nothing will ever come to stand before an event that was read here.
    """
    rows = PublishedEvent.objects.filter(sequence__gt=sequence)
    if channel is not None:
        rows = rows.filter(channel=channel)
    if types:
        rows = rows.filter(name__in=types)
    return list(rows.select_related("event").order_by("sequence")[:limit])


def event_named(event: str, *, channel: int | None) -> PublishedEvent:
    """Return one event of the feed.

    Raises: EventNotFound.
    """
    rows = PublishedEvent.objects.filter(sequence=sequence_of(event) or 0)
    if channel is not None:
        rows = rows.filter(channel=channel)
    found = rows.first()
    if found is None:
        raise EventNotFound(event=event[:64])
    return found


def represent(event: PublishedEvent) -> dict[str, Any]:
    """Return an event as the feed shows it."""
    record = event.event
    return {
        "id": event_id(event.sequence),
        "sequence": event.sequence,
        "thread_sequence": event.thread_sequence,
        "type": event.name,
        "subject": record.subject,
        "thread": event.thread,
        "at": record.happened_at.isoformat(),
        "data": public_data(thread=event.thread, subject=record.subject, facts=record.payload),
    }


def message_of(delivery: WebhookDelivery) -> str:
    """Return what is sent for a delivery, to be read; nothing of a ping, which says nothing."""
    if delivery.event is None:
        return ""
    event, record = delivery.event, delivery.event.event
    body = message_body(
        sequence=event.sequence,
        thread_sequence=event.thread_sequence,
        name=event.name,
        thread=event.thread,
        subject=record.subject,
        facts=record.payload,
        at=record.happened_at,
    )
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False)


def message_body(
    *,
    sequence: int,
    thread_sequence: int,
    name: str,
    thread: str,
    subject: str,
    facts: Mapping[str, Any],
    at: datetime,
) -> bytes:
    """Return an event as it is sent: the same bytes at every attempt."""
    message = {
        "type": name,
        "timestamp": at.isoformat(),
        "id": event_id(sequence),
        "sequence": sequence,
        "thread_sequence": thread_sequence,
        "data": public_data(thread=thread, subject=subject, facts=facts),
    }
    return json.dumps(
        message, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder
    ).encode()
