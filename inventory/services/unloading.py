"""Units of a transfer come in at the target, counted by its own people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.errors import (
    NothingReceived,
    NotOnTransfer,
    TooManyReceived,
    TransferNotFound,
)
from inventory.events import TransferReceived
from inventory.models import Transfer, TransferEntry, TransferLine, TransferStep
from inventory.selectors.transfers import lots_in_transit
from inventory.services.receiving import Arrival, receive
from inventory.services.transfers import lines_of, locked_transfer, restate
from inventory.states import TRANSFER, MovementKind, StockState, TransferStepKind
from oms.core.actors import Actor
from oms.core.batch import Again, record
from oms.core.events import publish
from oms.core.services import batch_service


@dataclass(frozen=True)
class Came:
    """Units of one SKU that came: fit for sale, or damaged. No lot: as they were sent."""

    sku: str
    good: int = 0
    damaged: int = 0
    lot: str = ""
    bin: str = ""


@dataclass(frozen=True)
class _Row:
    """Units of one lot, and where they go."""

    entry: TransferEntry
    bin: str


@batch_service
def receive_transfer(
    *,
    number: str,
    counts: Sequence[Came],
    key: str,
    by: Actor,
    at: datetime,
    keep_over: bool = False,
) -> Transfer:
    """Take in what came, whole or in part, and promise it to those who wait there.

    The same `key` again changes nothing. Damaged units arrive held. Units beyond what is in
    transit are refused unless `keep_over`. Orders that wait are locked before the transfer, so
    it is decided on as it was read; if it was changed meanwhile, all is done anew.

    Raises: TransferNotFound, NothingReceived, NotOnTransfer, TransitionNotAllowed,
        TooManyReceived, SerialTaken, Busy.
    Locks: Transfer, StockLevel, Lot.
    Publishes: StockReceived, TransferReceived.
    """
    before = Transfer.objects.filter(number=number).select_related("target").first()
    if before is None:
        raise TransferNotFound(number=number)
    counts = [each for each in counts if each.good or each.damaged]
    if not counts:
        raise NothingReceived
    if TransferStep.objects.filter(key=key, transfer=before).exists():
        return before
    TRANSFER.after("receive", before.status)
    lines = {line.sku.code: line for line in lines_of(before)}
    step = TransferStep(
        transfer=before, kind=TransferStepKind.RECEIVE, key=key, done_by=str(by), done_at=at
    )
    record(step)
    rows = _rows(before, step, lines, counts, keep_over)
    record(*(row.entry for row in rows))
    receive(
        arrivals=[
            Arrival(
                row.entry.line.sku,
                before.target,
                row.entry.units,
                bin=row.bin,
                lot=row.entry.lot,
                state=StockState(row.entry.state),
                source_id=row.entry.pk,
            )
            for row in rows
        ],
        reference=number,
        by=by,
        at=at,
        kind=MovementKind.TRANSFER_IN,
    )

    transfer = locked_transfer(number)
    if transfer.version != before.version:
        raise Again
    for row in rows:
        line = row.entry.line
        line.received += row.entry.units
        line.over += row.entry.over
    TransferLine.objects.bulk_update(lines.values(), ["received", "over"])
    complete = not any(line.to_ship or line.in_transit for line in lines.values())
    transfer.status = TRANSFER.after("receive" if complete else "receive_part", transfer.status)
    transfer.ended_at = at if complete else None
    restate(transfer, "status", "ended_at")
    publish(
        TransferReceived(
            thread=number,
            subject=number,
            by=by,
            at=at,
            source=transfer.source.code,
            target=transfer.target.code,
            units=_by_sku(rows),
            damaged=_by_sku([row for row in rows if row.entry.state == StockState.DAMAGED]),
            complete=complete,
        )
    )
    return transfer


def _rows(
    transfer: Transfer,
    step: TransferStep,
    lines: dict[str, TransferLine],
    counts: Sequence[Came],
    keep_over: bool,
) -> list[_Row]:
    """Set what came against what is in transit, lot by lot; the rest came over."""
    coming = lots_in_transit(transfer)
    rows: list[_Row] = []
    for each in counts:
        line = lines.get(each.sku)
        if line is None:
            raise NotOnTransfer(number=transfer.number, sku=each.sku)
        lots = coming.get(line.pk, {})
        named = {each.lot: lots.get(each.lot, 0)} if each.lot else dict(lots)
        expected = sum(named.values())
        if each.good + each.damaged > expected and not keep_over:
            raise TooManyReceived(
                number=transfer.number,
                sku=each.sku,
                received=each.good + each.damaged,
                expected=expected,
            )
        for state, units in (
            (StockState.AVAILABLE, each.good),
            (StockState.DAMAGED, each.damaged),
        ):
            for lot, is_over, part in _parts(lots, list(named), units, each.lot):
                entry = TransferEntry(
                    step=step,
                    line=line,
                    lot=lot,
                    units=part,
                    over=part if is_over else 0,
                    state=state,
                )
                rows.append(_Row(entry, each.bin))
    return rows


def _parts(
    lots: dict[str, int], names: Sequence[str], units: int, named: str
) -> list[tuple[str, bool, int]]:
    """Take units out of what is in transit of these lots; what is beyond that is over."""
    parts: list[tuple[str, bool, int]] = []
    for lot in names:
        if part := min(units, lots.get(lot, 0)):
            lots[lot] -= part
            units -= part
            parts.append((lot, False, part))
    if units:
        parts.append((named, True, units))
    return parts


def _by_sku(rows: Sequence[_Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        code = row.entry.line.sku.code
        found[code] = found.get(code, 0) + row.entry.units
    return found
