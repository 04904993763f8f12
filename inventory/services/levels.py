"""Changing stock levels: one statement, in one order, refused when a promise would break."""

from collections.abc import Sequence

from inventory.models import StockLevel
from oms.core import sql
from oms.core.batch import Again, current
from oms.core.locking import note

CHANGE = """
WITH wanted AS (
    SELECT id, sum(on_hand)::int AS on_hand, sum(reserved)::int AS reserved
    FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS t(id, on_hand, reserved)
    GROUP BY id
), locked AS MATERIALIZED (
    SELECT s.id FROM inventory_stocklevel s
    WHERE s.id IN (SELECT id FROM wanted)
    ORDER BY s.id FOR NO KEY UPDATE
), changed AS (
    UPDATE inventory_stocklevel s
    SET on_hand = s.on_hand + w.on_hand, reserved = s.reserved + w.reserved
    FROM locked l JOIN wanted w ON w.id = l.id
    WHERE s.id = l.id
      AND s.reserved + w.reserved BETWEEN 0 AND s.on_hand + w.on_hand
    RETURNING s.id
)
SELECT (SELECT count(*) FROM wanted), (SELECT count(*) FROM changed)
"""


def change_levels(changes: Sequence[tuple[int, int, int]]) -> None:
    """Add `(level id, on hand, reserved)` to their levels, locking them by primary key.

    Duplicate levels are summed. Raises `Again` when a level does not have what is asked.
    """
    if not changes:
        return
    note(StockLevel)
    ids, on_hand, reserved = zip(*changes, strict=True)
    [(wanted, changed)] = sql.run(CHANGE, [list(ids), list(on_hand), list(reserved)])
    if changed != wanted:
        raise Again


def at_the_end(changes: Sequence[tuple[int, int, int]]) -> None:
    """Change stock levels when everything else of this request is written: last and shortest."""
    if batch := current():
        batch.close_with(change_levels, changes)
    else:
        change_levels(changes)


def ensure_levels(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the id of the stock level of each `(location id, sku id)`, made where missing."""
    wanted = sorted(set(pairs))
    locations = [location for location, _ in wanted]
    skus = [sku for _, sku in wanted]
    found = _levels(locations, skus)
    if len(found) < len(wanted):
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
