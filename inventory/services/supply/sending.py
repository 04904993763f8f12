"""Units of a transfer leave the source: from which bin, of which lot, how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from inventory.errors import (
    LotNotAsked,
    NothingToTransfer,
    NotInBin,
    NotOnTransfer,
    TooManyShipped,
)
from inventory.events import TransferShipped
from inventory.models import Transfer, TransferEntry, TransferLine, TransferStep
from inventory.services.choosing import Piece, Shelves, place_text
from inventory.services.ledger import Entry, post
from inventory.services.reserving import Portion, lower_reservations
from inventory.services.transfers import lines_of, locked_transfer, restate
from inventory.states import TRANSFER, MovementKind, TransferStatus, TransferStepKind
from oms.core.actors import Actor
from oms.core.batch import Again, record
from oms.core.events import publish
from oms.core.services import batch_service


@dataclass(frozen=True)
class Load:
    """Units of one SKU that leave; no bin or lot: what expires first, then as the walk goes."""

    sku: str
    quantity: int
    bin: str = ""
    lot: str = ""


@batch_service
def ship_transfer(
    *,
    number: str,
    key: str,
    by: Actor,
    at: datetime,
    loads: Sequence[Load] | None = None,
    expected_on: date | None = None,
) -> Transfer:
    """Send units on their way, whole or in part (None: all that is left); lots go along.

    The same `key` again changes nothing. Who ships may say a new day of arrival.

    Raises: TransferNotFound, TransitionNotAllowed, NothingToTransfer, NotOnTransfer,
        LotNotAsked, TooManyShipped, NotInBin, Busy.
    Locks: Transfer, StockLevel.
    Publishes: TransferShipped.
    """
    transfer = locked_transfer(number)
    if TransferStep.objects.filter(key=key, transfer=transfer).exists():
        return transfer
    is_rest = transfer.status == TransferStatus.PART_RECEIVED
    transfer.status = TRANSFER.after("ship_rest" if is_rest else "ship", transfer.status)
    lines = {line.sku.code: line for line in lines_of(transfer)}
    if loads is None:
        loads = [Load(code, line.to_ship) for code, line in lines.items()]
    loads = [each for each in loads if each.quantity]
    if not loads:
        raise NothingToTransfer
    taken = _taken(transfer, lines, loads)

    step = TransferStep(
        transfer=transfer, kind=TransferStepKind.SHIP, key=key, done_by=str(by), done_at=at
    )
    record(step)
    _post(transfer, step, taken, by, at)
    sent = {line.sku.code: sum(piece.units for piece in pieces) for line, pieces in taken if pieces}
    TransferLine.objects.bulk_update([line for line, _ in taken], ["shipped"])
    transfer.shipped_at = transfer.shipped_at or at
    transfer.expected_on = expected_on or transfer.expected_on
    restate(transfer, "status", "shipped_at", "expected_on")
    publish(
        TransferShipped(
            thread=number,
            subject=number,
            by=by,
            at=at,
            source=transfer.source.code,
            target=transfer.target.code,
            units=sent,
            expected_on=transfer.expected_on.isoformat() if transfer.expected_on else "",
            complete=not any(line.to_ship for line in lines.values()),
        )
    )
    return transfer


Taken = list[tuple[TransferLine, list[Piece]]]


def _taken(transfer: Transfer, lines: dict[str, TransferLine], loads: Sequence[Load]) -> Taken:
    """Return the units that leave, by line; the lines count them as shipped."""
    for each in loads:
        if each.sku not in lines:
            raise NotOnTransfer(number=transfer.number, sku=each.sku)
    shelves = Shelves(lines[each.sku].reservation.level_id for each in loads)
    found: dict[str, list[Piece]] = {}
    for each in loads:
        line = lines[each.sku]
        if line.lot and each.lot and line.lot != each.lot:
            raise LotNotAsked(sku=each.sku, lot=each.lot, asked=line.lot)
        if each.quantity > line.to_ship:
            raise TooManyShipped(
                number=transfer.number, sku=each.sku, shipped=each.quantity, left=line.to_ship
            )
        line.shipped += each.quantity
        lot = each.lot or line.lot
        pieces = shelves.take(
            line.reservation.level_id, each.quantity, bin=each.bin or None, lot=lot or None
        )
        if (units := sum(piece.units for piece in pieces)) < each.quantity:
            if not each.bin and not lot:
                raise Again  # reserved units always lie there: they moved as we looked
            raise NotInBin(
                sku=each.sku,
                place=place_text(each.bin, lot),
                requested=each.quantity,
                found=units,
            )
        found.setdefault(each.sku, []).extend(pieces)
    return [(lines[code], pieces) for code, pieces in found.items()]


def _post(transfer: Transfer, step: TransferStep, taken: Taken, by: Actor, at: datetime) -> None:
    rows: dict[tuple[int, str], TransferEntry] = {}
    for line, pieces in taken:
        for piece in pieces:
            row = rows.setdefault(
                (line.pk, piece.lot), TransferEntry(step=step, line=line, lot=piece.lot, units=0)
            )
            row.units += piece.units
    record(*rows.values())
    lower_reservations(
        [
            Portion(line.reservation_id, piece.level_id, piece.units)
            for line, pieces in taken
            for piece in pieces
        ]
    )
    post(
        [
            Entry(
                piece.level_id,
                units=-piece.units,
                reserved=-piece.units,
                bin=piece.bin,
                lot=piece.lot,
                source_id=rows[line.pk, piece.lot].pk,
            )
            for line, pieces in taken
            for piece in pieces
        ],
        kind=MovementKind.TRANSFER_OUT,
        reference=transfer.number,
        by=by,
        at=at,
    )
