"""Numbers about what comes back, for alerts and reports.

Units count as returned when they were received, and belong to the order they were sold with: the
rate is returned of sold, for orders placed in a window (`orders.reports.sold_by_sku`). A credit
for units that no order of ours sold is no return.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms.core import sql
from orders.reports import SkuSales, sold_by_sku

REASONS = """
SELECT s.code, r.reason, sum(r.received)::int AS units
FROM returns_returnline r
JOIN orders_orderline l ON l.id = r.order_line_id
JOIN catalog_sku s ON s.id = l.sku_id
WHERE r.received > 0 AND s.code = ANY(%s)
GROUP BY 1, 2
ORDER BY 1, 3 DESC, 2
"""


@dataclass(frozen=True)
class ReturnRates:
    """SKUs whose units come back often, and the rate over all that was sold."""

    rows: list[SkuSales]
    overall: Decimal


def return_rates(
    *,
    until: datetime,
    since: datetime | None = None,
    least_sold: int = 1,
    above: Decimal = Decimal(0),
) -> ReturnRates:
    """Return SKUs of which `least_sold` units were sold and more than `above` (0.1 is a tenth)
    came back, the highest rate first. One query."""
    everything = sold_by_sku(until=until, since=since)
    sold = sum(row.sold for row in everything)
    returned = sum(row.returned for row in everything)
    rows = [row for row in everything if row.sold >= least_sold and row.return_rate > above]
    overall = Decimal(returned) / sold if sold else Decimal(0)
    return ReturnRates(sorted(rows, key=_by_rate), overall)


def _by_rate(row: SkuSales) -> tuple[Decimal, str]:
    return -row.return_rate, row.sku


def reasons_by_sku(skus: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Return why units of these SKUs came back, the most frequent reason first. One query."""
    found: dict[str, list[tuple[str, int]]] = {}
    for sku, reason, units in sql.run(REASONS, [sorted(set(skus))]):
        found.setdefault(sku, []).append((reason, units))
    return found
