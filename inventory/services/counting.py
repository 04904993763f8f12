from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from inventory.events import StockReceived
from inventory.models import Location, StockLevel
from inventory.services.bins import ensure_bins
from inventory.services.choosing import Piece, Shelves
from inventory.services.ledger import Entry, post
from inventory.services.lots import unsold
from inventory.services.naming import units_of
from inventory.states import HELD, MovementKind, StockState
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import batch_service


@dataclass(frozen=True)
class Counted:
    """What lies on a level: units by `(lot, bin)`. One number without either is a total, which
    says nothing of where they lie."""

    level: StockLevel
    sku: Sku
    location: Location
    units: Mapping[tuple[str, str], int]


@batch_service
def count_stock(
    *, counts: Sequence[Counted], reference: str, reason: str, by: Actor, at: datetime
) -> set[int]:
    """Bring stock levels to what was counted, by ledger entries; return the ids of those moved.

    Where bins or lots are named, one that was not counted is empty. Picked and held units are
    among those counted, and stay what they are. More units are promised to those who wait; those
    of a lot that must not be sold lie in quarantine.

    Raises: Busy.
    Locks: StockLevel.
    Publishes: StockReceived.
    """
    ensure_bins((count.location.pk, bin) for count in counts for _, bin in count.units)
    shelves = Shelves(count.level.pk for count in counts)
    apart = unsold(
        ((count.sku.pk, lot) for count in counts for lot, _ in count.units), timezone.localdate(at)
    )
    standing: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for piece in shelves:
        standing[piece.level_id][piece.lot, piece.bin] += piece.units
    entries = [
        entry
        for count in counts
        for entry in _entries(count, standing[count.level.pk], shelves, apart)
    ]
    post(entries, kind=MovementKind.COUNT, reference=reference, reason=reason, by=by, at=at)
    net: Counter[int] = Counter()
    for entry in entries:
        net[entry.level_id] += 0 if entry.state in HELD else entry.units
    if arrived := tuple(
        units_of(count.location, count.sku, count.level.pk, net[count.level.pk])
        for count in counts
        if net[count.level.pk] > 0
    ):
        publish(StockReceived(thread=reference, subject=reference, by=by, at=at, units=arrived))
    return {entry.level_id for entry in entries}


def _entries(
    count: Counted,
    standing: Counter[tuple[str, str]],
    shelves: Shelves,
    apart: Collection[tuple[int, str]],
) -> list[Entry]:
    """Return the entries that lead from what the books say to what was counted."""
    level = count.level
    if set(count.units) == {("", "")}:
        more = count.units["", ""] - standing.total()
        steps = {("", level.bin): more} if more > 0 else {}
        gone = _fewer(shelves, level, -more)
    else:
        found = {key: count.units.get(key, 0) - standing[key] for key in {*count.units, *standing}}
        steps = {key: units for key, units in found.items() if units > 0}
        gone = [
            piece
            for (lot, bin), units in sorted(found.items())
            for piece in _fewer(shelves, level, -units, bin=bin, lot=lot)
        ]
    arrived = [
        Entry(
            level.pk,
            units=units,
            bin=bin,
            lot=lot,
            state=StockState.QUARANTINE if (count.sku.pk, lot) in apart else StockState.AVAILABLE,
        )
        for (lot, bin), units in sorted(steps.items())
    ]
    return arrived + [
        Entry(level.pk, units=-each.units, bin=each.bin, lot=each.lot, state=each.state)
        for each in gone
    ]


def _fewer(
    shelves: Shelves,
    level: StockLevel,
    units: int,
    bin: str | None = None,
    lot: str | None = None,
) -> list[Piece]:
    """Take units that were not found away: free ones first, then held ones."""
    pieces: list[Piece] = []
    for state in (StockState.AVAILABLE, *sorted(HELD)):
        left = units - sum(piece.units for piece in pieces)
        if left > 0:
            pieces += shelves.take(level.pk, left, bin=bin, lot=lot, state=state)
    return pieces
