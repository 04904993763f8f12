"""Transfers between locations: requested, called off, ended. Who asks reserves at the source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from inventory.errors import (
    InsufficientStock,
    NothingToTransfer,
    NotInBin,
    SameLocation,
    TransferChanged,
    TransferNotFound,
)
from inventory.events import TransferCancelled, TransferClosed, TransferRequested
from inventory.models import (
    StockLevel,
    Transfer,
    TransferEntry,
    TransferLine,
    TransferStep,
)
from inventory.selectors.transfers import lots_in_transit
from inventory.services.choosing import Shelves, place_text
from inventory.services.levels import ensure_levels
from inventory.services.naming import location_named
from inventory.services.reserving import Claim, Portion, release, reserve
from inventory.states import TRANSFER, TransferStepKind
from oms.catalog.models import Sku
from oms.catalog.selectors import skus_by_code
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.numbers import gapless_number
from oms.core.services import batch_service


@dataclass(frozen=True)
class Wanted:
    """Units of one SKU that are to be sent; no lot: the one that expires first."""

    sku: str
    quantity: int
    lot: str = ""


@batch_service
def request_transfer(
    *,
    source: str,
    target: str,
    lines: Sequence[Wanted],
    key: str,
    by: Actor,
    at: datetime,
    expected_on: date | None = None,
    note: str = "",
) -> Transfer:
    """Ask one location to send units to another; they are reserved there, all or none.

    The same `key` again changes nothing and returns the transfer made first.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock, SameLocation, NothingToTransfer,
        InsufficientStock, NotInBin, Busy.
    Locks: NumberSeries, StockLevel.
    Publishes: TransferRequested.
    """
    made = Transfer.objects.filter(key=key).first()
    if made is not None:
        return made
    sender, receiver = location_named(source), location_named(target)
    if sender.pk == receiver.pk:
        raise SameLocation(location=source)
    wanted = _together(lines)
    refs = skus_by_code(list(wanted))
    skus = {sku.code: sku for sku in Sku.objects.filter(pk__in=[ref.pk for ref in refs.values()])}
    levels = ensure_levels([(sender.pk, sku.pk) for sku in skus.values()])
    level_ids = {code: levels[sender.pk, sku.pk] for code, sku in skus.items()}
    _refuse_what_is_not_free(wanted, level_ids)

    number = gapless_number("TR")
    reservations = reserve(
        claims=[Claim(level_ids[each.sku], each.quantity) for each in wanted.values()],
        reference=number,
        by=by,
        at=at,
    )
    transfer = Transfer(
        number=number,
        key=key,
        source=sender,
        target=receiver,
        expected_on=expected_on,
        note=note,
        requested_by=str(by),
        requested_at=at,
    )
    record(transfer)
    record(
        *(
            TransferLine(
                transfer=transfer,
                sku=skus[each.sku],
                lot=each.lot,
                reservation=reservation,
                quantity=each.quantity,
            )
            for each, reservation in zip(wanted.values(), reservations, strict=True)
        )
    )
    publish(
        TransferRequested(
            thread=number,
            subject=number,
            by=by,
            at=at,
            source=source,
            target=target,
            units={each.sku: each.quantity for each in wanted.values()},
            expected_on=expected_on.isoformat() if expected_on else "",
        )
    )
    return transfer


@batch_service
def cancel_transfer(*, number: str, reason: str, by: Actor, at: datetime) -> Transfer:
    """Call a transfer off before anything left; its units are free again.

    Raises: TransferNotFound, TransitionNotAllowed, Busy.
    Locks: Transfer, StockLevel.
    Publishes: TransferCancelled.
    """
    transfer = locked_transfer(number)
    transfer.status = TRANSFER.after("cancel", transfer.status)
    _free(transfer, lines_of(transfer), by, at)
    _end(transfer, reason, at)
    publish(
        TransferCancelled(
            thread=number,
            subject=number,
            by=by,
            at=at,
            source=transfer.source.code,
            target=transfer.target.code,
            reason=reason,
        )
    )
    return transfer


@batch_service
def close_transfer(
    *,
    number: str,
    reason: str,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> Transfer:
    """Expect nothing more: what is in transit is lost, what never left is free again.

    Raises: TransferNotFound, TransferChanged, TransitionNotAllowed, Busy.
    Locks: Transfer, StockLevel.
    Publishes: TransferClosed.
    """
    transfer = locked_transfer(number, expected_version)
    transfer.status = TRANSFER.after("close", transfer.status)
    lines = lines_of(transfer)
    lost = {line.sku.code: line.in_transit for line in lines if line.in_transit}
    kept = {line.sku.code: line.to_ship for line in lines if line.to_ship}
    if lost:
        step = TransferStep(
            transfer=transfer,
            kind=TransferStepKind.LOSE,
            key=f"close:{number}",
            done_by=str(by),
            done_at=at,
        )
        record(step)
        record(
            *(
                TransferEntry(step=step, line_id=line_id, lot=lot, units=units)
                for line_id, lots in lots_in_transit(transfer).items()
                for lot, units in lots.items()
            )
        )
    _free(transfer, lines, by, at)
    for line in lines:
        line.lost += line.in_transit
    TransferLine.objects.bulk_update(lines, ["lost"])
    _end(transfer, reason, at)
    publish(
        TransferClosed(
            thread=number,
            subject=number,
            by=by,
            at=at,
            source=transfer.source.code,
            target=transfer.target.code,
            reason=reason,
            lost=lost,
            kept=kept,
        )
    )
    return transfer


def locked_transfer(number: str, expected_version: int | None = None) -> Transfer:
    """Lock a transfer and return it, fresh.

    Raises: TransferNotFound, TransferChanged when it is not the version looked at.
    """
    found = Transfer.objects.filter(number=number).select_related("source", "target")
    transfer = lock_one(found, missing=TransferNotFound(number=number))
    if expected_version is not None and transfer.version != expected_version:
        raise TransferChanged(number=number)
    return transfer


def lines_of(transfer: Transfer) -> list[TransferLine]:
    lines = TransferLine.objects.filter(transfer=transfer)
    return list(lines.select_related("sku", "reservation").order_by("sku__code"))


def restate(transfer: Transfer, *fields: str) -> None:
    """Write these fields, and count the change."""
    transfer.version += 1
    transfer.save(update_fields=[*fields, "version"])


def _together(lines: Iterable[Wanted]) -> dict[str, Wanted]:
    """Return one line for each SKU; of two that name it the units are added."""
    found: dict[str, Wanted] = {}
    for each in lines:
        if each.quantity <= 0:
            continue
        before = found.get(each.sku)
        units = each.quantity + (before.quantity if before else 0)
        lot = each.lot if before is None or before.lot == each.lot else ""
        found[each.sku] = Wanted(each.sku, units, lot)
    if not found:
        raise NothingToTransfer
    return found


def _refuse_what_is_not_free(wanted: dict[str, Wanted], level_ids: dict[str, int]) -> None:
    """Advice before the promise: `reserve` proves it as the batch ends."""
    levels = StockLevel.objects.select_related("location").in_bulk(level_ids.values())
    lacking: list[dict[str, Any]] = [
        {
            "sku": each.sku,
            "requested": each.quantity,
            "available": level.available,
            "location": level.location.code,
        }
        for each in wanted.values()
        if (level := levels[level_ids[each.sku]]).available < each.quantity
    ]
    if lacking:
        raise InsufficientStock(**lacking[0], others=lacking[1:])
    shelves = Shelves(level_ids[each.sku] for each in wanted.values() if each.lot)
    for each in wanted.values():
        if not each.lot:
            continue
        pieces = shelves.take(level_ids[each.sku], each.quantity, lot=each.lot)
        if (found := sum(piece.units for piece in pieces)) < each.quantity:
            raise NotInBin(
                sku=each.sku,
                place=place_text("", each.lot),
                requested=each.quantity,
                found=found,
            )


def _free(transfer: Transfer, lines: Iterable[TransferLine], by: Actor, at: datetime) -> None:
    release(
        portions=[
            Portion(line.reservation_id, line.reservation.level_id, line.to_ship)
            for line in lines
            if line.to_ship
        ],
        reference=transfer.number,
        by=by,
        at=at,
    )


def _end(transfer: Transfer, reason: str, at: datetime) -> None:
    transfer.ended_at, transfer.end_reason = at, reason
    restate(transfer, "status", "ended_at", "end_reason")
