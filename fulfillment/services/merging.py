from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from fulfillment.errors import FulfillmentOrderNotFound, NotTheSame
from fulfillment.events import FulfillmentOrderMerged
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.services.moving import refuse_begun
from fulfillment.services.slips import renew_slips
from fulfillment.services.waves.changing import let_go
from fulfillment.services.working import Work, by_sku, lock_work, lock_work_of, portions_of
from fulfillment.states import FULFILLMENT_ORDER
from inventory import services as inventory
from inventory.models import Reservation
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.services import batch_service


@batch_service
def merge_work(*, number: str, other: str, by: Actor, at: datetime) -> FulfillmentOrder:
    """Make the units of `other` part of this work; that one is over.

    Both are for one order, at one location, to one address by one service, and nobody has begun
    with them; where one is on hold or released, so is the other.

    Raises: FulfillmentOrderNotFound, NotTheSame, TransitionNotAllowed, WorkHasBegun, Busy.
    Locks: Order, FulfillmentOrder, Wave, StockLevel.
    Publishes: FulfillmentOrderMerged, WaveFinished.
    """
    work = lock_work(number=number)
    if other == number:
        raise FulfillmentOrderNotFound(number=other)
    gone = lock_work_of(work.order, number=other)
    for each in (work, gone):
        refuse_begun(each, "merge")
    _refuse_different(work, gone)
    moving = [line for line in gone.lines if line.quantity]
    units = {line: line.quantity for line in moving}
    twins = {line.order_line_id: line for line in work.lines if line.quantity}
    joined = [twins[each.order_line_id] for each in moving if each.order_line_id in twins]
    status = FULFILLMENT_ORDER.after("cancel", gone.fulfillment_order.status)

    before = portions_of({**units, **{line: line.quantity for line in joined}})
    reservations = inventory.reserve(
        claims=[
            inventory.Claim(
                line.reservation.level_id,
                line.quantity + (twin.quantity if (twin := twins.get(line.order_line_id)) else 0),
            )
            for line in moving
        ],
        reference=number,
        by=by,
        at=at,
    )
    _write(work, gone, moving, reservations, status)

    publish(
        FulfillmentOrderMerged(
            thread=work.order.number,
            subject=number,
            by=by,
            at=at,
            location=work.location,
            merged=other,
            units=by_sku(units),
        )
    )
    let_go(number=other, is_elsewhere=True, by=by, at=at)
    renew_slips(number=number, at=at)
    inventory.release(portions=before, reference=other, by=by, at=at)
    return work.fulfillment_order


def _write(
    work: Work,
    gone: Work,
    moving: Sequence[FulfillmentOrderLine],
    reservations: Sequence[Reservation],
    status: str,
) -> None:
    """Each line becomes part of its twin, or a line of its own; what is over has none left."""
    twins = {line.order_line_id: line for line in work.lines if line.quantity}
    joined: list[FulfillmentOrderLine] = []
    for line, reservation in zip(moving, reservations, strict=True):
        twin = twins.get(line.order_line_id)
        if twin is None:
            record(
                FulfillmentOrderLine(
                    fulfillment_order_id=work.fulfillment_order.pk,
                    order_line_id=line.order_line_id,
                    sku_id=line.sku_id,
                    reservation_id=reservation.pk,
                    quantity=line.quantity,
                )
            )
        else:
            twin.reservation = reservation
            twin.quantity += line.quantity
            joined.append(twin)
        work.fulfillment_order.units += line.quantity
        line.quantity = 0
    FulfillmentOrderLine.objects.bulk_update([*joined, *moving], ["quantity", "reservation"])
    gone.fulfillment_order.units = 0
    gone.fulfillment_order.status = status
    FulfillmentOrder.objects.bulk_update(
        [work.fulfillment_order, gone.fulfillment_order], ["units", "status"]
    )


SAME: Mapping[str, Callable[[FulfillmentOrder], object]] = {
    "location": lambda each: each.location_id,
    "address": lambda each: each.ship_to,
    "service": lambda each: each.service,
    "state": lambda each: each.status,
    "hold": lambda each: each.hold_reason,
}


def _refuse_different(work: Work, other: Work) -> None:
    one, two = work.fulfillment_order, other.fulfillment_order
    for name, of in SAME.items():
        if of(one) != of(two):
            raise NotTheSame(number=one.number, other=two.number, differs=name)
