"""What this app does when something happens elsewhere."""

from fulfillment import services
from fulfillment.events import FulfillmentOrderReleased
from fulfillment.services.routing import Units
from inventory.events import StockReceived
from orders.events import OrderCancelled, OrderHeld, OrderPlaced, OrderReleased


def route(event: OrderPlaced) -> None:
    """The closest location that can serve the order gets the work; its stock is reserved."""
    services.route_units(
        order=event.order,
        units=[Units(line, line.quantity) for line in event.lines],
        lines=event.lines,
        by=event.by,
        at=event.at,
        refuse_shortage=event.refuse_shortage,
    )


def stop_work(event: OrderHeld) -> None:
    """The warehouse cannot take the steps that the hold stops."""
    services.restate_stops(order=event.order)


def resume_work(event: OrderReleased) -> None:
    """Work goes on, and units that the hold kept from being allocated are routed."""
    services.restate_stops(order=event.order)
    services.route_rest(order=event.order, by=event.by, at=event.at)


def withdraw_work(event: OrderCancelled) -> None:
    """Cancelled units leave the work that was given for them; their stock is free again."""
    services.withdraw_units(
        order=event.order, units=event.allocated_lines, by=event.by, at=event.at
    )


def make_packing_slip(event: FulfillmentOrderReleased) -> None:
    """The packing slip is made in the background."""
    services.request_packing_slip(number=event.subject, at=event.at)


def fill_backorders(event: StockReceived) -> None:
    """Units that just came in are promised to those who wait, oldest order first."""
    services.fill_backorders(received=event.units, by=event.by, at=event.at)
