from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.events import StockReceived, Units
from inventory.models import Location, StockLevel
from inventory.services.bins import ensure_bins
from inventory.services.choosing import Shelves
from inventory.services.ledger import Entry, post
from inventory.states import MovementKind
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
    among those counted, and stay what they are. More units are promised to those who wait.

    Raises: Busy.
    Locks: StockLevel.
    Publishes: StockReceived.
    """
    ensure_bins((count.location.pk, bin) for count in counts for _, bin in count.units)
    shelves = Shelves(count.level.pk for count in counts)
    standing: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for piece in shelves:
        standing[piece.level_id][piece.lot, piece.bin] += piece.units
    entries = [
        entry for count in counts for entry in _entries(count, standing[count.level.pk], shelves)
    ]
    post(entries, kind=MovementKind.COUNT, reference=reference, reason=reason, by=by, at=at)
    net: Counter[int] = Counter()
    for entry in entries:
        net[entry.level_id] += entry.units
    if arrived := tuple(_arrived(count, net) for count in counts if net[count.level.pk] > 0):
        publish(StockReceived(thread=reference, subject=reference, by=by, at=at, units=arrived))
    return {entry.level_id for entry in entries}


def _arrived(count: Counted, net: Mapping[int, int]) -> Units:
    return Units(
        sku=count.sku.code,
        location=count.location.code,
        quantity=net[count.level.pk],
        level_id=count.level.pk,
        sku_id=count.sku.pk,
        location_id=count.location.pk,
    )


def _entries(count: Counted, standing: Counter[tuple[str, str]], shelves: Shelves) -> list[Entry]:
    """Return the entries that lead from what the books say to what was counted."""
    level = count.level
    if set(count.units) == {("", "")}:
        more = count.units["", ""] - standing.total()
        steps = {("", level.bin): more} if more > 0 else {}
        gone = shelves.take(level.pk, max(0, -more))
    else:
        found = {key: count.units.get(key, 0) - standing[key] for key in {*count.units, *standing}}
        steps = {key: units for key, units in found.items() if units > 0}
        gone = [
            piece
            for (lot, bin), units in sorted(found.items())
            if units < 0
            for piece in shelves.take(level.pk, -units, bin=bin, lot=lot)
        ]
    return [
        *(
            Entry(level.pk, units=units, bin=bin, lot=lot)
            for (lot, bin), units in sorted(steps.items())
        ),
        *(Entry(level.pk, units=-each.units, bin=each.bin, lot=each.lot) for each in gone),
    ]
