from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from inventory.events import StockReceived, Units
from inventory.models import Location, Movement, StockLevel
from inventory.services.levels import at_the_end
from inventory.states import MovementKind
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.services import batch_service


@dataclass(frozen=True)
class Counted:
    """What lies on a level: units by `(lot, bin)`; units without a lot have an empty one."""

    level: StockLevel
    sku: Sku
    location: Location
    units: Mapping[tuple[str, str], int]


@batch_service
def count_stock(
    *, counts: Sequence[Counted], reference: str, reason: str, by: Actor, at: datetime
) -> set[int]:
    """Bring stock levels to what was counted, by ledger entries; return the ids of those moved.

    A lot that was not counted is gone. Shipments do not name lots, so what the lots leave
    unexplained is entered without one. More units are promised to those who wait for them.

    Raises: Busy.
    Locks: StockLevel.
    Publishes: StockReceived.
    """
    ledger = _ledger([count.level.pk for count in counts])
    steps = {count.level.pk: _steps(count, ledger[count.level.pk]) for count in counts}
    moved = {level_id for level_id, found in steps.items() if found}

    record(
        *(
            Movement(
                level_id=level_id,
                kind=MovementKind.ADJUST,
                on_hand_delta=units,
                reference=reference,
                reason=reason,
                lot=lot,
                bin=bin,
                actor=str(by),
                happened_at=at,
            )
            for level_id in sorted(moved)
            for (lot, bin), units in steps[level_id].items()
        )
    )
    net = {level_id: sum(steps[level_id].values()) for level_id in moved}
    at_the_end([(level_id, units, 0) for level_id, units in net.items() if units])
    if arrived := tuple(_arrived(count, net) for count in counts if net.get(count.level.pk, 0) > 0):
        publish(StockReceived(thread=reference, subject=reference, by=by, at=at, units=arrived))
    return moved


def _arrived(count: Counted, net: Mapping[int, int]) -> Units:
    return Units(
        sku=count.sku.code,
        location=count.location.code,
        quantity=net[count.level.pk],
        level_id=count.level.pk,
        sku_id=count.sku.pk,
        location_id=count.location.pk,
    )


def _ledger(level_ids: Sequence[int]) -> dict[int, Counter[tuple[str, str]]]:
    """Return what the ledger says of each level, by lot and the bin it last came to."""
    found: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    rows = (
        Movement.objects.filter(level_id__in=level_ids)
        .exclude(lot="")
        .values_list("level_id", "lot", "bin")
        .annotate(units=Sum("on_hand_delta"))
        .order_by()
    )
    for level_id, lot, bin, units in rows:
        found[level_id][lot, bin] += units
    return found


def _steps(count: Counted, ledger: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the entries that lead from the ledger to the count, by lot and bin."""
    lots = {key: units for key, units in count.units.items() if key[0]}
    steps = {key: lots.get(key, 0) - ledger[key] for key in {*lots, *ledger}}
    missing = sum(count.units.values()) - count.level.on_hand - sum(steps.values())
    if missing:
        bins = [bin for lot, bin in count.units if not lot] or [""]
        steps["", bins[0]] = missing
    return {key: units for key, units in sorted(steps.items()) if units}
