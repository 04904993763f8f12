"""Which bin and lot units are taken from, where nobody said."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from inventory.services.ledger import to_come
from inventory.states import StockState
from oms.core import sql


@dataclass(frozen=True)
class Piece:
    """Units of one quant; those of a lot that is blocked or expired are not for sale."""

    level_id: int
    bin: str
    lot: str
    state: str
    reservation_id: int | None
    units: int
    is_for_sale: bool = True


QUANTS = """
SELECT q.level_id, q.bin, q.lot, q.state, q.reservation_id, q.quantity,
       coalesce(l.blocked_at IS NOT NULL OR l.expires_on < %s, false) AS is_unsold
FROM inventory_quant q
JOIN inventory_stocklevel s ON s.id = q.level_id
LEFT JOIN inventory_lot l ON l.sku_id = s.sku_id AND l.code = q.lot
LEFT JOIN inventory_bin b ON b.location_id = s.location_id AND b.code = q.bin
LEFT JOIN inventory_zone z ON z.id = b.zone_id
WHERE q.level_id = ANY(%s)
ORDER BY is_unsold, l.expires_on NULLS LAST, (z.kind IS NOT NULL AND z.kind <> 'picking'),
         z.position, b.position, q.bin, q.lot, q.id
"""


LOWERING = """
WITH lowered AS (
    UPDATE inventory_reservation r SET quantity = r.quantity - p.units
    FROM (SELECT id, sum(units)::int AS units
          FROM unnest(%s::bigint[], %s::int[]) AS t(id, units) GROUP BY id) p
    WHERE r.id = p.id
)
"""


class Shelves:
    """What lies on some stock levels, in the order in which it should be taken: the lot that
    expires first, then as the walk goes, and last what is not to be sold. What the open batch has
    in mind is counted.

    Read without a lock: what is chosen here is proven when it is taken (`ledger.settle`).
    """

    def __init__(
        self, level_ids: Iterable[int], lowering: Sequence[tuple[int, int]] | None = None
    ) -> None:
        """`lowering` are reservations and units: they are lowered in the same statement."""
        wanted = set(level_ids)
        params: list[object] = [timezone.localdate(), sorted(wanted)]
        if lowering is None:
            rows = sql.run(QUANTS, params)
        else:
            columns = [list(column) for column in zip(*lowering, strict=True)]
            rows = sql.run(LOWERING + QUANTS, [*columns, *params])
        self._units: dict[tuple[int, str, str, str, int | None], int] = {
            (level_id, bin, lot, state, reservation_id): quantity
            for level_id, bin, lot, state, reservation_id, quantity, _ in rows
        }
        self._unsold = {(row[0], row[2]) for row in rows if row[-1]}
        for each in to_come():
            if each.level_id in wanted and each.units:
                key = (each.level_id, each.bin, each.lot, str(each.state), each.reservation_id)
                self._units[key] = self._units.get(key, 0) + each.units

    def __iter__(self) -> Iterator[Piece]:
        return (
            Piece(*place, units, is_for_sale=(place[0], place[2]) not in self._unsold)
            for place, units in self._units.items()
            if units > 0
        )

    def picked_for(self, reservation_id: int) -> int:
        """How many units are picked for a reservation."""
        return sum(each.units for each in self if each.reservation_id == reservation_id)

    def take(
        self,
        level_id: int,
        units: int,
        *,
        bin: str | None = None,
        lot: str | None = None,
        state: str = StockState.AVAILABLE,
        reservation_id: int | None = None,
    ) -> list[Piece]:
        """Take up to so many units away; return them. No `bin` or `lot`: any."""
        taken: list[Piece] = []
        for each in list(self):
            if not units:
                break
            if (
                (each.level_id, each.state, each.reservation_id)
                != (level_id, state, reservation_id)
                or (bin is not None and each.bin != bin)
                or (lot is not None and each.lot != lot)
            ):
                continue
            part = min(units, each.units)
            place = (each.level_id, each.bin, each.lot, each.state, each.reservation_id)
            self._units[place] -= part
            units -= part
            taken.append(replace(each, units=part))
        return taken


def place_text(bin: str, lot: str) -> str:
    """Return how a refusal names a bin and a lot."""
    return ", ".join(filter(None, (bin and f"bin {bin}", lot and f"lot {lot}"))) or "no bin"
