from datetime import datetime

from fulfillment.errors import NotCollected, ProofNeeded, WrongPickupCode
from fulfillment.events import FulfillmentOrderReadyForPickup, ShipmentDelivered
from fulfillment.models import Pickup, Shipment
from fulfillment.rules.pickups import new_code, same_code
from fulfillment.services.shipping import TO_LEAVE, leave, refuse_second
from fulfillment.services.working import Work, by_sku, lock_work, refuse_on_hold
from fulfillment.states import FULFILLMENT_ORDER, ShipmentStatus
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.numbers import part_number
from oms.core.services import batch_service
from orders.services import LineMoves, record_progress
from orders.states import PICKUP, Stop


def make_ready(work: Work, *, by: Actor, at: datetime) -> None:
    """With everything packed, have a code to collect it with, and tell that it waits."""
    if not work.fulfillment_order.is_pickup:
        return
    record(Pickup(fulfillment_order_id=work.fulfillment_order.pk, code=new_code(), ready_at=at))
    publish(
        FulfillmentOrderReadyForPickup(
            thread=work.order.number,
            subject=work.fulfillment_order.number,
            by=by,
            at=at,
            location=work.location,
            order=work.order,
        )
    )


def not_ready(work: Work) -> None:
    """What is unpacked again waits for nobody; packed anew it gets another code."""
    Pickup.objects.filter(fulfillment_order=work.fulfillment_order).delete()


@batch_service
def hand_over(*, number: str, code: str = "", proof: str = "", by: Actor, at: datetime) -> Shipment:
    """Give a packed order to the customer at the counter: it left, and it is delivered.

    They show the code of their letter; without it `proof` says how they were known ("passport").
    Who comes second is told of the first.

    Raises: FulfillmentOrderNotFound, AlreadyShipped, NotCollected, OnHold, TransitionNotAllowed,
        ProofNeeded, WrongPickupCode, Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: ShipmentShipped, ShipmentDelivered, OrderCompleted.
    """
    work = lock_work(number=number, reading=TO_LEAVE)
    if not work.fulfillment_order.is_pickup:
        raise NotCollected(number=number)
    refuse_second(work)
    status = FULFILLMENT_ORDER.after("hand_over", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.SHIP)
    pickup = Pickup.objects.get(fulfillment_order=work.fulfillment_order)
    if code and not same_code(code, pickup.code):
        raise WrongPickupCode(number=number)
    if not code and not proof.strip():
        raise ProofNeeded(number=number)
    shipment = Shipment(
        number=part_number("SH", work.order.number, (work.facts["shipments"] or 0) + 1),
        fulfillment_order_id=work.fulfillment_order.pk,
        status=ShipmentStatus.DELIVERED,
        service=PICKUP,
        shipped_by=str(by),
        shipped_at=at,
        delivered_at=at,
    )
    units = {line: line.packed for line in work.lines if line.packed}
    delivered = [LineMoves(line.order_line_id, delivered=count) for line, count in units.items()]

    pickup.handed_over_at, pickup.handed_over_by = at, str(by)
    pickup.proof = "code" if code else proof.strip()
    pickup.save(update_fields=["handed_over_at", "handed_over_by", "proof"])
    leave(work, shipment, status=status, by=by, at=at)
    record_progress(order=work.order, moves=delivered, by=by, at=at)

    publish(
        ShipmentDelivered(
            thread=work.order.number,
            subject=shipment.number,
            by=by,
            at=at,
            units=by_sku(units),
        )
    )
    return shipment
