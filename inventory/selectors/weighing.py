"""Reads: what of a location's free stock lasts, and what of it is above its reorder points."""

from collections.abc import Collection, Mapping
from datetime import date

from oms.core import sql

# What is promised already may be taken from the lots that last least.
LASTING = """
SELECT s.location_id, s.sku_id,
       s.on_hand - s.reserved - s.held - s.safety_stock - greatest(0, short.units - s.reserved)
FROM inventory_stocklevel s
CROSS JOIN LATERAL (
    SELECT coalesce(sum(q.quantity), 0) AS units
    FROM inventory_quant q
    JOIN inventory_lot l ON l.sku_id = s.sku_id AND l.code = q.lot AND l.expires_on < %s
    WHERE q.level_id = s.id AND q.lot <> '' AND q.state = 'available'
) short
WHERE s.sku_id = ANY(%s) AND s.location_id = ANY(%s)
"""
SPARE = """
SELECT location_id, sku_id, on_hand - reserved - held - coalesce(reorder_point, 0)
FROM inventory_stocklevel
WHERE sku_id = ANY(%s) AND location_id = ANY(%s) AND reorder_point > 0
"""

UnitsAt = dict[int, Mapping[int, int]]
"""Units by SKU id, by location id."""


def lasting(*, sku_ids: Collection[int], location_ids: Collection[int], until: date) -> UnitsAt:
    """Return what is free besides units of lots that expire before `until`. One query."""
    return _by_location(sql.run(LASTING, [until, sorted(sku_ids), sorted(location_ids)]))


def spare(*, sku_ids: Collection[int], location_ids: Collection[int]) -> UnitsAt:
    """Return what is free above the reorder point, where there is one. One query."""
    return _by_location(sql.run(SPARE, [sorted(sku_ids), sorted(location_ids)]))


def _by_location(rows: list[tuple[int, ...]]) -> UnitsAt:
    found: dict[int, dict[int, int]] = {}
    for location_id, sku_id, units in rows:
        found.setdefault(location_id, {})[sku_id] = max(0, units)
    return dict(found)
