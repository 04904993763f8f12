"""What channels are told when something happens to their orders."""

from typing import Any

from inventory.events import StockAvailable
from oms.core.events import Event
from orders import services
from orders.events import OrderCancelled

TOLD = ("carrier", "service", "tracking_number", "tracking_url")


def tell_channel_of_shipment(event: Event) -> None:
    """The channel hears of the parcel, unless it told us of it."""
    said: Any = event
    services.tell_channel_of_shipment(
        order=said.order,
        number=event.subject,
        units=said.units,
        said={name: getattr(said, name) for name in TOLD} | {"shipped_at": event.at.isoformat()},
        by=event.by,
    )


def tell_channel_of_cancellation(event: OrderCancelled) -> None:
    """The channel hears what will not come, unless it said so itself."""
    services.tell_channel_of_cancellation(
        order=event.order,
        units=event.units,
        reason=event.reason,
        whole=event.whole,
        by=event.by,
    )


def tell_channel_of_stock(event: StockAvailable) -> None:
    """The channel itself gets the figures, where it is one that is called."""
    services.tell_channel_of_stock(channel=event.channel, levels=event.levels)
