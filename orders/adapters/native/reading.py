"""Our own documents, put into parts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from oms.core.api.fields import MomentField, TextField
from oms.core.api.problems import leaves
from orders.adapters.messages import Unreadable
from orders.adapters.native.quick import order_from
from orders.adapters.parts import (
    Cancellation,
    Head,
    Item,
    Items,
    Part,
    Payment,
    PaymentState,
    Place,
    Reading,
    Report,
)
from orders.rules.wanted import NewLine, NewOrder, NewPayment

ORDER_TYPES = ("order.placed", "order.changed")
CANCELLED = "order.cancelled"
MOST_WORDS = 3


class EventIn(serializers.Serializer):  # type: ignore[type-arg]
    """What Standard Webhooks puts around a payload; what else it carries is left."""

    type = TextField(max_length=100)
    timestamp = MomentField()


class CancelledIn(serializers.Serializer):  # type: ignore[type-arg]
    external_id = TextField(max_length=100)
    reason = TextField(max_length=500, required=False, allow_blank=True)


_event, _cancelled = EventIn(), CancelledIn()


def read_document(said: dict[str, Any]) -> Reading:
    """Read an order as it stands, or an event: a type, a time, and the order as data.

    Raises: Unreadable.
    """
    try:
        if not isinstance(said.get("data"), dict):
            return Reading(reports=(report_of(order_from(said)),))
        event = _event.run_validation(said)
        kind, as_of = event["type"], event["timestamp"]
        if kind in ORDER_TYPES:
            return Reading(reports=(report_of(order_from(said["data"]), as_of),))
        if kind == CANCELLED:
            return Reading(reports=(_cancellation(said["data"], as_of),))
    except ValidationError as error:
        raise Unreadable(_words(error)) from error
    return Reading(ignored=f"Nothing is done about messages of the type {kind}.")


def report_of(wanted: NewOrder, as_of: datetime | None = None) -> Report:
    """Return an order of ours as parts."""
    parts: dict[str, Part] = {
        "head": Head(
            placed_at=wanted.placed_at,
            currency=wanted.currency,
            customer=wanted.customer,
            shipping_amount=wanted.shipping_amount,
            shipping_tax=wanted.shipping_tax,
            discount=wanted.discount,
            service=wanted.service,
            pickup_location=str(wanted.metadata.get("pickup_location", "")),
            deliver_by=wanted.deliver_by,
            notes=wanted.notes,
            tags=wanted.tags,
            cart=wanted.cart,
            metadata=wanted.metadata,
        ),
        "items": Items(tuple(_items(wanted))),
        "address": Place(wanted.ship_to),
        **dict(_places(wanted)),
        **dict(_payments(wanted.payments, wanted.currency)),
    }
    if wanted.bill_to:
        parts["billing"] = Place(wanted.bill_to)
    return Report(order=wanted.external_id, parts=parts, as_of=as_of)


def _items(wanted: NewOrder) -> Iterator[Item]:
    named = [line.external_id for line in wanted.lines]
    for position, line in enumerate(wanted.lines, 1):
        is_named = line.external_id and named.count(line.external_id) == 1
        yield Item(
            key=line.external_id if is_named else f"#{position}",
            quantity=line.quantity,
            unit_price=line.unit_price,
            sku=line.sku,
            discount=line.discount,
            tax=line.tax,
            ship_to=_place_key(line, position),
        )


def _place_key(line: NewLine, position: int) -> str:
    return f"address:{position}" if line.ship_to else ""


def _places(wanted: NewOrder) -> Iterator[tuple[str, Part]]:
    for position, line in enumerate(wanted.lines, 1):
        if line.ship_to:
            yield _place_key(line, position), Place(line.ship_to)


def _payments(payments: tuple[NewPayment, ...], currency: str) -> Iterator[tuple[str, Part]]:
    named = [payment.reference for payment in payments]
    for position, payment in enumerate(payments, 1):
        is_named = payment.reference and named.count(payment.reference) == 1
        key = payment.reference if is_named else f"#{position}"
        yield (
            f"payment:{key}",
            Payment(
                state=PaymentState(payment.status),
                amount=payment.amount,
                currency=currency,
                method=payment.method,
                reference=payment.reference,
            ),
        )


def _cancellation(said: dict[str, Any], as_of: datetime) -> Report:
    told = _cancelled.run_validation(said)
    cancellation = Cancellation(reason=told.get("reason", ""), at=as_of)
    return Report(order=told["external_id"], parts={"cancellation": cancellation}, as_of=as_of)


def _words(error: ValidationError) -> str:
    """What is wrong with it, in words for staff."""
    found = list(leaves(error.detail))
    told = [f"{each['pointer'] or 'The order'}: {each['detail']}" for each in found[:MOST_WORDS]]
    more = len(found) - len(told)
    return " ".join(told) + (f" And {more} more." if more else "")
