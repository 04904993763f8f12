"""A file per document."""

from fulfillment.models.shipments import (
    Package,
    PackageLine,
    PackingSlip,
    Shipment,
    TrackingEvent,
)
from fulfillment.models.work import FulfillmentOrder, FulfillmentOrderLine, SourcingDecision

__all__ = [
    "FulfillmentOrder",
    "FulfillmentOrderLine",
    "Package",
    "PackageLine",
    "PackingSlip",
    "Shipment",
    "SourcingDecision",
    "TrackingEvent",
]
