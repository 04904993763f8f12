from datetime import datetime

from fulfillment.models import FulfillmentOrder
from fulfillment.services.goals import Units
from fulfillment.services.offering import offer_freed_units
from fulfillment.services.routing import route_units, standing_stops
from oms.core.actors import Actor
from oms.core.locking import lock
from oms.core.services import service
from orders.models import Order, OrderLine
from orders.states import Stop


@service
def restate_stops(*, order: Order) -> None:
    """Write on the work of a locked order which steps its standing holds forbid.

    Locks: FulfillmentOrder.
    """
    stops = standing_stops(order)
    works = lock(FulfillmentOrder.objects.filter(order=order))
    FulfillmentOrder.objects.filter(pk__in=[each.pk for each in works]).update(stops=stops)


@service
def route_rest(
    *,
    order: Order,
    by: Actor,
    at: datetime,
    refuse_shortage: bool = False,
    was_held: bool = False,
    was_parked: bool = False,
) -> None:
    """Route units of a locked order that no location was asked for, unless a hold forbids it.

    One that `was_held` may have been passed over: what it waits for is looked for in a moment.
    One that `was_parked` by a rule, and let go by a person, is not parked again.

    Raises: InsufficientStock when `refuse_shortage`, Again.
    Locks: StockLevel.
    Publishes: OrderRouted, OrderBackordered.
    """
    if Stop.ALLOCATE in standing_stops(order):
        return
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    if was_held:
        waiting = [line.stock_id for line in lines if line.backordered]
        offer_freed_units(sku_ids=waiting, reference=order.number, at=at)
    units = [Units(line, line.routable) for line in lines if line.routable]
    route_units(
        order=order,
        units=units,
        by=by,
        at=at,
        refuse_shortage=refuse_shortage,
        may_park=not was_parked,
    )
