"""Units moved inside a location: to another bin, into a state in which they are held, and off."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from inventory.errors import (
    LotIsHeld,
    LotNotNamed,
    NotAHold,
    NotInBin,
    SameBin,
    StockIsSpokenFor,
)
from inventory.events import StockReceived
from inventory.models import Handling, StockLevel
from inventory.services.bins import known_bin
from inventory.services.choosing import Piece, Shelves, place_text
from inventory.services.ledger import Entry, post
from inventory.services.levels import ensure_levels
from inventory.services.lots import unsold
from inventory.services.naming import location_named, sku_named, units_of
from inventory.states import HELD, MovementKind, StockState
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.services import batch_service


@batch_service
def move_units(
    *,
    location: str,
    sku: str,
    quantity: int,
    from_bin: str,
    to_bin: str,
    by: Actor,
    at: datetime,
    lot: str | None = None,
    state: str = StockState.AVAILABLE,
    reason: str = "",
    key: str = "",
) -> None:
    """Move units that lie in one bin of a location to another one; what is promised stays so.

    No `lot`: any, unless the SKU is tracked and several lie there. The same `key` again moves
    nothing.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock, BinNotFound, SameBin, LotNotNamed,
        NotInBin, Busy.
    Locks: StockLevel.
    """
    work = _Work(MovementKind.MOVE, location, sku, reason, by, at, key)
    if from_bin == to_bin:
        raise SameBin(bin=to_bin)
    if not work.is_new():
        return
    known_bin(work.place, to_bin)
    work.post(
        entry
        for each in work.take(quantity, from_bin, lot, state)
        for entry in (_gone(each), _there(each, bin=to_bin, state=each.state))
    )


@batch_service
def hold_units(
    *,
    location: str,
    sku: str,
    quantity: int,
    state: str,
    reason: str,
    by: Actor,
    at: datetime,
    bin: str | None = None,
    lot: str | None = None,
    was: str = StockState.AVAILABLE,
    key: str = "",
) -> None:
    """Keep units from being sold where they lie; those promised to orders cannot be held.

    `was` is for units that are held already and change to another state. The same `key` again
    holds nothing.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock, NotAHold, StockIsSpokenFor, LotNotNamed,
        NotInBin, Busy.
    Locks: StockLevel.
    """
    work = _Work(MovementKind.RESTATE, location, sku, reason, by, at, key)
    if state not in HELD or was == state:
        raise NotAHold(state=state)
    if not work.is_new():
        return
    work.take_from_free(quantity, was)
    work.post(
        entry
        for each in work.take(quantity, bin, lot, was)
        for entry in (_gone(each), _there(each, bin=each.bin, state=state))
    )


@batch_service
def free_units(
    *,
    location: str,
    sku: str,
    quantity: int,
    state: str,
    reason: str,
    by: Actor,
    at: datetime,
    bin: str | None = None,
    lot: str | None = None,
    key: str = "",
) -> None:
    """Let held units be sold again; those who wait get them first.

    The same `key` again frees nothing. A lot that is blocked or expired stays held.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock, NotAHold, LotNotNamed, NotInBin, LotIsHeld,
        Busy.
    Locks: StockLevel.
    Publishes: StockReceived.
    """
    work = _Work(MovementKind.RESTATE, location, sku, reason, by, at, key)
    if state not in HELD:
        raise NotAHold(state=state)
    if not work.is_new():
        return
    pieces = work.take(quantity, bin, lot, state)
    for (_sku_id, code), why in unsold(
        ((work.unit.pk, each.lot) for each in pieces), timezone.localdate(at)
    ).items():
        raise LotIsHeld(sku=sku, lot=code, why=why)
    work.post(
        entry
        for each in pieces
        for entry in (_gone(each), _there(each, bin=each.bin, state=StockState.AVAILABLE))
    )
    publish(
        StockReceived(
            thread=work.reference,
            subject=work.reference,
            by=by,
            at=at,
            units=(units_of(work.place, work.unit, work.level_id, quantity),),
        )
    )


@batch_service
def scrap_units(
    *,
    location: str,
    sku: str,
    quantity: int,
    reason: str,
    by: Actor,
    at: datetime,
    bin: str | None = None,
    lot: str | None = None,
    state: str = StockState.AVAILABLE,
    key: str = "",
) -> None:
    """Take units off the books for good; those promised to orders cannot be scrapped.

    The same `key` again scraps nothing.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock, StockIsSpokenFor, LotNotNamed, NotInBin,
        Busy.
    Locks: StockLevel.
    """
    work = _Work(MovementKind.SCRAP, location, sku, reason, by, at, key)
    if not work.is_new():
        return
    work.take_from_free(quantity, state)
    work.post(_gone(each) for each in work.take(quantity, bin, lot, state))


class _Work:
    """One act on units of one SKU at one location."""

    def __init__(
        self,
        kind: MovementKind,
        location: str,
        sku: str,
        reason: str,
        by: Actor,
        at: datetime,
        key: str,
    ) -> None:
        self.kind, self.reason, self.by, self.at, self.key = kind, reason, by, at, key
        self.place, self.unit = location_named(location), sku_named(sku)
        self.level_id = ensure_levels([(self.place.pk, self.unit.pk)])[self.place.pk, self.unit.pk]
        self.reference = f"{kind}:{location}:{sku}"[:64]
        self.source_id: int | None = None

    def is_new(self) -> bool:
        """Whether this was not done yet; it is from now on."""
        if not self.key:
            return True
        if Handling.objects.filter(key=self.key).exists():
            return False
        done = Handling(key=self.key, kind=self.kind, done_by=str(self.by), done_at=self.at)
        record(done)
        self.source_id = done.pk
        return True

    def take_from_free(self, quantity: int, state: str) -> None:
        """Lock the level; raises StockIsSpokenFor where orders are promised what is taken."""
        [level] = lock(StockLevel.objects.filter(pk=self.level_id))
        if state == StockState.AVAILABLE and level.available < quantity:
            raise StockIsSpokenFor(
                sku=self.unit.code,
                location=self.place.code,
                on_hand=level.on_hand,
                reserved=level.reserved + level.held,
                quantity_delta=-quantity,
            )

    def take(self, quantity: int, bin: str | None, lot: str | None, state: str) -> list[Piece]:
        shelves = Shelves([self.level_id])
        if lot is None and self.unit.tracking != Sku.Tracking.NONE:
            there = sorted(
                {
                    each.lot
                    for each in shelves
                    if each.state == state and (bin is None or each.bin == bin)
                }
            )
            if len(there) > 1:
                raise LotNotNamed(sku=self.unit.code, lots=there)
        pieces = shelves.take(self.level_id, quantity, bin=bin, lot=lot, state=state)
        if (found := sum(each.units for each in pieces)) < quantity:
            raise NotInBin(
                sku=self.unit.code,
                place=place_text(bin or "", lot or ""),
                requested=quantity,
                found=found,
            )
        return pieces

    def post(self, entries: Iterable[Entry]) -> None:
        post(
            [each._replace(source_id=self.source_id) for each in entries],
            kind=self.kind,
            reference=self.reference,
            reason=self.reason,
            by=self.by,
            at=self.at,
        )


def _gone(piece: Piece) -> Entry:
    return Entry(
        piece.level_id, units=-piece.units, bin=piece.bin, lot=piece.lot, state=piece.state
    )


def _there(piece: Piece, *, bin: str, state: str) -> Entry:
    return Entry(piece.level_id, units=piece.units, bin=bin, lot=piece.lot, state=state)
