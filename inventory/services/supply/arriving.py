from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from inventory.errors import (
    LotMissing,
    NothingReceived,
    NotOnReplenishment,
    RejectedWithoutReason,
    ReplenishmentNotFound,
    TooManyReceived,
)
from inventory.events import ReplenishmentReceived
from inventory.models import (
    Commitment,
    Receipt,
    ReceiptLine,
    ReplenishmentLine,
    ReplenishmentOrder,
)
from inventory.services.receiving import Arrival, receive
from inventory.services.supply.documents import lines_of, locked_replenishment, restate
from inventory.states import REPLENISHMENT, StockState
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.services import batch_service


@dataclass(frozen=True)
class Count:
    """Units of one SKU that came: taken in, or rejected for a reason.

    Units that are kept though they cannot be sold are taken in with a `state` in which they are
    held. A SKU that is tracked names the lot or serial number of what is taken in.
    """

    sku: str
    accepted: int = 0
    rejected: int = 0
    reason: str = ""
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None
    state: StockState = StockState.AVAILABLE


@batch_service
def receive_replenishment(
    *,
    number: str,
    counts: Sequence[Count],
    key: str,
    by: Actor,
    at: datetime,
    reference: str = "",
    keep_over: bool = False,
) -> ReplenishmentOrder:
    """Take in a delivery, whole or in part, and promise its units to those who wait.

    The same `key` again changes nothing. Units beyond what was asked are refused unless
    `keep_over`. Those who wait are served first, since their orders are locked before this one;
    what is refused then undoes it.

    Raises: ReplenishmentNotFound, NothingReceived, RejectedWithoutReason, NotOnReplenishment,
        LotMissing, SerialTaken, TransitionNotAllowed, TooManyReceived, Busy.
    Locks: ReplenishmentOrder, StockLevel, Lot.
    Publishes: StockReceived, ReplenishmentReceived.
    """
    before = ReplenishmentOrder.objects.filter(number=number).select_related("location").first()
    if before is None:
        raise ReplenishmentNotFound(number=number)
    counts = [each for each in counts if each.accepted or each.rejected]
    if not counts:
        raise NothingReceived
    if Receipt.objects.filter(key=key).exists():
        return before
    rows = _rows(before, counts, key, reference, by, at)
    receive(
        arrivals=[
            Arrival(
                row.line.sku,
                before.location,
                row.accepted,
                bin=each.bin,
                lot=each.lot,
                expires_on=each.expires_on,
                state=each.state,
                source_id=row.pk,
            )
            for row, each in zip(rows, counts, strict=True)
            if row.accepted
        ],
        reference=number,
        by=by,
        at=at,
        reason=reference and f"Delivery {reference}",
    )

    order = locked_replenishment(number)
    REPLENISHMENT.after("receive", order.status)
    lines = {line.pk: line for line in lines_of(order)}
    commitments = _commitments(lines)
    if not keep_over:
        _refuse_more_than_asked(order, lines, rows)
    for row in rows:
        line = lines[row.line_id]
        _take_in(line, row)
        row.promised_on = _keep_word(commitments.get(line.pk, []), row.accepted)
    ReplenishmentLine.objects.bulk_update(lines.values(), ["received", "rejected", "over"])
    Commitment.objects.bulk_update(
        [each for given in commitments.values() for each in given], ["received"]
    )
    complete = not any(line.missing for line in lines.values())
    order.status = REPLENISHMENT.after("receive" if complete else "receive_part", order.status)
    order.received_at = at
    restate(order, "status", "received_at")
    publish(
        ReplenishmentReceived(
            thread=number,
            subject=number,
            by=by,
            at=at,
            supplier=order.supplier.code,
            location=order.location.code,
            units=_by_sku((each.sku, each.accepted) for each in counts),
            rejected=_by_sku((each.sku, each.rejected) for each in counts),
            complete=complete,
        )
    )
    return order


def _by_sku(units: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for sku, count in units:
        if count:
            found[sku] = found.get(sku, 0) + count
    return found


def _rows(
    order: ReplenishmentOrder,
    counts: Sequence[Count],
    key: str,
    reference: str,
    by: Actor,
    at: datetime,
) -> list[ReceiptLine]:
    lines = {line.sku.code: line for line in lines_of(order)}
    for each in counts:
        if each.sku not in lines:
            raise NotOnReplenishment(number=order.number, sku=each.sku)
        if each.rejected and not each.reason:
            raise RejectedWithoutReason(sku=each.sku)
        is_tracked = lines[each.sku].sku.tracking != Sku.Tracking.NONE
        if each.accepted and is_tracked and not each.lot:
            raise LotMissing(sku=each.sku)
    receipt = Receipt(
        order=order, key=key, reference=reference, received_by=str(by), received_at=at
    )
    record(receipt)
    rows = [
        ReceiptLine(
            receipt=receipt,
            line=lines[each.sku],
            accepted=each.accepted,
            rejected=each.rejected,
            reason=each.reason if each.rejected else "",
            lot=each.lot if each.accepted else "",
            state=each.state,
        )
        for each in counts
    ]
    record(*rows)
    return rows


def _refuse_more_than_asked(
    order: ReplenishmentOrder, lines: dict[int, ReplenishmentLine], rows: Sequence[ReceiptLine]
) -> None:
    came = Counter[int]()
    for row in rows:
        came[row.line_id] += row.accepted
    for pk, units in came.items():
        line = lines[pk]
        if units > line.missing:
            raise TooManyReceived(
                number=order.number, sku=line.sku.code, received=units, expected=line.missing
            )


def _take_in(line: ReplenishmentLine, row: ReceiptLine) -> None:
    line.over += max(0, row.accepted - line.missing)
    line.received += row.accepted
    line.rejected += row.rejected


def _commitments(lines: dict[int, ReplenishmentLine]) -> dict[int, list[Commitment]]:
    """What suppliers still owe by their word, by line, the earliest first."""
    found: dict[int, list[Commitment]] = {}
    standing = Commitment.objects.filter(line__in=lines, withdrawn_at=None)
    for each in standing.order_by("expected_on", "id"):
        found.setdefault(each.line_id, []).append(each)
    return found


def _keep_word(commitments: Sequence[Commitment], units: int) -> date | None:
    """Set units against the earliest commitments; return the day of the first."""
    first: date | None = None
    for each in commitments:
        if taken := min(units, each.left):
            each.received += taken
            units -= taken
            first = first or each.expected_on
    return first
