"""Who waits for stock: how much of what, in which order, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from inventory.selectors import Waiting, arriving
from oms.core import sql
from orders.models import Order, OrderLine
from orders.states import OrderStatus

WAITING = """
SELECT l.sku_id, sum(l.backordered)::int, count(DISTINCT l.order_id), min(o.placed_at)
FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
WHERE l.backordered > 0 AND o.status = %s
  AND (%s::bigint[] IS NULL OR l.sku_id = ANY(%s::bigint[]))
GROUP BY l.sku_id
"""

AHEAD = """
SELECT id, before FROM (
    SELECT l.id, l.order_id,
           (sum(l.backordered) OVER (PARTITION BY l.sku_id ORDER BY o.placed_at, o.id, l.id)
               - l.backordered)::int AS before
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
    WHERE l.backordered > 0 AND l.sku_id = ANY(%s) AND (o.status = %s OR o.id = %s)
) waiting
WHERE order_id = %s
"""


def units_waiting(sku_ids: Sequence[int] | None = None) -> dict[int, Waiting]:
    """Return the backordered units of these SKUs (None: of all) by SKU. One query."""
    ids = None if sku_ids is None else list(sku_ids)
    rows = sql.run(WAITING, [str(OrderStatus.OPEN), ids, ids])
    return {row[0]: Waiting(*row[1:]) for row in rows}


@dataclass(frozen=True)
class Expected:
    """Units of a line that wait for stock, and the day it is expected; None: not known yet."""

    line: OrderLine
    units: int
    expected_on: date | None


def expected_of(order: Order, lines: Sequence[OrderLine]) -> list[Expected]:
    """Return when the waiting units of these lines of an order can be expected.

    The oldest order is served first, as `fill_backorders` does it: what is coming is given to
    those ahead before it is given to this one. Five queries; none when nothing waits.
    """
    waiting = [line for line in lines if line.backordered]
    if not waiting:
        return []
    sku_ids = sorted({line.sku_id for line in waiting})
    before = dict(sql.run(AHEAD, [sku_ids, str(OrderStatus.OPEN), order.pk, order.pk]))
    coming = arriving(sku_ids, today=timezone.localdate())
    found: list[Expected] = []
    for line in waiting:
        ahead, wanted = before.get(line.pk, 0), line.backordered
        days: dict[date | None, int] = {}
        for each in coming.get(line.sku_id, []):
            skipped = min(ahead, each.units)
            ahead -= skipped
            if taken := min(wanted, each.units - skipped):
                days[each.expected_on] = days.get(each.expected_on, 0) + taken
                wanted -= taken
        if wanted:
            days[None] = days.get(None, 0) + wanted
        found += [Expected(line, units, on) for on, units in days.items()]
    return found
