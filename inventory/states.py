"""Kinds of places, kinds of ledger entries, and the life of a replenishment order."""

from django.db import models

from oms.core.states import Lifecycle


class LocationKind(models.TextChoices):
    WAREHOUSE = "warehouse", "Warehouse"
    STORE = "store", "Store"
    SUPPLIER = "supplier", "Supplier"


class ZoneKind(models.TextChoices):
    """What the bins of a zone are for; units are picked from the first ones first."""

    PICKING = "picking", "Picking"
    STORAGE = "storage", "Storage"
    RECEIVING = "receiving", "Receiving"
    RETURNS = "returns", "Returns"
    QUARANTINE = "quarantine", "Quarantine"


class StockState(models.TextChoices):
    """What may be done with units that lie somewhere.

    Picked ones are on their way out with the reservation they were picked for.
    """

    AVAILABLE = "available", "Available"
    PICKED = "picked", "Picked"
    QUALITY_CONTROL = "quality_control", "Quality control"
    DAMAGED = "damaged", "Damaged"
    QUARANTINE = "quarantine", "Quarantine"


HELD = frozenset({StockState.QUALITY_CONTROL, StockState.DAMAGED, StockState.QUARANTINE})
"""Units in these states are on hand and promised to nobody."""


class MovementKind(models.TextChoices):
    """Why the ledger has an entry."""

    RECEIVE = "receive", "Received"
    RESERVE = "reserve", "Reserved"
    RELEASE = "release", "Released"
    PICK = "pick", "Picked"
    PUT_BACK = "put_back", "Put back"
    SHIP = "ship", "Shipped"
    RESTOCK = "restock", "Restocked from a return"
    ADJUST = "adjust", "Adjusted"
    COUNT = "count", "Counted"
    MOVE = "move", "Moved to another bin"
    RESTATE = "restate", "Held or set free"
    SCRAP = "scrap", "Scrapped"
    TRANSFER_OUT = "transfer_out", "Sent to another location"
    TRANSFER_IN = "transfer_in", "Came from another location"


class CartStatus(models.TextChoices):
    """Units are kept while it is open. From then on they are the order's, or free again."""

    OPEN = "open", "Open"
    ORDERED = "ordered", "Ordered"
    EXPIRED = "expired", "Expired"
    RELEASED = "released", "Given back"


CART = Lifecycle(
    "cart reservation",
    {
        # verb       from                                                       to
        "reserve":  ([CartStatus.OPEN, CartStatus.EXPIRED, CartStatus.RELEASED], CartStatus.OPEN),
        "order":    ([CartStatus.OPEN],                                         CartStatus.ORDERED),
        "expire":   ([CartStatus.OPEN],                                         CartStatus.EXPIRED),
        "release":  ([CartStatus.OPEN],                                         CartStatus.RELEASED),
    },
)  # fmt: skip


SELDOM_MOVES = [
    MovementKind.RECEIVE,
    MovementKind.RESTOCK,
    MovementKind.ADJUST,
    MovementKind.COUNT,
    MovementKind.MOVE,
    MovementKind.RESTATE,
    MovementKind.SCRAP,
    MovementKind.TRANSFER_OUT,
    MovementKind.TRANSFER_IN,
]
"""What no order does to stock: a few entries among the many that orders leave."""


class ReplenishmentStatus(models.TextChoices):
    """A proposal is ours to change; from `sent` on it is the supplier's to answer.

    It is `part_received` until every unit has come, and ends `closed`: nothing more is expected.
    """

    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    SENT = "sent", "Sent"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    PART_RECEIVED = "part_received", "Part received"
    RECEIVED = "received", "Received"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


S = ReplenishmentStatus
WITH_SUPPLIER = [S.SENT, S.ACKNOWLEDGED, S.PART_RECEIVED]
"""The supplier knows of it, and something is still to come."""

COMING = [S.APPROVED, *WITH_SUPPLIER]
"""Its units are counted on."""

OPEN_REPLENISHMENT = [S.PROPOSED, *COMING]

REPLENISHMENT = Lifecycle(
    "replenishment order",
    {
        # verb           from                                      to
        "edit":         ([S.PROPOSED],                             S.PROPOSED),
        "approve":      ([S.PROPOSED],                             S.APPROVED),
        "send":         ([S.APPROVED],                             S.SENT),
        "acknowledge":  ([S.SENT, S.ACKNOWLEDGED],                 S.ACKNOWLEDGED),
        "recommit":     ([S.PART_RECEIVED],                        S.PART_RECEIVED),
        "receive_part": (WITH_SUPPLIER,                            S.PART_RECEIVED),
        "receive":      ([*WITH_SUPPLIER, S.RECEIVED],             S.RECEIVED),
        "close":        ([S.PART_RECEIVED, S.RECEIVED],            S.CLOSED),
        "cancel":       ([S.PROPOSED, S.APPROVED, S.SENT, S.ACKNOWLEDGED], S.CANCELLED),
    },
)  # fmt: skip


class RejectReason(models.TextChoices):
    """Why units that came were not taken in."""

    DAMAGED = "damaged", "Damaged"
    WRONG = "wrong", "Not what we ordered"
    EXPIRED = "expired", "Too old"
    OTHER = "other", "Another reason"


class CountStatus(models.TextChoices):
    """A count without differences approves itself; the others are looked into."""

    REQUESTED = "requested", "Requested"
    COUNTING = "counting", "Counting"
    COUNTED = "counted", "Counted"
    INVESTIGATING = "investigating", "Investigating"
    APPROVED = "approved", "Approved"
    CANCELLED = "cancelled", "Cancelled"


C = CountStatus
OPEN_COUNT = [C.REQUESTED, C.COUNTING, C.COUNTED, C.INVESTIGATING]

COUNT = Lifecycle(
    "stock count",
    {
        # verb         from                                            to
        "start":       ([C.REQUESTED],                                 C.COUNTING),
        "finish":      ([C.COUNTING],                                  C.COUNTED),
        "investigate": ([C.COUNTED],                                   C.INVESTIGATING),
        "recount":     ([C.INVESTIGATING],                             C.COUNTING),
        "approve":     ([C.COUNTED, C.INVESTIGATING],                  C.APPROVED),
        "cancel":      ([C.REQUESTED, C.COUNTING, C.INVESTIGATING],    C.CANCELLED),
    },
)  # fmt: skip


class AdjustmentStatus(models.TextChoices):
    """A correction above the limit waits for a second person."""

    WAITING = "waiting", "Waiting"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"


ADJUSTMENT = Lifecycle(
    "adjustment request",
    {
        "approve": ([AdjustmentStatus.WAITING], AdjustmentStatus.APPROVED),
        "decline": ([AdjustmentStatus.WAITING], AdjustmentStatus.DECLINED),
    },
)


class TransferStatus(models.TextChoices):
    """Requested units are reserved at the source; shipped ones are in transit.

    It ends `received` when every unit came, and `closed` when some never left or never came.
    """

    REQUESTED = "requested", "Requested"
    SHIPPED = "shipped", "In transit"
    PART_RECEIVED = "part_received", "Part received"
    RECEIVED = "received", "Received"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


T = TransferStatus
ON_THE_WAY = [T.SHIPPED, T.PART_RECEIVED]
"""Units of it left the source."""

OPEN_TRANSFER = [T.REQUESTED, *ON_THE_WAY]

TRANSFER = Lifecycle(
    "transfer",
    {
        # verb           from                         to
        "ship":         ([T.REQUESTED, T.SHIPPED],    T.SHIPPED),
        "ship_rest":    ([T.PART_RECEIVED],           T.PART_RECEIVED),
        "receive_part": (ON_THE_WAY,                  T.PART_RECEIVED),
        "receive":      (ON_THE_WAY,                  T.RECEIVED),
        "close":        (ON_THE_WAY,                  T.CLOSED),
        "cancel":       ([T.REQUESTED],               T.CANCELLED),
    },
)  # fmt: skip


class TransferStepKind(models.TextChoices):
    """What happened to units of a transfer."""

    SHIP = "ship", "Shipped"
    RECEIVE = "receive", "Received"
    LOSE = "lose", "Declared lost"
