from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from inventory.errors import SerialTaken
from inventory.events import StockReceived
from inventory.models import Location
from inventory.services.bins import ensure_bins
from inventory.services.ledger import Entry, post
from inventory.services.levels import arrival_bins, ensure_levels
from inventory.services.lots import Proof, ensure_lots, prove, unsold
from inventory.services.naming import units_of
from inventory.states import HELD, MovementKind, StockState
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.batch import current
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
    which they are held are promised to nobody; those of a blocked or expired lot are quarantined
    as they come. A serial number is one unit, wherever it lies.

    Raises: SerialTaken, Busy.
    Locks: StockLevel, Lot.
    Publishes: StockReceived.
    """
    if not arrivals:
        return
    levels = ensure_levels([(each.location.pk, each.sku.pk) for each in arrivals])
    ensure_bins((each.location.pk, each.bin) for each in arrivals)
    ensure_lots((each.sku.pk, each.lot, each.expires_on) for each in arrivals)
    arrivals = _kept_apart(arrivals, at)
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
    _prove(arrivals)
    units = tuple(
        units_of(each.location, each.sku, level_id, each.quantity)
        for each, level_id in placed
        if each.state not in HELD
    )
    if units:
        publish(StockReceived(thread=reference, subject=reference, by=by, at=at, units=units))


def _kept_apart(arrivals: Sequence[Arrival], at: datetime) -> list[Arrival]:
    """Return the arrivals with those that must not be sold in quarantine."""
    lots = unsold(((each.sku.pk, each.lot) for each in arrivals), timezone.localdate(at))
    return [
        replace(each, state=StockState.QUARANTINE)
        if each.state == StockState.AVAILABLE and (each.sku.pk, each.lot) in lots
        else each
        for each in arrivals
    ]


def _prove(arrivals: Sequence[Arrival]) -> None:
    proofs = [
        Proof(
            each.sku.pk,
            each.sku.code,
            each.lot,
            is_serial=each.sku.tracking == Sku.Tracking.SERIAL,
            is_for_sale=each.state not in HELD,
        )
        for each in arrivals
        if each.lot
    ]
    serials = [(each.sku_id, each.lot) for each in proofs if each.is_serial]
    for each in arrivals:
        named = each.sku.pk, each.lot
        if named in serials and (each.quantity > 1 or serials.count(named) > 1):
            raise SerialTaken(sku=each.sku.code, serial=each.lot)
    batch = current()
    if proofs and batch:
        batch.close_with(prove, proofs)
