from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from fulfillment.errors import (
    AlreadyUndone,
    FulfillmentOrderNotFound,
    HeldBack,
    NobodyWaits,
    NothingToGive,
    OutOfReach,
    ReallocationNotFound,
    SameOrder,
)
from fulfillment.events import ReallocationMade, ReallocationUndone
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Reallocation
from fulfillment.selectors import Reaching, queues
from fulfillment.services.goals import Units
from fulfillment.services.routing import route_units
from fulfillment.services.slips import renew_slips
from fulfillment.services.withdrawing import Taken, shrink, tell_reduced
from fulfillment.states import BEFORE_PACKED, ReallocationReason
from inventory import services as inventory
from inventory.selectors import Supply
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.numbers import gapless_number
from oms.core.services import batch_service
from orders.errors import OrderNotFound
from orders.events import OrderBackordered
from orders.models import Order, OrderLine
from orders.services import LineMoves, record_progress


@batch_service
def reallocate(
    *,
    work: str,
    sku: str,
    taker: str,
    units: int,
    reason: ReallocationReason,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Reallocation:
    """Give units that are reserved for `work`, and not picked yet, to an order that waits.

    The order that gives waits for them again, at its old place in the queue. The units stay
    where they are.

    Raises: FulfillmentOrderNotFound, OrderNotFound, SameOrder, NothingToGive, NobodyWaits,
        HeldBack, OutOfReach, Busy.
    Locks: Order, FulfillmentOrder, NumberSeries, StockLevel.
    Publishes: ReallocationMade, FulfillmentOrderReduced, OrderBackordered, OrderRouted.
    """
    source = FulfillmentOrder.objects.filter(number=work).first()
    if source is None:
        raise FulfillmentOrderNotFound(number=work)
    orders = lock(Order.objects.filter(Q(pk=source.order_id) | Q(number=taker)))
    giving = next(each for each in orders if each.pk == source.order_id)
    taking = next((each for each in orders if each.number == taker), None)
    if taking is None:
        raise OrderNotFound(number=taker)
    rows = _take(giving, source.pk, sku, units)
    lines = _waiting(taking, giving, rows[0].row, units, at)
    number = gapless_number("RA")
    for order in (giving, taking):
        publish(
            ReallocationMade(
                thread=order.number,
                subject=number,
                by=by,
                at=at,
                sku=sku,
                units=units,
                location=rows[0].row.fulfillment_order.location.code,
                gives=order is giving,
                reason=ReallocationReason(reason).label,
            )
        )
    made = _move(giving, taking, rows, lines, units, number, by, at)
    kept = Reallocation(
        number=number,
        sku_id=rows[0].row.sku_id,
        location_id=source.location_id,
        giver_id=giving.pk,
        taker_id=taking.pk,
        given_by_id=source.pk,
        taken_by_id=made.pk,
        units=units,
        reason=reason,
        note=note,
        moved_by=str(by),
        moved_at=at,
    )
    record(kept)
    return kept


@batch_service
def undo_reallocation(*, number: str, by: Actor, at: datetime) -> Reallocation:
    """Give the units back to the order that had them, as long as nobody has picked them.

    Raises: ReallocationNotFound, AlreadyUndone, NothingToGive, NobodyWaits, HeldBack, OutOfReach,
        Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: ReallocationUndone, FulfillmentOrderReduced, OrderBackordered, OrderRouted.
    """
    named = Reallocation.objects.filter(number=number)
    found = named.first()
    if found is None:
        raise ReallocationNotFound(number=number)
    orders = {
        each.pk: each
        for each in lock(Order.objects.filter(pk__in=[found.giver_id, found.taker_id]))
    }
    found = named.select_related("sku", "location").get()
    if found.is_undone:
        raise AlreadyUndone(number=number)
    giving, taking = orders[found.taker_id], orders[found.giver_id]
    rows = _take(giving, found.taken_by_id, found.sku.code, found.units)
    lines = _waiting(taking, giving, rows[0].row, found.units, at)
    for order in (giving, taking):
        publish(
            ReallocationUndone(
                thread=order.number,
                subject=number,
                by=by,
                at=at,
                sku=found.sku.code,
                units=found.units,
                location=found.location.code,
                gives=order is taking,
            )
        )
    _move(giving, taking, rows, lines, found.units, number, by, at)
    found.undone_by, found.undone_at = str(by), at
    found.save(update_fields=["undone_by", "undone_at"])
    return found


def _take(giving: Order, work_id: int, sku: str, units: int) -> list[Taken]:
    """Find so many units in a piece of work that nobody has picked; its rows are lowered."""
    [work] = lock(FulfillmentOrder.objects.filter(pk=work_id).select_related("location"))
    rows = FulfillmentOrderLine.objects.filter(fulfillment_order=work, sku__code=sku)
    rows = rows.select_related("reservation__level", "sku").order_by("-pk")
    taken: list[Taken] = []
    left = units
    free = 0
    for row in rows if work.status in BEFORE_PACKED else ():
        row.fulfillment_order = work
        free += row.quantity - row.picked
        if part := min(left, row.quantity - row.picked):
            row.quantity -= part
            left -= part
            taken.append(Taken(row, part, 0))
    if left or not taken:
        raise NothingToGive(number=work.number, sku=sku, requested=units, available=free)
    work.order = giving
    return taken


def _waiting(
    taking: Order, giving: Order, row: FulfillmentOrderLine, units: int, at: datetime
) -> list[OrderLine]:
    """Return the lines of an order that wait for what `row` has, and may have it from there.

    They go to one address.
    """
    if taking.pk == giving.pk:
        raise SameOrder(number=taking.number)
    sku, place = row.sku, row.fulfillment_order.location
    waiters = [each for each in queues([sku.pk]).of(sku.pk) if each.order_id == taking.pk]
    if held := next((each for each in waiters if each.is_held), None):
        raise HeldBack(number=taking.number, holds=list(held.holds))
    reach = Reaching(at)
    reached = {each.line_id for each in waiters if place.pk in reach(each)}
    if waiters and not reached:
        raise OutOfReach(number=taking.number, location=place.name)
    lines = OrderLine.objects.filter(pk__in=reached).order_by("position")
    together = [line for line in lines if line.ship_to == lines[0].ship_to]
    waiting = sum(line.backordered for line in together)
    if waiting < units:
        raise NobodyWaits(number=taking.number, sku=sku.code, requested=units, waiting=waiting)
    return together


def _move(
    giving: Order,
    taking: Order,
    rows: Sequence[Taken],
    lines: Sequence[OrderLine],
    units: int,
    reference: str,
    by: Actor,
    at: datetime,
) -> FulfillmentOrder:
    """Take units out of the work of one order, and route them to the other from where they lie."""
    work = rows[0].row.fulfillment_order
    FulfillmentOrderLine.objects.bulk_update([each.row for each in rows], ["quantity"])
    shrink(work)
    work.save(update_fields=["units", "status"])
    record_progress(
        order=giving,
        moves=[
            LineMoves(each.row.order_line_id, allocated=-each.units, backordered=each.units)
            for each in rows
        ],
        by=by,
        at=at,
    )
    tell_reduced(giving, work, rows, by, at)
    if work.units:
        renew_slips(number=work.number, at=at)
    short = {rows[0].row.sku.code: units}
    publish(
        OrderBackordered(thread=giving.number, subject=giving.number, by=by, at=at, units=short)
    )
    inventory.release(
        portions=[
            inventory.Portion(each.row.reservation_id, each.row.reservation.level_id, each.units)
            for each in rows
        ],
        reference=reference,
        by=by,
        at=at,
    )
    level = rows[0].row.reservation.level
    supply = Supply(level.pk, level.sku_id, level.location_id, units)
    wanted: list[Units] = []
    left = units
    for line in lines:
        if part := min(left, line.backordered):
            left -= part
            wanted.append(Units(line, part, waiting=part))
    [made] = route_units(
        order=taking,
        units=wanted,
        by=by,
        at=at,
        only={(level.location_id, level.sku_id): supply},
    )
    return made
