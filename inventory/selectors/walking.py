"""Reads: where units can be taken from, in the order in which they should be."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from inventory.models import Bin
from inventory.states import StockState
from oms.core import sql


@dataclass(frozen=True)
class Place:
    """Units of one level that are for sale, in one bin and of one lot.

    `turn` is that of the zone in the walk, then that of the bin; None where nobody gave one.
    """

    level_id: int
    bin: str
    lot: str
    units: int
    zone: str
    turn: tuple[int, int] | None


PLACES = """
SELECT q.level_id, q.bin, q.lot, q.quantity, coalesce(z.code, ''),
       z.position, b.position
FROM inventory_quant q
JOIN inventory_stocklevel s ON s.id = q.level_id
LEFT JOIN inventory_lot l ON l.sku_id = s.sku_id AND l.code = q.lot
LEFT JOIN inventory_bin b ON b.location_id = s.location_id AND b.code = q.bin
LEFT JOIN inventory_zone z ON z.id = b.zone_id
WHERE q.level_id = ANY(%s) AND q.state = %s
ORDER BY (l.blocked_at IS NOT NULL OR l.expires_on < %s) IS TRUE, l.expires_on NULLS LAST,
         (z.kind IS NOT NULL AND z.kind <> 'picking'), z.position, b.position, q.bin, q.lot, q.id
"""


def places_to_take(level_ids: Collection[int]) -> list[Place]:
    """Return where the units of these levels lie, each level's as they should be taken: the lot
    that expires first, then as the walk goes. One query; nothing is locked."""
    if not level_ids:
        return []
    rows = sql.run(PLACES, [sorted(level_ids), StockState.AVAILABLE, timezone.localdate()])
    return [
        Place(
            level_id,
            bin,
            lot,
            units,
            zone,
            None if at_zone is None and at_bin is None else (at_zone or 0, at_bin or 0),
        )
        for level_id, bin, lot, units, zone, at_zone, at_bin in rows
    ]


def is_bin(location_id: int, code: str) -> bool:
    """Whether a location has a bin of this code."""
    return Bin.objects.filter(location_id=location_id, code__iexact=code).exists()
