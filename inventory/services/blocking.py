"""Lots that must not be sold: blocked by somebody, or expired."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from inventory.errors import LotAlready, LotIsHeld, LotNotFound
from inventory.events import LotBlocked, LotUnblocked, StockReceived
from inventory.models import Lot, Quant, StockLevel
from inventory.services.ledger import Entry, post
from inventory.services.naming import units_of
from inventory.states import MovementKind, StockState
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import Again, current
from oms.core.events import publish
from oms.core.locking import lock, lock_one
from oms.core.services import batch_service

MOST_LOTS = 50


@batch_service
def block_lot(*, sku: str, lot: str, reason: str, by: Actor, at: datetime) -> dict[str, int]:
    """Quarantine the free units of a lot at every location, and those that still come as they do.

    What orders were promised stays theirs. Returns the units held by location.

    Raises: LotNotFound, LotAlready, Busy.
    Locks: StockLevel, Lot.
    Publishes: LotBlocked.
    """
    found = lot_named(sku, lot)
    if found.blocked_at:
        raise LotAlready(sku=sku, lot=lot, state="blocked")
    held = _quarantine(found, reason, by, at)
    publish(LotBlocked(thread=sku, subject=sku, by=by, at=at, lot=lot, reason=reason, held=held))
    _mark_last(_Mark(found.pk, at, str(by), reason))
    return held


@batch_service
def unblock_lot(
    *, sku: str, lot: str, reason: str, by: Actor, at: datetime, free_units: bool = True
) -> dict[str, int]:
    """Let a lot be sold again, and with `free_units` what of it is quarantined at every location.

    Those who wait get the units first. Returns the units freed by location.

    Raises: LotNotFound, LotAlready, LotIsHeld, Busy.
    Locks: StockLevel, Lot.
    Publishes: LotUnblocked, StockReceived.
    """
    found = lot_named(sku, lot)
    if not found.blocked_at:
        raise LotAlready(sku=sku, lot=lot, state="free")
    freed: Counter[str] = Counter()
    if free_units:
        if found.expires_on and found.expires_on < timezone.localdate(at):
            raise LotIsHeld(sku=sku, lot=lot, why="expired")
        quants = _lying(found, StockState.QUARANTINE)
        pieces = [(each, each.quantity) for each in quants]
        _restate(pieces, StockState.AVAILABLE, found, reason, by, at)
        for each in quants:
            freed[each.level.location.code] += each.quantity
        if pieces:
            units = [
                units_of(each.level.location, found.sku, each.level_id, count)
                for each, count in pieces
            ]
            publish(StockReceived(thread=sku, subject=sku, by=by, at=at, units=tuple(units)))
    publish(LotUnblocked(thread=sku, subject=sku, by=by, at=at, lot=lot, freed=dict(freed)))
    _mark_last(_Mark(found.pk))
    return dict(freed)


@batch_service
def quarantine_lot(*, sku: str, lot: str, reason: str, by: Actor, at: datetime) -> dict[str, int]:
    """Quarantine the free units of a lot; the second time there are none.

    Raises: LotNotFound, Busy.
    Locks: StockLevel.
    """
    return _quarantine(lot_named(sku, lot), reason, by, at)


UNSOLD = """
SELECT DISTINCT k.code, l.code, l.blocked_at IS NOT NULL
FROM inventory_lot l
JOIN catalog_sku k ON k.id = l.sku_id
JOIN inventory_stocklevel s ON s.sku_id = l.sku_id
JOIN inventory_quant q ON q.level_id = s.id AND q.lot = l.code AND q.state = 'available'
WHERE (l.expires_on < %s OR l.blocked_at IS NOT NULL) AND s.on_hand - s.reserved - s.held > 0
ORDER BY k.code, l.code LIMIT %s
"""


def quarantine_unsold(*, by: Actor, at: datetime) -> bool:
    """Quarantine free units of lots that are over or blocked, some lots at a time; say whether
    more may be left. What is promised to orders stays promised.

    Raises: Busy.
    """
    lots = sql.run(UNSOLD, [timezone.localdate(at), MOST_LOTS])
    for sku, code, is_blocked in lots:
        reason = "The lot is blocked" if is_blocked else "Expired"
        quarantine_lot(sku=sku, lot=code, reason=reason, by=by, at=at)
    return len(lots) == MOST_LOTS


def lot_named(sku: str, lot: str) -> Lot:
    """Return the lot with its SKU; raises LotNotFound."""
    found = Lot.objects.select_related("sku").filter(sku__code=sku, code=lot).first()
    if found is None:
        raise LotNotFound(sku=sku, lot=lot)
    return found


def _lying(lot: Lot, state: StockState) -> list[Quant]:
    quants = Quant.objects.filter(level__sku=lot.sku_id, lot=lot.code, state=state)
    return list(quants.select_related("level__location").order_by("level_id", "bin", "id"))


def _quarantine(lot: Lot, reason: str, by: Actor, at: datetime) -> dict[str, int]:
    quants = _lying(lot, StockState.AVAILABLE)
    levels = lock(StockLevel.objects.filter(pk__in={each.level_id for each in quants}))
    left = {level.pk: level.available for level in levels}
    pieces: list[tuple[Quant, int]] = []
    held: Counter[str] = Counter()
    for each in quants:
        units = min(each.quantity, left[each.level_id])
        if units > 0:
            left[each.level_id] -= units
            held[each.level.location.code] += units
            pieces.append((each, units))
    _restate(pieces, StockState.QUARANTINE, lot, reason, by, at)
    return dict(held)


def _restate(
    pieces: Sequence[tuple[Quant, int]],
    state: StockState,
    lot: Lot,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    post(
        [
            entry
            for each, units in pieces
            for entry in (
                Entry(each.level_id, -units, bin=each.bin, lot=each.lot, state=each.state),
                Entry(each.level_id, units, bin=each.bin, lot=each.lot, state=state),
            )
        ],
        kind=MovementKind.RESTATE,
        reference=f"lot:{lot.sku.code}:{lot.code}"[:64],
        reason=reason,
        by=by,
        at=at,
    )


@dataclass(frozen=True)
class _Mark:
    """What a lot says of itself from now on."""

    lot_id: int
    at: datetime | None = None
    by: str = ""
    reason: str = ""


def _mark_last(mark: _Mark) -> None:
    batch = current()
    if batch:
        batch.close_with(_write, [mark])


def _write(marks: Sequence[_Mark]) -> None:
    """Mark the lots, once their units are where they should be, and look again: who receives
    units of a lot holds on to it as well (`lots.prove`).

    Raises: LotNotFound; Again, when it is marked already or units came meanwhile.
    """
    for mark in marks:
        missing = LotNotFound(sku="", lot=str(mark.lot_id))
        lot = lock_one(Lot.objects.filter(pk=mark.lot_id), missing=missing)
        if bool(lot.blocked_at) == bool(mark.at):
            raise Again
        came = Quant.objects.filter(
            level__sku=lot.sku_id,
            lot=lot.code,
            state=StockState.AVAILABLE,
            level__on_hand__gt=F("level__reserved") + F("level__held"),
        )
        if mark.at and came.exists():
            raise Again
        lot.blocked_at, lot.blocked_by, lot.blocked_reason = mark.at, mark.by, mark.reason
        lot.save(update_fields=["blocked_at", "blocked_by", "blocked_reason"])
