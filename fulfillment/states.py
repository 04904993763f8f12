"""Every state a fulfillment order and a shipment can be in."""

from dataclasses import dataclass

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

BEFORE_PICKED = [S.SCHEDULED, S.OPEN, S.RELEASED]
LIVE = [*BEFORE_PACKED, S.PACKED]

FULFILLMENT_ORDER = Lifecycle(
    "fulfillment order",
    {
        # verb        from                                            to
        "open":     ([S.SCHEDULED],                                   S.OPEN),
        "release":  ([S.OPEN],                                        S.RELEASED),
        "start":    ([S.OPEN, S.RELEASED, S.PICKING],                 S.PICKING),
        "pick":     ([S.OPEN, S.RELEASED, S.PICKING],                 S.PICKED),
        "pack":     ([S.PICKED],                                      S.PACKED),
        "unpack":   ([S.PACKED],                                      S.PICKED),
        "ship":     ([S.PACKED],                                      S.SHIPPED),
        "deliver":  ([S.SHIPPED],                                     S.DELIVERED),
        "hand_over": ([S.PACKED],                                     S.DELIVERED),
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


class WriteOff(models.TextChoices):
    """What a reason for not serving units says about the stock here."""

    NOTHING = "nothing", "Nothing: the units stay on the shelf"
    THESE = "these", "These units are written off"
    ALL = "all", "All of the SKU here is held until somebody has looked"


@dataclass(frozen=True)
class ProblemReason:
    """Why a location does not serve units."""

    label: str
    write_off: WriteOff


PROBLEMS = {
    "missing": ProblemReason("Not where it should be", WriteOff.THESE),
    "damaged": ProblemReason("Damaged", WriteOff.THESE),
    "none_here": ProblemReason("None of it is here at all", WriteOff.ALL),
    "no_capacity": ProblemReason("No time or room today", WriteOff.NOTHING),
    "closed": ProblemReason("The location is closed", WriteOff.NOTHING),
    "other": ProblemReason("Something else", WriteOff.NOTHING),
}
"""Reasons of short picks and rejections. Any other text is kept as it is and writes nothing off."""


def write_off_of(reason: str) -> WriteOff:
    """Return what happens to the stock here when units are not served for `reason`."""
    known = PROBLEMS.get(reason)
    return WriteOff.NOTHING if known is None else known.write_off


class PromiseBasis(models.TextChoices):
    """What a promised day rests on."""

    CHANNEL = "channel", "Said by the channel"
    RATES = "rates", "Days of the service"
    SUPPLY = "supply", "Expected supply"
    PARCEL = "parcel", "Handed to the carrier"


class QueueRule(models.TextChoices):
    """Who of those that wait for a SKU is served first."""

    FIRST_IN = "first_in", "First in, first served"
    PRIORITY = "priority", "Priority, then first in"
    SHIP_COMPLETE = "ship_complete", "Only orders that can be served whole"
    FAIR_SHARE = "fair_share", "A fair share for each channel"


class ReallocationReason(models.TextChoices):
    """Why units go from one order to another."""

    PROMISED_DAY = "promised_day", "A day that was promised"
    CUSTOMER_WAITS = "customer_waits", "The customer has waited long enough"
    CUSTOMER_AGREED = "customer_agreed", "The other customer agreed to wait"
    COMPLETES_ORDER = "completes_order", "It makes the order complete"
    MISTAKE = "mistake", "To put a mistake right"
    OTHER = "other", "Another reason"


class RoutingVersionStatus(models.TextChoices):
    """What a version of the routing rules is: written, counting, or no longer."""

    DRAFT = "draft", "Draft"
    LIVE = "live", "Live"
    REPLACED = "replaced", "Replaced"
    DISCARDED = "discarded", "Discarded"


V = RoutingVersionStatus

ROUTING_VERSION = Lifecycle(
    "routing version",
    {
        # verb       from        to
        "change":   ([V.DRAFT],  V.DRAFT),
        "publish":  ([V.DRAFT],  V.LIVE),
        "discard":  ([V.DRAFT],  V.DISCARDED),
        "replace":  ([V.LIVE],   V.REPLACED),
    },
)  # fmt: skip


class BackTestStatus(models.TextChoices):
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"


B = BackTestStatus

BACK_TEST = Lifecycle(
    "back-test",
    {
        # verb      from           to
        "go_on":   ([B.RUNNING],   B.RUNNING),
        "finish":  ([B.RUNNING],   B.DONE),
        "stop":    ([B.RUNNING],   B.STOPPED),
        "fail":    ([B.RUNNING],   B.FAILED),
    },
)  # fmt: skip


class WaveRule(models.TextChoices):
    """Which orders of a location are picked in one walk."""

    CHOSEN = "chosen", "By choice"
    CUT_OFF = "cut_off", "The next pick-up"
    SINGLE_LINE = "single_line", "Orders of one line"
    ZONE = "zone", "By zone"
    CART = "cart", "A cart, a tote for each order"


class WaveStatus(models.TextChoices):
    OPEN = "open", "To pick"
    PICKING = "picking", "Picking"
    DONE = "done", "Picked"
    CANCELLED = "cancelled", "Cancelled"


W = WaveStatus
LIVE_WAVE = [W.OPEN, W.PICKING]

WAVE = Lifecycle(
    "wave",
    {
        # verb     from        to
        "start":  (LIVE_WAVE,  W.PICKING),
        "finish": (LIVE_WAVE,  W.DONE),
        "cancel": (LIVE_WAVE,  W.CANCELLED),
    },
)  # fmt: skip


class PaperKind(models.TextChoices):
    """What is printed in batches."""

    SLIPS = "slips", "Packing slips"
    PICK_LISTS = "pick_lists", "Pick lists"
    WALKS = "walks", "Walks of waves"


class PrintState(models.TextChoices):
    DRAWING = "drawing", "Being made"
    STOPPED = "stopped", "Stopped"
    DONE = "done", "Ready"


P = PrintState

PRINT_RUN = Lifecycle(
    "print run",
    {
        # verb     from         to
        "go_on":  ([P.DRAWING], P.DRAWING),
        "finish": ([P.DRAWING], P.DONE),
        "stop":   ([P.DRAWING], P.STOPPED),
        "resume": ([P.STOPPED], P.DRAWING),
    },
)  # fmt: skip
