"""Reads: work that waits for the day on which its SKUs come out."""

from datetime import date, datetime

from fulfillment.models import FulfillmentOrderLine, WaitingLimit
from fulfillment.states import FulfillmentOrderStatus
from inventory.selectors import release_dates
from oms.core import sql
from orders.models import Order, OrderLine
from orders.states import OrderStatus

# Work is due when everything in it is out, by the clock of the place where it lies.
DUE = """
SELECT f.number
FROM fulfillment_fulfillmentorder f
JOIN inventory_location p ON p.id = f.location_id
JOIN orders_order o ON o.id = f.order_id
WHERE f.status = 'scheduled' AND NOT EXISTS (
    SELECT 1 FROM fulfillment_fulfillmentorderline x JOIN catalog_sku s ON s.id = x.sku_id
    WHERE x.fulfillment_order_id = f.id AND x.quantity > 0
      AND s.release_on > (%s::timestamptz AT TIME ZONE p.time_zone)::date
) AND (%s = '' OR f.number = %s)
ORDER BY o.priority DESC, o.placed_at, o.id, f.id LIMIT %s
"""


def due_work(*, at: datetime, most: int, number: str = "") -> list[str]:
    """Return the numbers of work that may begin, in the order in which it was waited for."""
    return [found for (found,) in sql.run(DUE, [at, number, number, most])]


def waiting_too_long(*, at: datetime, most: int) -> list[str]:
    """Return the numbers of orders that have waited as long as rules let them, the longest first.
    One query."""
    limits = WaitingLimit.objects.filter(ends_at__lte=at).order_by("ends_at", "id")
    return list(limits.values_list("order__number", flat=True)[:most])


def orders_not_out(sku_id: int) -> list[str]:
    """Return the numbers of open orders that wait for the day of a SKU: units of it are reserved
    in work that has not begun for it, or wait for stock. The oldest first; two queries."""
    scheduled = FulfillmentOrderLine.objects.filter(
        sku=sku_id, quantity__gt=0, fulfillment_order__status=FulfillmentOrderStatus.SCHEDULED
    )
    waiting = OrderLine.objects.filter(sku=sku_id, backordered__gt=0)
    ids = {*scheduled.values_list("fulfillment_order__order_id", flat=True)}
    ids |= {*waiting.values_list("order_id", flat=True)}
    found = Order.objects.filter(pk__in=ids, status=OrderStatus.OPEN)
    return list(found.order_by("placed_at", "id").values_list("number", flat=True))


def opens_on(lines: list[FulfillmentOrderLine]) -> date | None:
    """Return the day on which all of these lines are out, if it is still to come."""
    days = [release_dates().get(line.sku_id) for line in lines if line.quantity]
    return max((day for day in days if day), default=None)
