"""What becomes of a count when all is counted: looked into, counted again, approved."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from inventory.errors import (
    BinsNotCounted,
    CorrectedSince,
    CountChanged,
    CountedUnitsArePromised,
    CountNotFound,
    NothingToRecount,
    NotInBin,
    WaitsForSecondPerson,
)
from inventory.events import (
    AdjustmentAsked,
    StockCountApproved,
    StockCountFinished,
    StockCountRecounted,
    StockReceived,
)
from inventory.models import (
    AdjustmentRequest,
    CountBin,
    CountLine,
    Quant,
    Reservation,
    StockCount,
    StockLevel,
)
from inventory.services.choosing import place_text
from inventory.services.counts.documents import (
    NO_BIN,
    lines_of_count,
    locked_count,
    restate_count,
    units_by_sku,
)
from inventory.services.counts.limits import Over, above_limit
from inventory.services.counts.recording import books_at
from inventory.services.ledger import Entry, post
from inventory.services.lots import Proof, prove, unsold
from inventory.services.naming import units_of
from inventory.states import COUNT, AdjustmentStatus, MovementKind, StockState
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.batch import Again, current, record
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.numbers import gapless_number
from oms.core.services import batch_service, service

MOST_NAMED = 8


@service
def finish_count(*, number: str, by: Actor, at: datetime) -> StockCount:
    """Hand the count in. Without a difference it approves itself, else it is looked into.

    Raises: CountNotFound, TransitionNotAllowed, BinsNotCounted.
    Locks: StockCount.
    Publishes: StockCountFinished, StockCountApproved.
    """
    count = locked_count(number)
    count.status = COUNT.after("finish", count.status)
    left = CountBin.objects.filter(count=count, done_at=None).order_by("code")
    if codes := [each.code or NO_BIN for each in left]:
        raise BinsNotCounted(number=number, bins=codes)
    count.counted_at = at
    lines = lines_of_count(count)
    different = [line for line in lines if line.difference]
    told = {"thread": number, "subject": number, "location": count.location.code}
    publish(StockCountFinished(**told, by=by, at=at, differences=len(different)))
    if different:
        count.status = COUNT.after("investigate", count.status)
    else:
        _end(count, by, at)
        publish(StockCountApproved(**told, by=by, at=at, units={}))
    restate_count(count, "status", "counted_at", "ended_by", "ended_at")
    return count


@service
def ask_recount(
    *, number: str, by: Actor, at: datetime, expected_version: int | None = None
) -> StockCount:
    """Have what differs counted again, by somebody other than who counted it.

    Raises: CountNotFound, CountChanged, TransitionNotAllowed, WaitsForSecondPerson,
        NothingToRecount.
    Locks: StockCount.
    Publishes: StockCountRecounted.
    """
    count = locked_count(number, expected_version)
    count.status = COUNT.after("recount", count.status)
    _refuse_waiting(count)
    lines = [line for line in lines_of_count(count) if line.difference]
    if not lines:
        raise NothingToRecount(number=number)
    for line in lines:
        if line.first_counted is None:
            line.first_expected, line.first_counted = line.expected, line.counted
            line.first_by, line.first_at = line.counted_by, line.counted_at
        line.not_by, line.counted_by, line.counted_at = line.counted_by, "", None
        line.expected = line.counted = None
        line.is_disturbed = False
    CountLine.objects.bulk_update(
        lines,
        [
            "first_expected",
            "first_counted",
            "first_by",
            "first_at",
            "not_by",
            "counted_by",
            "counted_at",
            "expected",
            "counted",
            "is_disturbed",
        ],
    )
    bins = {line.bin for line in lines}
    CountBin.objects.filter(count=count, code__in=bins).update(done_at=None, done_by="")
    count.recounts += 1
    count.counted_at = None
    restate_count(count, "status", "recounts", "counted_at")
    publish(
        StockCountRecounted(
            thread=number,
            subject=number,
            by=by,
            at=at,
            location=count.location.code,
            skus=sorted({line.level.sku.code for line in lines}),
        )
    )
    return count


@dataclass(frozen=True)
class Outcome:
    """The count, and the request that waits for a second person where it is worth too much."""

    count: StockCount
    request: AdjustmentRequest | None = None


@batch_service
def approve_count(
    *, number: str, by: Actor, at: datetime, expected_version: int | None = None
) -> Outcome:
    """Let the books follow the count, by its differences: what moved since stays right.

    Above the limit it is asked of a second person instead.

    Raises: CountNotFound, CountChanged, TransitionNotAllowed, WaitsForSecondPerson,
        CorrectedSince, CountedUnitsArePromised, NotInBin, SerialTaken, Busy.
    Locks: StockCount, NumberSeries, StockLevel, Lot.
    Publishes: StockReceived, StockCountApproved, AdjustmentAsked.
    """
    before = _looked_at(number, expected_version)
    lines = [line for line in lines_of_count(before) if line.difference]
    units: Counter[int] = Counter()
    for line in lines:
        units[line.level.sku_id] += abs(line.difference)
    _refuse_waiting(before)
    if over := above_limit(units):
        return Outcome(before, _ask_second(before, lines, over, by, at))
    return Outcome(enter_count(before, by=by, at=at))


def _looked_at(number: str, expected_version: int | None) -> StockCount:
    count = StockCount.objects.filter(number=number).select_related("location").first()
    if count is None:
        raise CountNotFound(number=number)
    COUNT.after("approve", count.status)
    if expected_version is not None and count.version != expected_version:
        raise CountChanged(number=number)
    return count


def _ask_second(
    before: StockCount, lines: Sequence[CountLine], over: Over, by: Actor, at: datetime
) -> AdjustmentRequest:
    count = locked_count(before.number)
    if count.version != before.version:
        raise Again
    request = AdjustmentRequest(
        number=gapless_number("AR"),
        location=count.location,
        count=count,
        quantity_delta=sum(line.difference for line in lines),
        reason=count.note,
        value=over.value,
        currency=over.currency,
        asked_by=str(by),
        asked_at=at,
    )
    record(request)
    restate_count(count)
    publish(
        AdjustmentAsked(
            thread=count.number,
            subject=request.number,
            by=by,
            at=at,
            location=count.location.code,
            what=count.number,
            quantity_delta=request.quantity_delta,
            value=str(over.value),
            currency=over.currency,
            reason=request.reason,
        )
    )
    return request


def _refuse_waiting(count: StockCount) -> None:
    waiting = AdjustmentRequest.objects.filter(count=count, status=AdjustmentStatus.WAITING)
    for request in waiting:
        raise WaitsForSecondPerson(number=count.number, request=request.number)


def enter_count(
    before: StockCount,
    *,
    by: Actor,
    at: datetime,
    once_locked: Callable[[], object] = bool,
) -> StockCount:
    """Enter the differences of a count into the ledger, as part of a batch.

    What came is told first, so that the orders that wait for it are locked before this count;
    what is refused then undoes it. What else is to be locked is locked by `once_locked`, between
    the count and its levels.
    """
    lines = [line for line in lines_of_count(before) if line.difference]
    states = _states(lines, at)
    post(
        [
            Entry(
                line.level_id,
                units=line.difference,
                bin=line.bin,
                lot=line.lot,
                state=states[line.pk],
                source_id=line.pk,
            )
            for line in lines
        ],
        kind=MovementKind.COUNT,
        reference=before.number,
        reason=before.note,
        by=by,
        at=at,
    )
    _prove(lines, states)
    net: Counter[int] = Counter()
    for line in lines:
        net[line.level_id] += line.difference if states[line.pk] == StockState.AVAILABLE else 0
    _tell_arrivals(before, lines, net, by, at)

    count = locked_count(before.number)
    if count.version != before.version:
        raise Again
    count.status = COUNT.after("approve", count.status)
    once_locked()
    levels = {level.pk: level for level in lock(StockLevel.objects.filter(pk__in=net))}
    _check(count, lines, levels, net)
    _end(count, by, at)
    restate_count(count, "status", "ended_by", "ended_at")
    publish(
        StockCountApproved(
            thread=count.number,
            subject=count.number,
            by=by,
            at=at,
            location=count.location.code,
            units=units_by_sku(lines),
        )
    )
    return count


def _end(count: StockCount, by: Actor, at: datetime) -> None:
    count.status = COUNT.after("approve", count.status) if count.is_open else count.status
    count.ended_by, count.ended_at = str(by), at
    CountLine.objects.filter(count=count).update(is_open=False)


def _states(lines: Sequence[CountLine], at: datetime) -> dict[int, StockState]:
    """Return in which state each line's units are entered: what was found of a lot that must not
    be sold is kept apart, as if it had arrived."""
    kept = unsold(
        ((line.level.sku_id, line.lot) for line in lines if line.difference > 0),
        timezone.localdate(at),
    )
    return {
        line.pk: StockState.QUARANTINE
        if line.difference > 0 and (line.level.sku_id, line.lot) in kept
        else StockState.AVAILABLE
        for line in lines
    }


def _prove(lines: Sequence[CountLine], states: dict[int, StockState]) -> None:
    batch = current()
    proofs = [
        Proof(
            line.level.sku_id,
            line.level.sku.code,
            line.lot,
            is_serial=line.level.sku.tracking == Sku.Tracking.SERIAL,
            is_for_sale=states[line.pk] == StockState.AVAILABLE,
        )
        for line in lines
        if line.lot and line.difference > 0
    ]
    if proofs and batch:
        batch.close_with(prove, proofs)


def _tell_arrivals(
    count: StockCount, lines: Sequence[CountLine], net: Counter[int], by: Actor, at: datetime
) -> None:
    skus = {line.level_id: line.level.sku for line in lines}
    arrived = tuple(
        units_of(count.location, skus[level_id], level_id, units)
        for level_id, units in sorted(net.items())
        if units > 0
    )
    if arrived:
        publish(
            StockReceived(thread=count.number, subject=count.number, by=by, at=at, units=arrived)
        )


def _check(
    count: StockCount,
    lines: Sequence[CountLine],
    levels: dict[int, StockLevel],
    net: Counter[int],
) -> None:
    """See whether the ledger can take these differences, with its levels locked."""
    books = books_at(lines)
    for line in lines:
        if books[line.pk][1] != line.corrections:
            raise CorrectedSince(sku=line.level.sku.code, place=place_text(line.bin, line.lot))
    skus = {line.level_id: line.level.sku.code for line in lines}
    for level_id, units in sorted(net.items()):
        level = levels[level_id]
        if units < 0 and level.available < -units:
            claims = Reservation.objects.filter(level=level, quantity__gt=0).order_by("-id")
            raise CountedUnitsArePromised(
                sku=skus[level_id],
                location=count.location.code,
                missing=-units,
                available=level.available,
                references=list(claims.values_list("reference", flat=True)[:MOST_NAMED]),
            )
    lying = {
        (each.level_id, each.bin, each.lot): each.quantity
        for each in Quant.objects.filter(level__in=levels, state=StockState.AVAILABLE)
    }
    for line in lines:
        there = lying.get((line.level_id, line.bin, line.lot), 0)
        if there < -line.difference:
            raise NotInBin(
                sku=line.level.sku.code,
                place=place_text(line.bin, line.lot),
                requested=-line.difference,
                found=there,
            )
