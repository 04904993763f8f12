"""What this app does when something happens elsewhere."""

from fulfillment import services
from fulfillment.events import (
    FulfillmentOrderEvent,
    FulfillmentOrderMoved,
    FulfillmentOrderReadyForPickup,
    FulfillmentOrderReleased,
)
from fulfillment.services.goals import Units
from fulfillment.services.parking import PARKED
from inventory.events import StockFreed, StockReceived
from oms.catalog.events import SkuReleaseMoved
from oms.messaging import services as messaging
from orders.events import (
    OrderArrivedElsewhere,
    OrderCancelled,
    OrderChanged,
    OrderHeld,
    OrderLeftBefore,
    OrderPlaced,
    OrderReleased,
    OrderSentElsewhere,
)
from orders.models import OrderLine
from orders.states import Stop


def route(event: OrderPlaced) -> None:
    """The closest location that can serve the order gets the work; its stock is reserved.

    A hold that was just set may keep it from being routed until it is released; what else it
    stops is written on the work.
    """
    stops = sorted({str(stop) for hold in event.holds for stop in hold.stops})
    if Stop.ALLOCATE in stops:
        skus = [sku_id for _, sku_id in event.given]
        services.offer_freed_units(sku_ids=skus, reference=event.subject, at=event.at)
        return
    services.route_units(
        order=event.order,
        units=[Units(line, line.routable) for line in event.lines],
        lines=event.lines,
        by=event.by,
        at=event.at,
        refuse_shortage=event.refuse_shortage,
        grams=event.grams,
        stops=stops,
        given=event.given,
    )


def follow_what_was_sent(event: OrderSentElsewhere) -> None:
    """What left in the channel's words is a shipment of ours, or becomes one."""
    sent = services.record_sent_elsewhere(
        order=event.order,
        units=event.units,
        carrier=event.carrier,
        service=event.service,
        tracking_numbers=event.tracking_numbers,
        told_before=event.told_before,
        by=event.by,
        at=event.at,
    )
    event.shipments.extend(sent)


def drop_work(event: OrderLeftBefore) -> None:
    """What left before we kept its books needs no work; its stock is free again."""
    rows = OrderLine.objects.filter(order=event.order, allocated__gt=0)
    services.withdraw_units(
        order=event.order,
        units=dict(rows.values_list("pk", "allocated")),
        by=event.by,
        at=event.at,
        become="unrouted",
    )


def follow_what_arrived(event: OrderArrivedElsewhere) -> None:
    """A parcel arrived, in the channel's words."""
    services.record_arrived_elsewhere(number=event.shipment, by=event.by, at=event.at)


def stop_work(event: OrderHeld) -> None:
    """The warehouse cannot take the steps that the hold stops."""
    services.restate_stops(order=event.order)


def resume_work(event: OrderReleased) -> None:
    """Work goes on, and units that the hold kept from being allocated are routed."""
    services.restate_stops(order=event.order)
    services.route_rest(
        order=event.order,
        by=event.by,
        at=event.at,
        was_held=True,
        was_parked=event.kind == PARKED,
    )


def withdraw_work(event: OrderCancelled) -> None:
    """Cancelled units leave the work that was given for them; their stock is free again."""
    services.withdraw_units(
        order=event.order, units=event.allocated_lines, by=event.by, at=event.at
    )


def change_work(event: OrderChanged) -> None:
    """Units taken off leave their work; what has not left goes to the new address."""
    services.adapt_work(
        order=event.order,
        taken_off=event.taken_off,
        is_redirected=event.is_redirected,
        by=event.by,
        at=event.at,
    )


def route_added_units(event: OrderChanged) -> None:
    """Units on top are reserved, or wait for stock; a channel may refuse the shortage."""
    if event.has_more_units:
        services.route_rest(
            order=event.order, by=event.by, at=event.at, refuse_shortage=event.refuse_shortage
        )


def tell_customer_it_is_ready(event: FulfillmentOrderReadyForPickup) -> None:
    """Write where the order waits, and the code to show there."""
    if event.order.email:
        messaging.post(
            letter="fulfillment.letters.ready_for_pickup",
            key=f"ready_for_pickup:{event.subject}:{event.at:%Y%m%d%H%M%S%f}",
            arguments={"number": event.subject},
        )


def make_packing_slip(event: FulfillmentOrderReleased) -> None:
    """The packing slip is made in the background."""
    services.request_packing_slip(number=event.subject, at=event.at)


def follow_in_waves(event: FulfillmentOrderEvent) -> None:
    """A wave of which nothing is left to pick is over."""
    services.let_go(number=event.subject, by=event.by, at=event.at)


def leave_waves(event: FulfillmentOrderMoved) -> None:
    """Work that is done at another location now is in no wave of this one."""
    services.let_go(number=event.subject, is_elsewhere=True, by=event.by, at=event.at)


def tell_customers_of_release(event: SkuReleaseMoved) -> None:
    """Who ordered it before it is out reads of the new day, a moment later."""
    services.announce_release(sku=event.subject, day=event.release_on, at=event.at)


def offer_units_of_carts(event: StockFreed) -> None:
    """Units that a cart gave back are offered to those who wait, a moment later."""
    services.offer_freed_units(sku_ids=event.sku_ids, reference=event.subject, at=event.at)


def fill_backorders(event: StockReceived) -> None:
    """Units that just came in are promised to those who wait, in the order of their queue."""
    services.fill_backorders(received=event.units, by=event.by, at=event.at)
