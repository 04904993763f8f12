"""Every state a fulfillment order and a shipment can be in."""

from django.db import models

from oms.core.states import Lifecycle


class FulfillmentOrderStatus(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    OPEN = "open", "Open"
    RELEASED = "released", "Released"
    PICKING = "picking", "Picking"
    PICKED = "picked", "Picked"
    PACKED = "packed", "Packed"
    SHIPPED = "shipped", "Shipped"
    DELIVERED = "delivered", "Delivered"
    REJECTED = "rejected", "Rejected"
    CANCELLED = "cancelled", "Cancelled"


S = FulfillmentOrderStatus
BEFORE_PACKED = [S.SCHEDULED, S.OPEN, S.RELEASED, S.PICKING, S.PICKED]

FULFILLMENT_ORDER = Lifecycle(
    "fulfillment order",
    {
        # verb        from                                            to
        "release":  ([S.SCHEDULED, S.OPEN],                           S.RELEASED),
        "start":    ([S.OPEN, S.RELEASED, S.PICKING],                 S.PICKING),
        "pick":     ([S.OPEN, S.RELEASED, S.PICKING],                 S.PICKED),
        "pack":     ([S.PICKED],                                      S.PACKED),
        "unpack":   ([S.PACKED],                                      S.PICKED),
        "ship":     ([S.PACKED],                                      S.SHIPPED),
        "deliver":  ([S.SHIPPED],                                     S.DELIVERED),
        "reject":   (BEFORE_PACKED,                                   S.REJECTED),
        "cancel":   (BEFORE_PACKED,                                   S.CANCELLED),
    },
)  # fmt: skip


class ShipmentStatus(models.TextChoices):
    SHIPPED = "shipped", "Shipped"
    IN_TRANSIT = "in_transit", "In transit"
    OUT_FOR_DELIVERY = "out_for_delivery", "Out for delivery"
    EXCEPTION = "exception", "Exception"
    DELIVERED = "delivered", "Delivered"


M = ShipmentStatus
MOVING = [M.SHIPPED, M.IN_TRANSIT, M.OUT_FOR_DELIVERY, M.EXCEPTION]

SHIPMENT = Lifecycle(
    "shipment",
    {
        # verb                 from     to
        "in_transit":         (MOVING,  M.IN_TRANSIT),
        "out_for_delivery":   (MOVING,  M.OUT_FOR_DELIVERY),
        "exception":          (MOVING,  M.EXCEPTION),
        "deliver":            (MOVING,  M.DELIVERED),
    },
)  # fmt: skip
