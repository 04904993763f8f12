from collections.abc import Mapping, Sequence
from datetime import datetime

from fulfillment.errors import CollectedHere, NothingToSplit, WorkHasBegun
from fulfillment.events import FulfillmentOrderMoved, FulfillmentOrderSplit
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.services.counting import Counted, units_by_line
from fulfillment.services.slips import renew_slips
from fulfillment.services.working import Work, by_sku, lock_work, portions_of, refuse_unless
from fulfillment.states import BEFORE_PICKED
from inventory import services as inventory
from inventory.errors import InsufficientStock, LocationNotFound
from inventory.models import Location
from inventory.selectors import supply
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.numbers import part_number
from oms.core.services import batch_service


@batch_service
def move_work(
    *, number: str, location: str, reason: str = "", by: Actor, at: datetime
) -> FulfillmentOrder:
    """Have the same work done at another location, if everything is free there.

    Raises: FulfillmentOrderNotFound, LocationNotFound, TransitionNotAllowed, WorkHasBegun,
        CollectedHere, InsufficientStock, Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderMoved.
    """
    work = lock_work(number=number)
    refuse_begun(work, "move")
    if work.fulfillment_order.is_pickup:
        raise CollectedHere(number=number, location=work.fulfillment_order.location.name)
    target = Location.objects.filter(code=location, is_active=True).first()
    if target is None:
        raise LocationNotFound(location=location)
    moving = {line: line.quantity for line in work.lines if line.quantity}
    before = work.location
    if target.pk == work.fulfillment_order.location_id:
        return work.fulfillment_order
    levels = _levels(target, moving)

    _reserve_anew(moving, levels, number, by, at)
    work.fulfillment_order.location = target
    work.fulfillment_order.distance_km = None
    work.fulfillment_order.save(update_fields=["location", "distance_km"])

    publish(
        FulfillmentOrderMoved(
            thread=work.order.number,
            subject=number,
            by=by,
            at=at,
            location=target.code,
            came_from=before,
            reason=reason,
        )
    )
    renew_slips(number=number, at=at)
    return work.fulfillment_order


@batch_service
def split_work(
    *, number: str, lines: Sequence[Counted], by: Actor, at: datetime
) -> FulfillmentOrder:
    """Make units into work of their own, at the same location; return the new work.

    Raises: FulfillmentOrderNotFound, TransitionNotAllowed, WorkHasBegun, UnknownLine,
        TooManyUnits, NothingToSplit, Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderSplit.
    """
    work = lock_work(number=number)
    old = work.fulfillment_order
    refuse_begun(work, "split")
    leaving = units_by_line(work, lines, lambda line: line.quantity)
    units = sum(leaving.values())
    if not 0 < units < old.units:
        raise NothingToSplit(number=number)
    nth = FulfillmentOrder.objects.filter(order=work.order).count() + 1
    new = FulfillmentOrder(
        number=part_number("FO", work.order.number, nth),
        order_id=work.order.pk,
        location_id=old.location_id,
        status=old.status,
        stops=old.stops,
        ship_to=old.ship_to,
        service=old.service,
        distance_km=old.distance_km,
        units=units,
        created_at=at,
    )

    record(new)
    portions = portions_of(leaving)
    claims = [inventory.Claim(each.level_id, each.quantity) for each in portions]
    reservations = inventory.reserve(claims=claims, reference=new.number, by=by, at=at)
    for reservation, (line, quantity) in zip(reservations, leaving.items(), strict=True):
        line.quantity -= quantity
        record(
            FulfillmentOrderLine(
                fulfillment_order_id=new.pk,
                order_line_id=line.order_line_id,
                sku_id=line.sku_id,
                reservation_id=reservation.pk,
                quantity=quantity,
            )
        )
    FulfillmentOrderLine.objects.bulk_update(list(leaving), ["quantity"])
    old.units -= units
    old.save(update_fields=["units"])

    publish(
        FulfillmentOrderSplit(
            thread=work.order.number,
            subject=number,
            by=by,
            at=at,
            location=work.location,
            new_number=new.number,
            units=by_sku(leaving),
        )
    )
    renew_slips(number=number, at=at)
    inventory.release(portions=portions, reference=number, by=by, at=at)
    new.order, new.location = work.order, old.location
    return new


def refuse_begun(work: Work, verb: str) -> None:
    """Raise `TransitionNotAllowed` or `WorkHasBegun` unless nobody has picked a unit yet."""
    refuse_unless(work.fulfillment_order, verb, BEFORE_PICKED)
    if picked := sum(line.picked for line in work.lines):
        raise WorkHasBegun(number=work.fulfillment_order.number, picked=picked)


def _levels(target: Location, moving: Mapping[FulfillmentOrderLine, int]) -> dict[int, int]:
    """The stock levels at `target` by SKU, when they have everything."""
    found = supply(sku_ids=[line.sku_id for line in moving], location_ids=[target.pk])
    free = {each.sku_id: each.available for each in found}
    for sku, quantity in by_sku(moving).items():
        sku_id = next(line.sku_id for line in moving if line.sku.code == sku)
        if free.get(sku_id, 0) < quantity:
            raise InsufficientStock(
                sku=sku,
                requested=quantity,
                available=max(0, free.get(sku_id, 0)),
                location=target.code,
            )
    return {each.sku_id: each.level_id for each in found}


def _reserve_anew(
    moving: Mapping[FulfillmentOrderLine, int],
    levels: Mapping[int, int],
    number: str,
    by: Actor,
    at: datetime,
) -> None:
    """Swap the reservations behind these lines for others, with the stock taken at the end."""
    before = portions_of(moving)
    claims = [inventory.Claim(levels[line.sku_id], units) for line, units in moving.items()]
    reservations = inventory.reserve(claims=claims, reference=number, by=by, at=at)
    for line, reservation in zip(moving, reservations, strict=True):
        line.reservation = reservation
    FulfillmentOrderLine.objects.bulk_update(list(moving), ["reservation"])
    inventory.release(portions=before, reference=number, by=by, at=at)
