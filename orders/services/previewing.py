"""What something would do to an order: it is done for real, looked at, and undone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from inventory.models import Movement
from oms.core.actors import Actor
from oms.core.models import EventRecord, Job
from oms.core.money import ZERO
from oms.core.numbers import part_number
from oms.core.rehearsal import rehearsal
from orders.errors import OrderNotFound
from orders.models import Order, OrderLine, Refund
from orders.rules.effects import Effects, PutBack, StockEffect, WorkEffect
from orders.services.cancelling import cancel_order
from orders.states import RefundStatus


def rehearse(*, number: str, act: Callable[[], object]) -> Effects:
    """Return what `act` does to an order, with all that follows from it; nothing of it stays.

    Raises: OrderNotFound, and what `act` raises.
    Locks: what `act` locks.
    Publishes: nothing.
    """
    with rehearsal() as mark:
        before = _figures(number)
        act()
        after = _figures(number)
        story = _story(number, mark)
        return Effects(
            currency=after.order.currency,
            status=after.order.status,
            total_before=before.order.total_amount,
            total_after=after.order.total_amount,
            due_before=before.order.due_amount,
            due_after=after.order.due_amount,
            tax_before=before.tax,
            tax_after=after.tax,
            refunded=after.given - before.given,
            owed=max(ZERO, after.order.due_amount - after.order.captured_amount + after.given),
            cancelled=after.cancelled - before.cancelled,
            backordered={
                sku: units - before.backordered.get(sku, 0)
                for sku, units in after.backordered.items()
                if units > before.backordered.get(sku, 0)
            },
            stock=_stock(number, mark),
            work=tuple(each for fact in story for each in _work(fact)),
            put_back=tuple(each for fact in story for each in _put_back(fact)),
            facts=tuple(dict.fromkeys(fact.name for fact in story)),
            letters=_letters(number, mark),
        )


def preview_cancellation(
    *, number: str, by: Actor, units: Mapping[int, int] | None = None, at: datetime | None = None
) -> Effects:
    """Return what cancelling would do.

    Raises: what cancelling raises.
    Locks: Order, FulfillmentOrder, Payment, NumberSeries, StockLevel.
    Publishes: nothing.
    """
    return rehearse(
        number=number,
        act=lambda: cancel_order(number=number, reason="", by=by, units=units, at=at),
    )


@dataclass(frozen=True)
class _Figures:
    order: Order
    tax: Decimal
    cancelled: int
    backordered: dict[str, int]
    given: Decimal
    """Refunds granted for the order itself, not for a return."""


def _figures(number: str) -> _Figures:
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise OrderNotFound(number=number)
    lines = list(OrderLine.objects.filter(order=order))
    backordered: dict[str, int] = {}
    for line in lines:
        backordered[line.sku_code] = backordered.get(line.sku_code, 0) + line.backordered
    refunds = Refund.objects.filter(order=order, reference=number)
    given = refunds.exclude(status=RefundStatus.REJECTED).aggregate(sum=Sum("amount"))["sum"]
    return _Figures(
        order=order,
        tax=sum((line.tax_amount for line in lines), order.shipping_tax_amount),
        cancelled=sum(line.cancelled for line in lines),
        backordered=backordered,
        given=given or ZERO,
    )


def _story(number: str, mark: int) -> list[EventRecord]:
    return list(EventRecord.objects.filter(thread=number, id__gt=mark).order_by("id"))


def _letters(number: str, mark: int) -> tuple[str, ...]:
    """The letters that would go, by name."""
    asked = Job.objects.filter(kind="mail", id__gt=mark, payload__arguments__order=number)
    named = asked.order_by("id").values_list("payload__letter", flat=True)
    return tuple(str(path).rpartition(".")[2] for path in named)


def _stock(number: str, mark: int) -> tuple[StockEffect, ...]:
    """What movements of this order's own leave reserved or free, by place and SKU."""
    skus = OrderLine.objects.filter(order__number=number).values("sku_id")
    rows = (
        Movement.objects.filter(level__sku__in=skus, id__gt=mark)
        .order_by("id")
        .values_list("level__location__code", "level__sku__code", "reserved_delta", "reference")
    )
    ours = part_number("FO", number, 0)[:-1]
    sums: dict[tuple[str, str], int] = {}
    for location, sku, units, reference in rows:
        if reference == number or reference.startswith(ours):
            sums[location, sku] = sums.get((location, sku), 0) + units
    return tuple(StockEffect(*where, units) for where, units in sums.items() if units)


def _work(fact: EventRecord) -> list[WorkEffect]:
    """What a fact of the floor above says of work; it is read by name."""
    told: dict[str, Any] = fact.payload
    if fact.name == "order.routed":
        return [
            WorkEffect(each["number"], each["location"], "new", each["units"])
            for each in told["fulfillment_orders"]
        ]
    if fact.name == "fulfillment_order.reduced":
        change = "reduced" if told["left"] else "ended"
        units = sum(told["units"].values())
        return [WorkEffect(fact.subject, told["location"], change, units)]
    if fact.name == "fulfillment_order.redirected":
        return [WorkEffect(fact.subject, told["location"], told["how"], told["units"])]
    return []


def _put_back(fact: EventRecord) -> list[PutBack]:
    if fact.name != "fulfillment_order.reduced":
        return []
    return [PutBack(fact.payload["location"], **each) for each in fact.payload["put_back"]]
