from collections.abc import Mapping, Sequence
from datetime import datetime

from fulfillment.errors import ReasonNeeded
from fulfillment.events import FulfillmentOrderPicked, FulfillmentOrderRejected
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.rules.counting import Taken, hand_out
from fulfillment.services.counting import Counted, line_of_scan, units_by_line
from fulfillment.services.resourcing import ask_others
from fulfillment.services.working import Step, Work, by_sku, lock_work, move, refuse_on_hold
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
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderPicked, FulfillmentOrderRejected, OrderRouted, OrderBackordered.
    """
    work = lock_work(number=number)
    picked_status = FULFILLMENT_ORDER.after("pick", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PICK)
    found = {line: left_to_pick(line) for line in work.lines}
    if lines is not None:
        found = units_by_line(work, lines, left_to_pick)
    short = {line: left_to_pick(line) - found.get(line, 0) for line in work.lines}
    missing = by_sku(short)
    if missing and not reason:
        raise ReasonNeeded(number=number, missing=missing, known=list(PROBLEMS))
    if nothing := not any(found.get(line, 0) + line.picked for line in work.lines):
        picked_status = FULFILLMENT_ORDER.after("reject", work.fulfillment_order.status)

    move(
        work,
        [Step(line, picked=found.get(line, 0), quantity=-short[line]) for line in work.lines],
        status=picked_status,
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
    else:
        _tell_picked(work, missing, reason, lines or (), by, at)
    picks = picks_of(found, lines or ())
    inventory.pick(picks=picks, reference=number, by=by, at=at)
    ask_others(work, short, reason=reason, by=by, at=at)
    return work.fulfillment_order


@batch_service
def pick_one(*, number: str, code: str, by: Actor, at: datetime) -> FulfillmentOrderLine:
    """Count one unit whose barcode or SKU was scanned; the last one ends the picking.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, WrongItem, ExtraUnit,
        UnknownCode, Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderPicked.
    """
    work = lock_work(number=number)
    status = FULFILLMENT_ORDER.after("start", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PICK)
    line = line_of_scan(work, code, left_to_pick, lambda line: line.quantity)
    is_last = sum(left_to_pick(each) for each in work.lines) == 1
    if is_last:
        status = FULFILLMENT_ORDER.after("pick", work.fulfillment_order.status)

    move(work, [Step(line, picked=1)], status=status, by=by, at=at)

    if is_last:
        _tell_picked(work, {}, "", (), by, at)
    inventory.pick(picks=picks_of({line: 1}, ()), reference=number, by=by, at=at)
    return line


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
