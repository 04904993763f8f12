"""A file per document."""

from fulfillment.models.carriage import (
    Box,
    CarriageRevision,
    Carrier,
    CarrierService,
    Rate,
    Zone,
)
from fulfillment.models.limits import WaitingLimit
from fulfillment.models.paper import PrintPart, PrintRun
from fulfillment.models.pickups import Pickup
from fulfillment.models.promises import PromisedDate, PromiseReader
from fulfillment.models.queue import QueuePolicy, Reallocation
from fulfillment.models.routing_versions import BackTest, BackTestOrder, RoutingVersion
from fulfillment.models.shipments import (
    Package,
    PackageLine,
    PackedLot,
    PackingSlip,
    Shipment,
    TrackingEvent,
)
from fulfillment.models.waves import Wave, WaveLine, WaveOrder
from fulfillment.models.work import FulfillmentOrder, FulfillmentOrderLine, SourcingDecision

__all__ = [
    "BackTest",
    "BackTestOrder",
    "Box",
    "CarriageRevision",
    "Carrier",
    "CarrierService",
    "FulfillmentOrder",
    "FulfillmentOrderLine",
    "Package",
    "PackageLine",
    "PackedLot",
    "PackingSlip",
    "Pickup",
    "PrintPart",
    "PrintRun",
    "PromiseReader",
    "PromisedDate",
    "QueuePolicy",
    "Rate",
    "Reallocation",
    "RoutingVersion",
    "Shipment",
    "SourcingDecision",
    "TrackingEvent",
    "WaitingLimit",
    "Wave",
    "WaveLine",
    "WaveOrder",
    "Zone",
]
