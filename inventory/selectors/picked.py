"""Reads: which lots were picked for whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from inventory.models import Quant
from inventory.states import StockState
from oms.core import sql


@dataclass(frozen=True)
class PickedLot:
    """Units in the hands of those who pack; `lot` is empty where nobody knows. `why` says why
    they must not be sold: "blocked", "expired" or nothing."""

    reservation_id: int
    lot: str
    units: int
    why: str


PICKED = """
SELECT q.reservation_id, q.lot, sum(q.quantity)::int,
    CASE WHEN bool_or(l.blocked_at IS NOT NULL) THEN 'blocked'
         WHEN bool_or(l.expires_on < %s) THEN 'expired' ELSE '' END
FROM inventory_quant q
JOIN inventory_stocklevel s ON s.id = q.level_id
LEFT JOIN inventory_lot l ON l.sku_id = s.sku_id AND l.code = q.lot
WHERE q.reservation_id = ANY(%s)
GROUP BY q.reservation_id, q.lot ORDER BY min(q.id)
"""


def picked_lots(reservation_ids: Collection[int], *, on: date) -> list[PickedLot]:
    """Return the lots picked for these reservations, as they stand on a day. One query."""
    rows = sql.run(PICKED, [on, sorted(reservation_ids)])
    return [PickedLot(*row) for row in rows]


def units_free(level_id: int, lot: str) -> int:
    """Return how many units of a lot lie free at a stock level. One query."""
    found = Quant.objects.filter(level=level_id, lot=lot, state=StockState.AVAILABLE)
    return sum(found.values_list("quantity", flat=True))


def is_on_the_books(sku_id: int, lot: str) -> bool:
    """Whether units of this lot lie anywhere. One query."""
    return Quant.objects.filter(level__sku=sku_id, lot=lot).exists()
