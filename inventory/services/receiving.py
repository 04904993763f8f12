from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.events import StockReceived, Units
from inventory.models import Location, Movement
from inventory.services.levels import at_the_end, ensure_levels
from inventory.states import MovementKind
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.services import batch_service


@dataclass(frozen=True)
class Arrival:
    """Units of one SKU that come to lie at one location."""

    sku: Sku
    location: Location
    quantity: int
    bin: str = ""
    lot: str = ""
    source_id: int | None = None


@batch_service
def receive(
    *,
    arrivals: Sequence[Arrival],
    reference: str,
    by: Actor,
    at: datetime,
    kind: MovementKind = MovementKind.RECEIVE,
    reason: str = "",
) -> None:
    """Put units on the shelf, and promise them to those who wait, in one transaction.

    The fact is told before the stock moves, so that orders are locked before stock levels.
    `kind` is RECEIVE, or RESTOCK for units that come back from a customer.

    Raises: Busy.
    Locks: StockLevel.
    Publishes: StockReceived.
    """
    if not arrivals:
        return
    levels = ensure_levels([(each.location.pk, each.sku.pk) for each in arrivals])
    units = tuple(
        Units(
            sku=each.sku.code,
            location=each.location.code,
            quantity=each.quantity,
            level_id=levels[each.location.pk, each.sku.pk],
            sku_id=each.sku.pk,
            location_id=each.location.pk,
        )
        for each in arrivals
    )
    record(
        *(
            Movement(
                level_id=unit.level_id,
                kind=kind,
                on_hand_delta=unit.quantity,
                reference=reference,
                source_id=each.source_id,
                reason=reason,
                bin=each.bin,
                lot=each.lot,
                actor=str(by),
                happened_at=at,
            )
            for each, unit in zip(arrivals, units, strict=True)
        )
    )
    at_the_end([(unit.level_id, unit.quantity, 0) for unit in units])
    publish(StockReceived(thread=reference, subject=reference, by=by, at=at, units=units))
