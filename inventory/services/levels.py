"""Stock levels: made where they are missing, and where what arrives there is put."""

from collections.abc import Sequence

from oms.catalog.errors import KitHasNoStock
from oms.core import sql

KINDS = "SELECT code, is_kit FROM catalog_sku WHERE id = ANY(%s) ORDER BY id FOR SHARE"


def ensure_levels(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the id of the stock level of each `(location id, sku id)`, made where missing.

    Nothing becomes a kit while its first level is being made.

    Raises: KitHasNoStock.
    """
    wanted = sorted(set(pairs))
    locations = [location for location, _ in wanted]
    skus = [sku for _, sku in wanted]
    found = _levels(locations, skus)
    if len(found) < len(wanted):
        new = sorted({sku for location, sku in wanted if (location, sku) not in found})
        if kits := [code for code, is_kit in sql.run(KINDS, [new]) if is_kit]:
            raise KitHasNoStock(skus=kits)
        sql.run(
            "INSERT INTO inventory_stocklevel "
            "(id, location_id, sku_id, on_hand, reserved, safety_stock, reorder_point, bin) "
            "SELECT nextval('core_ids'), location, sku, 0, 0, 0, 0, '' "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS t(location, sku) "
            "ON CONFLICT (location_id, sku_id) DO NOTHING",
            [locations, skus],
        )
        found = _levels(locations, skus)
    return found


def _levels(locations: list[int], skus: list[int]) -> dict[tuple[int, int], int]:
    rows = sql.run(
        "SELECT s.location_id, s.sku_id, s.id FROM inventory_stocklevel s "
        "JOIN unnest(%s::bigint[], %s::bigint[]) AS t(location, sku) "
        "ON s.location_id = t.location AND s.sku_id = t.sku",
        [locations, skus],
    )
    return {(location, sku): level for location, sku, level in rows}


ARRIVALS = """
SELECT s.id, coalesce(r.code, s.bin)
FROM inventory_stocklevel s
LEFT JOIN LATERAL (
    SELECT b.code FROM inventory_bin b JOIN inventory_zone z ON z.id = b.zone_id
    WHERE b.location_id = s.location_id AND z.kind = 'receiving' AND b.is_active
    ORDER BY z.position, b.position, b.code LIMIT 1
) r ON true
WHERE s.id = ANY(%s)
"""


def arrival_bins(level_ids: Sequence[int]) -> dict[int, str]:
    """Return where units that come to these levels are put first: a bin of the location's
    receiving zone, or where there is none, the bin in which the SKU usually lies."""
    return dict(sql.run(ARRIVALS, [sorted(set(level_ids))]))
