"""Lots: known as they are named, kept apart when they must not be sold, one unit to a serial."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.errors import SerialTaken
from inventory.models import Lot
from oms.core import sql
from oms.core.batch import Again
from oms.core.locking import note

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


UNSOLD = """
SELECT l.sku_id, l.code, CASE WHEN l.blocked_at IS NULL THEN 'expired' ELSE 'blocked' END
FROM inventory_lot l
JOIN unnest(%s::bigint[], %s::text[]) AS t(sku_id, code)
  ON l.sku_id = t.sku_id AND l.code = t.code
WHERE l.blocked_at IS NOT NULL OR l.expires_on < %s
"""


def unsold(lots: Iterable[tuple[int, str]], on: date) -> dict[tuple[int, str], str]:
    """Return those of these lots that are not to be sold on that day, and why."""
    named = sorted({each for each in lots if each[1]})
    if not named:
        return {}
    columns = [list(column) for column in zip(*named, strict=True)]
    return {(sku, lot): why for sku, lot, why in sql.run(UNSOLD, [*columns, on])}


@dataclass(frozen=True)
class Proof:
    """What is to be true of a lot when units of it have come."""

    sku_id: int
    sku: str
    lot: str
    is_serial: bool
    is_for_sale: bool


LOCK = """
SELECT l.sku_id, l.code, l.blocked_at IS NOT NULL
FROM inventory_lot l
JOIN (SELECT DISTINCT sku_id, code FROM unnest(%s::bigint[], %s::text[]) AS t(sku_id, code)) t
  ON l.sku_id = t.sku_id AND l.code = t.code
ORDER BY l.id FOR NO KEY UPDATE OF l
"""
TWICE = """
SELECT s.sku_id, q.lot
FROM inventory_quant q JOIN inventory_stocklevel s ON s.id = q.level_id
JOIN unnest(%s::bigint[], %s::text[]) AS t(sku_id, code) ON s.sku_id = t.sku_id AND q.lot = t.code
GROUP BY s.sku_id, q.lot HAVING sum(q.quantity) > 1
"""


def prove(proofs: Sequence[Proof]) -> None:
    """Hold on to these lots once their units lie there, and look again.

    Whoever blocks one of them waits for us or we for them, and of two units with one serial
    number that come to two places at once the second finds the first.

    Raises: SerialTaken; Again, when a lot was blocked meanwhile.
    Locks: Lot.
    """
    note(Lot)
    named = sorted({(each.sku_id, each.lot) for each in proofs})
    blocked = {
        (sku_id, code) for sku_id, code, is_blocked in sql.run(LOCK, _columns(named)) if is_blocked
    }
    if any(each.is_for_sale and (each.sku_id, each.lot) in blocked for each in proofs):
        raise Again
    serials = {(each.sku_id, each.lot): each.sku for each in proofs if each.is_serial}
    if serials:
        for sku_id, code in sql.run(TWICE, _columns(sorted(serials))):
            raise SerialTaken(sku=serials[sku_id, code], serial=code)


def _columns(rows: Sequence[tuple[int, str]]) -> list[list[int | str]]:
    return [list(column) for column in zip(*rows, strict=True)]
