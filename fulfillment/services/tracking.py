from datetime import datetime

from fulfillment.errors import ShipmentNotFound, UnknownTrackingStatus
from fulfillment.events import ShipmentDelivered, ShipmentTrackingUpdated
from fulfillment.models import (
    FulfillmentOrder,
    PackageLine,
    Shipment,
    TrackingEvent,
)
from fulfillment.rules.tracking import normalised, status_after
from fulfillment.states import FULFILLMENT_ORDER, FulfillmentOrderStatus, ShipmentStatus
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.services import batch_service
from orders.models import Order
from orders.services import LineMoves, record_progress


@batch_service
def record_tracking(
    *,
    number: str,
    status: str,
    occurred_at: datetime,
    location: str = "",
    message: str = "",
    by: Actor,
) -> Shipment:
    """Put down what a carrier or warehouse says about a shipment.

    Messages may come late, twice or out of order: the latest event decides, a repeat changes
    nothing, and what was delivered stays so. With its last shipment delivered, the fulfillment
    order is.

    Raises: UnknownTrackingStatus, ShipmentNotFound.
    Locks: Order, FulfillmentOrder, Shipment.
    Publishes: ShipmentTrackingUpdated, ShipmentDelivered.
    """
    said = normalised(status)
    if said is None:
        raise UnknownTrackingStatus(said=status, known=list(ShipmentStatus.values))
    missing = ShipmentNotFound(number=number)
    named = Shipment.objects.filter(number=number)
    order = lock_one(
        Order.objects.filter(pk__in=named.values("fulfillment_order__order_id")), missing=missing
    )
    work = lock_one(
        FulfillmentOrder.objects.filter(pk__in=named.values("fulfillment_order_id")),
        missing=missing,
    )
    shipment = lock_one(named, missing=missing)
    known = list(shipment.events.values_list("status", "occurred_at"))
    if (said, occurred_at) in known:
        return shipment
    before = shipment.status
    shipment.status = status_after(before, said, occurred_at, known)
    record(
        TrackingEvent(
            shipment_id=shipment.pk,
            status=said,
            occurred_at=occurred_at,
            location=location,
            message=message,
        )
    )
    if shipment.status == before:
        _tell(order, shipment, said, occurred_at, location, message, by)
        return shipment

    if said == ShipmentStatus.DELIVERED:
        shipment.delivered_at = occurred_at
    shipment.save(update_fields=["status", "delivered_at"])
    _tell(order, shipment, said, occurred_at, location, message, by)
    if said == ShipmentStatus.DELIVERED:
        _deliver(order, work, shipment, occurred_at, by)
    return shipment


def _tell(
    order: Order,
    shipment: Shipment,
    said: ShipmentStatus,
    occurred_at: datetime,
    location: str,
    message: str,
    by: Actor,
) -> None:
    publish(
        ShipmentTrackingUpdated(
            thread=order.number,
            subject=shipment.number,
            by=by,
            at=occurred_at,
            status=said,
            location=location,
            message=message,
        )
    )


def _deliver(
    order: Order, work: FulfillmentOrder, shipment: Shipment, at: datetime, by: Actor
) -> None:
    inside = PackageLine.objects.filter(package__shipment=shipment).select_related("line__sku")
    units: dict[str, int] = {}
    by_line: dict[int, int] = {}
    for each in inside:
        units[each.line.sku.code] = units.get(each.line.sku.code, 0) + each.quantity
        key = each.line.order_line_id
        by_line[key] = by_line.get(key, 0) + each.quantity
    record_progress(
        order=order,
        moves=[LineMoves(line_id, delivered=quantity) for line_id, quantity in by_line.items()],
        by=by,
        at=at,
    )
    on_the_way = Shipment.objects.filter(fulfillment_order=work).exclude(
        status=ShipmentStatus.DELIVERED
    )
    if work.status == FulfillmentOrderStatus.SHIPPED and not on_the_way.exists():
        work.status = FULFILLMENT_ORDER.after("deliver", work.status)
        work.save(update_fields=["status"])
    publish(
        ShipmentDelivered(thread=order.number, subject=shipment.number, by=by, at=at, units=units)
    )
