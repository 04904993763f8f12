from datetime import datetime

from fulfillment.models import FulfillmentOrder
from fulfillment.services.routing import Units, route_units, standing_stops
from oms.core.actors import Actor
from oms.core.locking import lock
from oms.core.services import service
from orders.models import OrderLine
from orders.services import lock_order
from orders.states import Stop


@service
def restate_stops(*, number: str) -> None:
    """Write on the work of an order which steps its standing holds forbid.

    Raises: OrderNotFound.
    Locks: Order, FulfillmentOrder.
    """
    order = lock_order(number=number)
    stops = standing_stops(order)
    works = lock(FulfillmentOrder.objects.filter(order=order))
    FulfillmentOrder.objects.filter(pk__in=[each.pk for each in works]).update(stops=stops)


@service
def route_rest(*, number: str, by: Actor, at: datetime) -> None:
    """Route the units that no location was asked for yet, unless a hold still forbids it.

    Raises: OrderNotFound, Again.
    Locks: Order, StockLevel.
    Publishes: OrderRouted, OrderBackordered.
    """
    order = lock_order(number=number)
    if Stop.ALLOCATE in standing_stops(order):
        return
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    units = [Units(line, line.unrouted) for line in lines if line.unrouted]
    route_units(order=order, units=units, by=by, at=at)
