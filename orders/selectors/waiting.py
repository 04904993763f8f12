"""Who waits for stock: how much of what, and since when."""

from collections.abc import Sequence

from inventory.selectors import Waiting
from oms.core import sql
from orders.states import OrderStatus

WAITING = """
SELECT l.sku_id, sum(l.backordered)::int, count(DISTINCT l.order_id), min(o.placed_at)
FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
WHERE l.backordered > 0 AND o.status = %s
  AND (%s::bigint[] IS NULL OR l.sku_id = ANY(%s::bigint[]))
GROUP BY l.sku_id
"""


def units_waiting(sku_ids: Sequence[int] | None = None) -> dict[int, Waiting]:
    """Return the backordered units of these SKUs (None: of all) by SKU. One query."""
    ids = None if sku_ids is None else list(sku_ids)
    rows = sql.run(WAITING, [str(OrderStatus.OPEN), ids, ids])
    return {row[0]: Waiting(*row[1:]) for row in rows}
