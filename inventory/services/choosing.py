"""Which bin and lot units are taken from, where nobody said."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from inventory.services.ledger import Place, to_come
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
FROM ({quants}) q
JOIN inventory_stocklevel s ON s.id = q.level_id
LEFT JOIN inventory_lot l ON l.sku_id = s.sku_id AND l.code = q.lot
LEFT JOIN inventory_bin b ON b.location_id = s.location_id AND b.code = q.bin
LEFT JOIN inventory_zone z ON z.id = b.zone_id
ORDER BY is_unsold, l.expires_on NULLS LAST, (z.kind IS NOT NULL AND z.kind <> 'picking'),
         z.position, b.position, q.bin, q.lot, q.id
"""
EVERYTHING = QUANTS.format(
    quants="SELECT * FROM inventory_quant WHERE level_id = ANY(%s::bigint[])"
)
OURS = QUANTS.format(
    quants="""
    SELECT * FROM inventory_quant
    WHERE level_id = ANY((SELECT %s::bigint[])::bigint[]) AND reservation_id IS NULL
    UNION ALL
    SELECT * FROM inventory_quant WHERE reservation_id = ANY((SELECT %s::bigint[])::bigint[])
"""
)

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
        self,
        level_ids: Iterable[int],
        *,
        reservations: Iterable[int] | None = None,
        lowering: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        """`reservations` are those whose picked units are looked at, left out: all there are.
        `lowering` are reservations and units: they are lowered in the same statement."""
        wanted = set(level_ids)
        ours = None if reservations is None else set(reservations)
        self._units: dict[Place, int] = {}
        self._of_whom: dict[tuple[int, str, int | None], list[Place]] = {}
        self._unsold: set[tuple[int, str]] = set()
        for level_id, bin, lot, state, whose, units, is_unsold in _quants(wanted, ours, lowering):
            self._put((level_id, bin, lot, state, whose), units)
            if is_unsold:
                self._unsold.add((level_id, lot))
        for each in to_come():
            if each.level_id in wanted and each.units:
                state, whose = str(each.state), each.reservation_id
                self._put((each.level_id, each.bin, each.lot, state, whose), each.units)

    def _put(self, place: Place, units: int) -> None:
        if place not in self._units:
            level_id, _bin, _lot, state, whose = place
            self._units[place] = 0
            self._of_whom.setdefault((level_id, state, whose), []).append(place)
        self._units[place] += units

    def __iter__(self) -> Iterator[Piece]:
        return (self._piece(place, units) for place, units in self._units.items() if units > 0)

    def _piece(self, place: Place, units: int) -> Piece:
        return Piece(*place, units, is_for_sale=(place[0], place[2]) not in self._unsold)

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
        for place in self._of_whom.get((level_id, state, reservation_id), ()):
            if units <= 0:
                break
            if (bin is not None and place[1] != bin) or (lot is not None and place[2] != lot):
                continue
            part = min(units, self._units[place])
            if part > 0:
                self._units[place] -= part
                units -= part
                taken.append(self._piece(place, part))
        return taken


def _quants(
    level_ids: set[int], ours: set[int] | None, lowering: Sequence[tuple[int, int]] | None
) -> list[tuple[Any, ...]]:
    statement = EVERYTHING if ours is None else OURS
    params: list[object] = [timezone.localdate(), sql.array(sorted(level_ids))]
    if ours is not None:
        params.append(sql.array(sorted(ours)))
    if lowering is None:
        return sql.run(statement, params)
    columns = [sql.array(column) for column in zip(*lowering, strict=True)]
    return sql.run(LOWERING + statement, [*columns, *params])


def place_text(bin: str, lot: str) -> str:
    """Return how a refusal names a bin and a lot."""
    return ", ".join(filter(None, (bin and f"bin {bin}", lot and f"lot {lot}"))) or "no bin"
