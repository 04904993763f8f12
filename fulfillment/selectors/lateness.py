"""Reads: work and orders that will miss the day that was promised, before they have."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from fulfillment.models import PromisedDate
from fulfillment.selectors.waiting import expected_by, outlook
from orders.models import OrderLine
from orders.states import OrderStatus

AHEAD = timedelta(hours=24)
MOST_ORDERS = 50


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


def waits_too_long(*, at: datetime) -> Sequence[TooLate]:
    """Return the orders whose waiting units come too late, the one that is due first on top. Four
    queries; one when nothing waits."""
    lines = list(
        OrderLine.objects.filter(
            backordered__gt=0,
            order__status=OrderStatus.OPEN,
            order__deliver_by__isnull=False,
        )
        .select_related("order")
        .order_by("order__deliver_by", "order_id")[:MOST_ORDERS]
    )
    if not lines:
        return []
    told = outlook({line.stock_id for line in lines}, at=at, of_days_alone=True).told
    by_order: dict[int, list[OrderLine]] = defaultdict(list)
    for line in lines:
        by_order[line.order_id].append(line)
    found = []
    for rows in by_order.values():
        order = rows[0].order
        days = [
            each.expected_on for line in rows for each in expected_by(line, told.get(line.pk, ()))
        ]
        known = [day for day in days if day is not None]
        last = None if len(known) < len(days) else max(known)
        due = timezone.localdate(order.deliver_by) if order.deliver_by else None
        if due and (last is None or last > due):
            units = sum(line.backordered for line in rows)
            found.append(TooLate(order.number, units, due, last))
    return found
