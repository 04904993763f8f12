"""Reads: work and orders that will miss the day that was promised, before they have."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from fulfillment.models import PromisedDate
from fulfillment.selectors.waiting import expected_by, outlook
from orders.models import Order, OrderLine
from orders.states import OrderStatus

AHEAD = timedelta(hours=24)


def at_risk(location_ids: Collection[int] | None, *, at: datetime) -> QuerySet[PromisedDate]:
    """Return the promises of work that has not left and has to within a day, or had to. One
    query, by an index of open promises alone."""
    rows = PromisedDate.objects.filter(is_open=True, leave_by__lt=at + AHEAD)
    if location_ids is not None:
        rows = rows.filter(fulfillment_order__location__in=location_ids)
    return rows.select_related("order", "fulfillment_order__location")


@dataclass(frozen=True)
class TooLate:
    """An order that waits for units that come after the day it was promised; no `expected_on`:
    nobody knows a day."""

    order: str
    units: int
    promised_on: date
    expected_on: date | None


def orders_that_wait() -> QuerySet[Order]:
    """Return the open orders with units that wait and a day that was promised."""
    waiting = OrderLine.objects.filter(order=OuterRef("pk"), backordered__gt=0)
    promised = Order.objects.filter(status=OrderStatus.OPEN, deliver_by__isnull=False)
    return promised.filter(Exists(waiting))


def waits_too_long(orders: Iterable[Order], *, at: datetime) -> Sequence[TooLate]:
    """Return those of these orders whose waiting units come too late, in their order. Three
    queries; one when nothing waits."""
    known_orders = {order.pk: order for order in orders}
    lines = list(OrderLine.objects.filter(order__in=known_orders, backordered__gt=0).order_by("pk"))
    if not lines:
        return []
    told = outlook({line.stock_id for line in lines}, at=at, of_days_alone=True).told
    by_order: dict[int, list[OrderLine]] = defaultdict(list)
    for line in lines:
        by_order[line.order_id].append(line)
    found = []
    for order in known_orders.values():
        rows = by_order[order.pk]
        days = [
            each.expected_on for line in rows for each in expected_by(line, told.get(line.pk, ()))
        ]
        known = [day for day in days if day is not None]
        last = None if len(known) < len(days) else max(known)
        due = timezone.localdate(order.deliver_by) if order.deliver_by else None
        if rows and due and (last is None or last > due):
            units = sum(line.backordered for line in rows)
            found.append(TooLate(order.number, units, due, last))
    return found
