from collections.abc import Mapping
from datetime import datetime

from fulfillment.events import FulfillmentOrderPacked, FulfillmentOrderPicked, ShipmentShipped
from fulfillment.models import FulfillmentOrderLine, Package, PackageLine, Shipment
from fulfillment.rules.carriage import tracking_page
from fulfillment.services.shipping import TO_LEAVE
from fulfillment.services.working import Step, Work, by_sku, lock_work, move, refuse_on_hold
from fulfillment.states import FULFILLMENT_ORDER
from inventory import services as inventory
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.numbers import part_number
from oms.core.services import batch_service
from orders.states import Stop


@batch_service
def dispatch(
    *,
    number: str,
    carrier: str = "",
    service: str = "",
    tracking_number: str = "",
    by: Actor,
    at: datetime,
    is_followed: bool = False,
) -> Shipment:
    """Pick, pack and ship all of a fulfillment order that nobody has begun, in one box, at once.

    For goods that left without being led through the floor: history, drop shipments, a counter
    sale. The same three facts are told. `is_followed`: a channel told of it, and the customer.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderPicked, FulfillmentOrderPacked, ShipmentShipped, OrderCompleted.
    """
    work = lock_work(number=number, reading=TO_LEAVE)
    status = work.fulfillment_order.status
    for verb, stop in (("pick", Stop.PICK), ("pack", Stop.PACK), ("ship", Stop.SHIP)):
        status = FULFILLMENT_ORDER.after(verb, status)
        refuse_on_hold(work.fulfillment_order, stop)
    shipment = Shipment(
        number=part_number("SH", work.order.number, (work.facts["shipments"] or 0) + 1),
        fulfillment_order_id=work.fulfillment_order.pk,
        carrier=carrier,
        service=service,
        tracking_number=tracking_number,
        tracking_url=tracking_page(carrier, tracking_number),
        shipped_by=str(by),
        shipped_at=at,
    )
    leaving = {line: line.quantity - line.shipped for line in work.lines}
    steps = [
        Step(
            line,
            picked=line.quantity - line.picked,
            packed=line.quantity - line.packed,
            shipped=line.quantity - line.shipped,
        )
        for line in work.lines
    ]

    record(shipment)
    package = Package(
        fulfillment_order_id=work.fulfillment_order.pk,
        shipment_id=shipment.pk,
        nth=1,
        is_closed=True,
    )
    record(package)
    record(
        *(
            PackageLine(package_id=package.pk, line_id=line.pk, quantity=quantity)
            for line, quantity in leaving.items()
        )
    )
    move(work, steps, status=status, by=by, at=at)

    _tell(work, shipment, leaving, by, at, is_followed)
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


def _tell(
    work: Work,
    shipment: Shipment,
    leaving: Mapping[FulfillmentOrderLine, int],
    by: Actor,
    at: datetime,
    is_followed: bool,
) -> None:
    """Tell what three steps would have told."""
    thread, number = work.order.number, work.fulfillment_order.number
    units = sum(leaving.values())
    publish(
        FulfillmentOrderPicked(
            thread=thread,
            subject=number,
            by=by,
            at=at,
            location=work.location,
            units=units,
            short={},
        )
    )
    publish(
        FulfillmentOrderPacked(
            thread=thread,
            subject=number,
            by=by,
            at=at,
            location=work.location,
            units=units,
            packages=1,
        )
    )
    publish(
        ShipmentShipped(
            thread=thread,
            subject=shipment.number,
            by=by,
            at=at,
            fulfillment_order=number,
            location=work.location,
            carrier=shipment.carrier,
            service=shipment.service,
            tracking_number=shipment.tracking_number,
            tracking_url=shipment.tracking_url,
            units=by_sku(leaving),
            order=work.order,
            is_followed=is_followed,
        )
    )
