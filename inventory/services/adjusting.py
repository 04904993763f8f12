from datetime import datetime

from inventory.errors import NotInBin, StockIsSpokenFor
from inventory.models import Location, StockLevel
from inventory.services.choosing import Shelves, place_text
from inventory.services.ledger import Entry, post
from inventory.services.levels import ensure_levels
from inventory.services.naming import location_named, sku_named
from inventory.services.receiving import Arrival, receive
from inventory.states import MovementKind, StockState
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.locking import lock
from oms.core.services import batch_service


@batch_service
def adjust(
    *,
    location: str,
    sku: str,
    quantity_delta: int,
    reason: str,
    by: Actor,
    at: datetime,
    bin: str = "",
    lot: str = "",
    state: StockState = StockState.AVAILABLE,
) -> StockLevel:
    """Correct what lies at a location; units that are reserved cannot be taken away.

    More units are promised to those who wait for them at once. `state` is for units that are held.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock, StockIsSpokenFor, NotInBin, SerialTaken,
        Busy.
    Locks: StockLevel, Lot.
    Publishes: StockReceived.
    """
    place, unit = location_named(location), sku_named(sku)
    reference = f"adjust:{location}:{sku}"
    if quantity_delta > 0:
        receive(
            arrivals=[Arrival(unit, place, quantity_delta, bin=bin, lot=lot, state=state)],
            reference=reference,
            by=by,
            at=at,
            kind=MovementKind.ADJUST,
            reason=reason,
        )
    elif quantity_delta < 0:
        _take_away(
            place,
            unit,
            -quantity_delta,
            kind=MovementKind.ADJUST,
            reference=reference,
            reason=reason,
            by=by,
            at=at,
            bin=bin,
            lot=lot,
            state=state,
        )
    return StockLevel.objects.select_related("sku", "location").get(sku=unit, location=place)


@batch_service
def transfer(
    *,
    sku: str,
    from_location: str,
    to_location: str,
    quantity: int,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Move units that nobody has a claim on from one location to another, at once.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock, StockIsSpokenFor, NotInBin, Busy.
    Locks: StockLevel.
    Publishes: StockReceived.
    """
    source, target = location_named(from_location), location_named(to_location)
    unit = sku_named(sku)
    reference = f"transfer:{from_location}:{to_location}"
    receive(
        arrivals=[Arrival(unit, target, quantity)],
        reference=reference,
        by=by,
        at=at,
        kind=MovementKind.TRANSFER_IN,
        reason=reason,
    )
    lock(StockLevel.objects.filter(sku=unit, location__in=[source, target]))
    _take_away(
        source,
        unit,
        quantity,
        kind=MovementKind.TRANSFER_OUT,
        reference=reference,
        reason=reason,
        by=by,
        at=at,
    )


def _take_away(
    place: Location,
    unit: Sku,
    units: int,
    *,
    kind: MovementKind,
    reference: str,
    reason: str,
    by: Actor,
    at: datetime,
    bin: str = "",
    lot: str = "",
    state: StockState = StockState.AVAILABLE,
) -> None:
    level_id = ensure_levels([(place.pk, unit.pk)])[place.pk, unit.pk]
    [level] = lock(StockLevel.objects.filter(pk=level_id))
    if state == StockState.AVAILABLE and level.available < units:
        raise StockIsSpokenFor(
            sku=unit.code,
            location=place.code,
            on_hand=level.on_hand,
            reserved=level.reserved + level.held,
            quantity_delta=-units,
        )
    shelves = Shelves([level_id])
    pieces = shelves.take(level_id, units, bin=bin or None, lot=lot or None, state=state)
    if (found := sum(piece.units for piece in pieces)) < units:
        raise NotInBin(sku=unit.code, place=place_text(bin, lot), requested=units, found=found)
    post(
        [
            Entry(level_id, units=-each.units, bin=each.bin, lot=each.lot, state=each.state)
            for each in pieces
        ],
        kind=kind,
        reference=reference,
        reason=reason,
        by=by,
        at=at,
    )
