from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef

from fulfillment.errors import ReasonNeeded
from fulfillment.events import (
    FulfillmentOrderPicked,
    FulfillmentOrderRejected,
    FulfillmentOrderShort,
)
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, WaveOrder
from fulfillment.rules.counting import Taken, hand_out
from fulfillment.services.counting import Counted, line_of_scan, units_by_line, units_of_scan
from fulfillment.services.resourcing import ask_others
from fulfillment.services.waves.changing import let_go
from fulfillment.services.working import (
    Reading,
    Step,
    Work,
    by_sku,
    lock_work,
    move,
    refuse_on_hold,
)
from fulfillment.states import FULFILLMENT_ORDER, PROBLEMS
from inventory import services as inventory
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import batch_service
from orders.states import Stop


@batch_service
def pick(
    *,
    number: str,
    lines: Sequence[Counted] | None = None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> FulfillmentOrder:
    """Say what was found of everything that was left to pick; `lines` left out: all of it.

    Units that were not found need a `reason` and leave this work at once: other locations are
    asked for them, and they are backordered where none has any. A reason that says something of
    the stock ("missing", "damaged") takes them off the books here. Work of which nothing was
    found at all is rejected.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, UnknownLine, TooManyUnits,
        ReasonNeeded, NotInBin, Busy.
    Locks: Order, FulfillmentOrder, Wave, StockLevel.
    Publishes: FulfillmentOrderPicked, FulfillmentOrderRejected, WaveFinished, OrderRouted,
        OrderBackordered.
    """
    work = lock_to_pick(number)
    FULFILLMENT_ORDER.after("pick", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PICK)
    found = {line: left_to_pick(line) for line in work.lines}
    if lines is not None:
        found = units_by_line(work, lines, left_to_pick)
    short = {line: left_to_pick(line) - found.get(line, 0) for line in work.lines}
    _settle(work, found, short, lines or (), reason, by, at)
    return work.fulfillment_order


@batch_service
def pick_part(
    *,
    number: str,
    lines: Sequence[Counted] = (),
    short: Sequence[Counted] = (),
    reason: str = "",
    by: Actor,
    at: datetime,
) -> FulfillmentOrder:
    """Say what was found, and what is not there, of some of the units left to pick; the others
    still wait. The last ones end the picking.

    Units that are `short` need a `reason` and leave this work as with `pick`.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, UnknownLine, TooManyUnits,
        ReasonNeeded, NotInBin, Busy.
    Locks: Order, FulfillmentOrder, Wave, StockLevel.
    Publishes: FulfillmentOrderPicked, FulfillmentOrderRejected, FulfillmentOrderShort,
        WaveFinished, OrderRouted, OrderBackordered.
    """
    work = lock_to_pick(number)
    pick_some(work, lines=lines, short=short, reason=reason, by=by, at=at)
    return work.fulfillment_order


def pick_some(
    work: Work,
    *,
    lines: Sequence[Counted] = (),
    short: Sequence[Counted] = (),
    reason: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Pick some units of locked work, and give up those that are `short`.

    Raises: OnHold, TransitionNotAllowed, UnknownLine, TooManyUnits, ReasonNeeded, NotInBin.
    """
    FULFILLMENT_ORDER.after("start", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PICK)
    found = units_by_line(work, lines, left_to_pick)
    missing = units_by_line(work, short, lambda line: left_to_pick(line) - found.get(line, 0))
    _settle(work, found, missing, lines, reason, by, at)


def _settle(
    work: Work,
    found: Mapping[FulfillmentOrderLine, int],
    short: Mapping[FulfillmentOrderLine, int],
    counted: Sequence[Counted],
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Move what was found, ask others for what was not, and tell of it.

    Raises: TransitionNotAllowed, ReasonNeeded, NotInBin.
    """
    number = work.fulfillment_order.number
    missing = by_sku(short)
    if missing and not reason:
        raise ReasonNeeded(number=number, missing=missing, known=list(PROBLEMS))
    still = {
        line: left_to_pick(line) - found.get(line, 0) - short.get(line, 0) for line in work.lines
    }
    is_over = not any(still.values())
    nothing = is_over and not any(found.get(line, 0) + line.picked for line in work.lines)
    verb = "reject" if nothing else "pick" if is_over else "start"

    move(
        work,
        [
            Step(line, picked=found.get(line, 0), quantity=-short.get(line, 0))
            for line in work.lines
        ],
        status=FULFILLMENT_ORDER.after(verb, work.fulfillment_order.status),
        by=by,
        at=at,
    )

    if nothing:
        publish(
            FulfillmentOrderRejected(
                thread=work.order.number,
                subject=number,
                by=by,
                at=at,
                location=work.location,
                reason=reason,
                units=missing,
            )
        )
    elif is_over:
        _tell_picked(work, missing, reason, counted, by, at)
    elif missing:
        publish(
            FulfillmentOrderShort(
                thread=work.order.number,
                subject=number,
                by=by,
                at=at,
                location=work.location,
                reason=reason,
                units=missing,
            )
        )
    _tell_waves(work, by, at)
    inventory.pick(picks=picks_of(found, counted), reference=number, by=by, at=at)
    ask_others(work, short, reason=reason, by=by, at=at)


@batch_service
def pick_one(*, number: str, code: str, by: Actor, at: datetime) -> FulfillmentOrderLine:
    """Count one unit whose barcode or SKU was scanned, or as many as the label of a case says; the
    last one ends the picking.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, WrongItem, ExtraUnit,
        CaseScanned, UnknownCode, TooManyUnits, Busy.
    Locks: Order, FulfillmentOrder, Wave, StockLevel.
    Publishes: FulfillmentOrderPicked, WaveFinished.
    """
    work = lock_to_pick(number)
    status = FULFILLMENT_ORDER.after("start", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PICK)
    line = line_of_scan(work, code, left_to_pick, lambda line: line.quantity)
    units = units_of_scan(work, line, code, left_to_pick)
    is_last = sum(left_to_pick(each) for each in work.lines) == units
    if is_last:
        status = FULFILLMENT_ORDER.after("pick", work.fulfillment_order.status)

    move(work, [Step(line, picked=units)], status=status, by=by, at=at)

    if is_last:
        _tell_picked(work, {}, "", (), by, at)
    _tell_waves(work, by, at)
    inventory.pick(picks=picks_of({line: units}, ()), reference=number, by=by, at=at)
    return line


def lock_to_pick(number: str) -> Work:
    """Lock work as `lock_work` does, and know whether a wave is walked for it.

    Raises: FulfillmentOrderNotFound.
    Locks: Order, FulfillmentOrder.
    """
    return lock_work(number=number, reading=TO_PICK)


TO_PICK = Reading(
    is_in_wave=Exists(
        WaveOrder.objects.filter(fulfillment_order=OuterRef("fulfillment_order"), is_live=True)
    )
)


def _tell_waves(work: Work, by: Actor, at: datetime) -> None:
    """End the waves of which nothing is left now."""
    if work.facts["is_in_wave"]:
        let_go(number=work.fulfillment_order.number, by=by, at=at)


def picks_of(
    found: Mapping[FulfillmentOrderLine, int], counted: Sequence[Counted]
) -> list[inventory.Pick]:
    """Return what leaves the shelves for each line, from where it was said to be taken."""
    said: dict[str, list[Taken]] = {}
    for each in counted:
        said.setdefault(each.sku, []).append(Taken(each.quantity, each.bin, each.lot))
    return [
        inventory.Pick(
            line.reservation_id,
            line.reservation.level_id,
            taken.units,
            bin=taken.bin,
            lot=taken.lot,
            must_match=line.sku.tracking != Sku.Tracking.NONE,
        )
        for line, units in found.items()
        for taken in hand_out(said.get(line.sku.code, []), units)
    ]


def left_to_pick(line: FulfillmentOrderLine) -> int:
    return line.quantity - line.picked


def _tell_picked(
    work: Work,
    short: dict[str, int],
    reason: str,
    counted: Sequence[Counted],
    by: Actor,
    at: datetime,
) -> None:
    publish(
        FulfillmentOrderPicked(
            thread=work.order.number,
            subject=work.fulfillment_order.number,
            by=by,
            at=at,
            location=work.location,
            units=sum(line.picked for line in work.lines),
            short=short,
            reason=reason,
            taken_from=[
                {"sku": each.sku, "quantity": each.quantity, "bin": each.bin, "lot": each.lot}
                for each in counted
                if each.bin or each.lot
            ],
        )
    )
