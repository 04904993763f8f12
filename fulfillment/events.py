"""The facts this app makes known."""

from dataclasses import dataclass
from typing import Any

from oms.core.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderRouted(Event):
    """Locations were chosen: fulfillment orders by number and location, and why."""

    name = "order.routed"
    fulfillment_orders: list[dict[str, Any]]
    reason: str


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderEvent(Event):
    location: str


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderReleased(FulfillmentOrderEvent):
    name = "fulfillment_order.released"


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderPicked(FulfillmentOrderEvent):
    """All units that were found are picked; `short` are those that were not, by SKU."""

    name = "fulfillment_order.picked"
    units: int
    short: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderPacked(FulfillmentOrderEvent):
    name = "fulfillment_order.packed"
    units: int
    packages: int


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderRejected(FulfillmentOrderEvent):
    name = "fulfillment_order.rejected"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ShipmentShipped(Event):
    """A parcel left: `units` by SKU."""

    name = "shipment.shipped"
    fulfillment_order: str
    location: str
    carrier: str
    service: str
    tracking_number: str
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class ShipmentTrackingUpdated(Event):
    name = "shipment.tracking_updated"
    status: str
    location: str
    message: str


@dataclass(frozen=True, kw_only=True)
class ShipmentDelivered(Event):
    name = "shipment.delivered"
    units: dict[str, int]
