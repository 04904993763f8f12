from collections.abc import Iterable

from oms.core import sql

KEEP = """
INSERT INTO inventory_bin (location_id, code, position, is_active)
SELECT DISTINCT t.location_id, t.code, 0, true
FROM unnest(%s::bigint[], %s::text[]) AS t(location_id, code)
WHERE NOT EXISTS (
    SELECT FROM inventory_bin b WHERE b.location_id = t.location_id AND b.code = t.code
)
ORDER BY t.location_id, t.code
ON CONFLICT (location_id, code) DO NOTHING
"""


def ensure_bins(bins: Iterable[tuple[int, str]]) -> None:
    """Know these bins, by location id and code, as bins of no zone yet."""
    if named := sorted({each for each in bins if each[1]}):
        sql.run(KEEP, [list(column) for column in zip(*named, strict=True)])
