from collections.abc import Iterable
from datetime import date

from oms.core import sql

KEEP = """
INSERT INTO inventory_lot (sku_id, code, expires_on)
SELECT sku_id, code, max(expires_on)
FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS t(sku_id, code, expires_on)
GROUP BY sku_id, code ORDER BY sku_id, code
ON CONFLICT (sku_id, code) DO UPDATE SET expires_on = excluded.expires_on
WHERE excluded.expires_on IS NOT NULL
  AND inventory_lot.expires_on IS DISTINCT FROM excluded.expires_on
"""


def ensure_lots(lots: Iterable[tuple[int, str, date | None]]) -> None:
    """Know these lots, by SKU id and code; a day of expiry that is told replaces the one known."""
    if named := [each for each in lots if each[1]]:
        sql.run(KEEP, [list(column) for column in zip(*named, strict=True)])
