from datetime import datetime

from django.db.models import Count, OuterRef, Subquery

from fulfillment.errors import AlreadyShipped, TrackingNumberTaken
from fulfillment.events import ShipmentShipped
from fulfillment.models import Shipment
from fulfillment.rules.carriage import cheapest, tracking_page
from fulfillment.services.working import (
    Step,
    Work,
    by_sku,
    lock_work,
    move,
    refuse_on_hold,
)
from fulfillment.states import FULFILLMENT_ORDER, FulfillmentOrderStatus
from inventory import services as inventory
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.numbers import part_number
from oms.core.services import batch_service
from orders.states import Stop

SHIPMENTS_OF_ORDER = Subquery(
    Shipment.objects.filter(fulfillment_order__order=OuterRef("fulfillment_order__order"))
    .order_by()
    .values("fulfillment_order__order")
    .annotate(count=Count("pk"))
    .values("count")
)
GONE = {FulfillmentOrderStatus.SHIPPED, FulfillmentOrderStatus.DELIVERED}


@batch_service
def ship(
    *,
    number: str,
    carrier: str = "",
    service: str = "",
    tracking_number: str = "",
    by: Actor,
    at: datetime,
) -> Shipment:
    """Let the packages go: the units leave the stock, the parcel has a number to follow it by.

    Nothing named: the cheapest service of the built-in table that keeps the promise. Who comes
    second is told of the first.

    Raises: FulfillmentOrderNotFound, AlreadyShipped, OnHold, TransitionNotAllowed,
        TrackingNumberTaken, Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: ShipmentShipped, OrderCompleted.
    """
    taken = Shipment.objects.filter(carrier=carrier, tracking_number=tracking_number)
    work = lock_work(
        number=number,
        shipments=SHIPMENTS_OF_ORDER,
        taken=Subquery(taken.exclude(tracking_number="").values("number")[:1]),
    )
    _refuse_second(work)
    status = FULFILLMENT_ORDER.after("ship", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.SHIP)
    if work.facts["taken"]:
        raise TrackingNumberTaken(
            carrier=carrier, tracking_number=tracking_number, shipment=work.facts["taken"]
        )
    leaving = {line: line.packed for line in work.lines if line.packed}
    shipment = Shipment(
        number=part_number("SH", work.order.number, (work.facts["shipments"] or 0) + 1),
        fulfillment_order_id=work.fulfillment_order.pk,
        carrier=carrier,
        service=service or ("" if tracking_number else _service(work, at)),
        tracking_number=tracking_number,
        tracking_url=tracking_page(carrier, tracking_number),
        shipped_by=str(by),
        shipped_at=at,
    )

    record(shipment)
    steps = [Step(line, shipped=quantity) for line, quantity in leaving.items()]
    move(work, steps, status=status, shipment=shipment, by=by, at=at)

    publish(
        ShipmentShipped(
            thread=work.order.number,
            subject=shipment.number,
            by=by,
            at=at,
            fulfillment_order=number,
            location=work.location,
            carrier=carrier,
            service=shipment.service,
            tracking_number=tracking_number,
            tracking_url=shipment.tracking_url,
            units=by_sku(leaving),
            order=work.order,
        )
    )
    inventory.ship(
        portions=[
            inventory.Portion(line.reservation_id, line.reservation.level_id, quantity, line.pk)
            for line, quantity in leaving.items()
        ],
        reference=shipment.number,
        by=by,
        at=at,
    )
    return shipment


def _refuse_second(work: Work) -> None:
    if work.fulfillment_order.status not in GONE:
        return
    first = Shipment.objects.filter(fulfillment_order=work.fulfillment_order).earliest("pk")
    raise AlreadyShipped(
        number=work.fulfillment_order.number,
        shipment=first.number,
        shipped_by=first.shipped_by,
        shipped_at=first.shipped_at.isoformat(),
    )


def _service(work: Work, at: datetime) -> str:
    return cheapest(
        asked=work.fulfillment_order.service, deliver_by=work.order.deliver_by, now=at
    ).code
