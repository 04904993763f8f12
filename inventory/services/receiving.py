from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from inventory.events import StockReceived, Units
from inventory.models import Location
from inventory.services.bins import ensure_bins
from inventory.services.ledger import Entry, post
from inventory.services.levels import arrival_bins, ensure_levels
from inventory.services.lots import ensure_lots
from inventory.states import HELD, MovementKind, StockState
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import batch_service


@dataclass(frozen=True)
class Arrival:
    """Units of one SKU that come to lie at one location; no bin: where arrivals are put there."""

    sku: Sku
    location: Location
    quantity: int
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None
    state: StockState = StockState.AVAILABLE
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
    `kind` is RECEIVE, or RESTOCK for units that come back from a customer. Units in a state in
    which they are held are promised to nobody.

    Raises: Busy.
    Locks: StockLevel.
    Publishes: StockReceived.
    """
    if not arrivals:
        return
    levels = ensure_levels([(each.location.pk, each.sku.pk) for each in arrivals])
    ensure_bins((each.location.pk, each.bin) for each in arrivals)
    ensure_lots((each.sku.pk, each.lot, each.expires_on) for each in arrivals)
    placed = [(each, levels[each.location.pk, each.sku.pk]) for each in arrivals]
    bins = arrival_bins(list(levels.values()))
    post(
        [
            Entry(
                level_id,
                units=each.quantity,
                bin=each.bin or bins[level_id],
                lot=each.lot,
                state=each.state,
                source_id=each.source_id,
            )
            for each, level_id in placed
        ],
        kind=kind,
        reference=reference,
        reason=reason,
        by=by,
        at=at,
    )
    units = tuple(
        Units(
            sku=each.sku.code,
            location=each.location.code,
            quantity=each.quantity,
            level_id=level_id,
            sku_id=each.sku.pk,
            location_id=each.location.pk,
        )
        for each, level_id in placed
        if each.state not in HELD
    )
    if units:
        publish(StockReceived(thread=reference, subject=reference, by=by, at=at, units=units))
