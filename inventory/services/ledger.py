"""The one place where stock changes: an entry in the ledger, and the figures that follow it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from inventory.models import Movement, StockLevel
from inventory.states import HELD, MovementKind, StockState
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import Again, current, record
from oms.core.locking import note
from oms.core.rows import new


class Entry(NamedTuple):
    """Units that come to a stock level (or leave it, less than 0), and units spoken for there.

    `reservation_id` is for picked units: who they were picked for.
    """

    level_id: int
    units: int = 0
    reserved: int = 0
    bin: str = ""
    lot: str = ""
    state: str = StockState.AVAILABLE
    reservation_id: int | None = None
    source_id: int | None = None


def post(
    entries: Sequence[Entry],
    *,
    kind: MovementKind,
    reference: str,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Write entries into the ledger, and change levels and quants by them when all is written.

    In a batch that is its end, where everyone's stock is taken in one order; what is no longer
    there by then makes the batch decide anew. Outside one the levels are changed now.

    Raises: Again.
    """
    actor = str(by)
    record(
        *(
            new(
                Movement,
                level_id=entry.level_id,
                kind=kind,
                on_hand_delta=entry.units,
                reserved_delta=entry.reserved,
                reference=reference,
                source_id=entry.source_id,
                reason=reason,
                bin=entry.bin,
                lot=entry.lot,
                state=entry.state,
                actor=actor,
                happened_at=at,
            )
            for entry in entries
        )
    )
    if batch := current():
        batch.close_with(settle, entries)
        if foreseen := batch.ahead.get(SUPPLY):
            foreseen.move(entries)
    else:
        settle(entries)


def to_come() -> Sequence[Entry]:
    """The entries of the open batch, which no query sees yet."""
    batch = current()
    return batch.closing(settle) if batch else ()


SUPPLY = "supply"
"""The name of what a batch has read ahead of stock (`foreseeing.py`)."""

CHANGE_LEVELS = """
WITH wanted AS (
    SELECT * FROM unnest(
        (SELECT %s::bigint[]), (SELECT %s::int[]), (SELECT %s::int[]), (SELECT %s::int[])
    ) AS t(id, on_hand, reserved, held)
), locked AS MATERIALIZED (
    SELECT s.id, w.on_hand, w.reserved, w.held
    FROM wanted w JOIN inventory_stocklevel s ON s.id = w.id
    ORDER BY s.id FOR NO KEY UPDATE OF s
), changed AS (
    UPDATE inventory_stocklevel s
    SET on_hand = s.on_hand + w.on_hand, reserved = s.reserved + w.reserved,
        held = s.held + w.held
    FROM locked w
    WHERE s.id = w.id
      AND s.reserved + w.reserved >= 0 AND s.held + w.held >= 0
      AND s.reserved + w.reserved + s.held + w.held <= s.on_hand + w.on_hand
    RETURNING s.id
)
SELECT (SELECT count(*) FROM wanted), (SELECT count(*) FROM changed)
"""

CHANGE_QUANTS = """
WITH wanted AS (
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::int[])
        WITH ORDINALITY AS t(level_id, bin, lot, state, reservation_id, units, nth)
), there AS (
    SELECT w.nth, q.id, q.quantity + w.units AS quantity
    FROM wanted w JOIN inventory_quant q USING (level_id, bin, lot, state)
    WHERE w.reservation_id IS NULL AND q.reservation_id IS NULL
    UNION ALL
    SELECT w.nth, q.id, q.quantity + w.units
    FROM wanted w JOIN inventory_quant q USING (level_id, bin, lot, state, reservation_id)
), emptied AS (
    DELETE FROM inventory_quant q USING there t WHERE q.id = t.id AND t.quantity = 0
    RETURNING q.id
), changed AS (
    UPDATE inventory_quant q SET quantity = t.quantity FROM there t
    WHERE q.id = t.id AND t.quantity > 0
    RETURNING q.id
), added AS (
    INSERT INTO inventory_quant (id, level_id, bin, lot, state, reservation_id, quantity)
    SELECT nextval('core_ids'), w.level_id, w.bin, w.lot, w.state, w.reservation_id, w.units
    FROM wanted w
    WHERE w.units > 0 AND w.nth NOT IN (SELECT nth FROM there)
    RETURNING id
)
SELECT (SELECT count(*) FROM emptied) + (SELECT count(*) FROM changed)
     + (SELECT count(*) FROM added)
"""

Place = tuple[int, str, str, str, int | None]


def settle(entries: Sequence[Entry]) -> None:
    """Change the stock levels of `entries`, locked by primary key, then their quants.

    Raises: Again, when a level or a quant does not have what is taken from it.
    Locks: StockLevel.
    """
    if not entries:
        return
    levels: dict[int, list[int]] = {}
    quants: dict[Place, int] = {}
    for each in entries:
        level = levels.setdefault(each.level_id, [0, 0, 0])
        level[1] += each.reserved
        if each.units:
            level[0] += each.units
            level[2] += each.units if each.state in HELD else 0
            place = (each.level_id, each.bin, each.lot, str(each.state), each.reservation_id)
            quants[place] = quants.get(place, 0) + each.units
    note(StockLevel)
    figures = list(levels.values())
    changes = [sql.array(levels), *(sql.array(each) for each in zip(*figures, strict=True))]
    [(wanted, changed)] = sql.run(CHANGE_LEVELS, changes)
    if changed != wanted:
        raise Again
    if moved := {place: units for place, units in quants.items() if units}:
        columns = [sql.array(column) for column in zip(*moved, strict=True)]
        [(changed,)] = sql.run(CHANGE_QUANTS, [*columns, sql.array(moved.values())])
        if changed != len(moved):
            raise Again
