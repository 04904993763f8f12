"""Kinds of places, kinds of ledger entries, and the life of a replenishment order."""

from django.db import models

from oms.core.states import Lifecycle


class LocationKind(models.TextChoices):
    WAREHOUSE = "warehouse", "Warehouse"
    STORE = "store", "Store"
    SUPPLIER = "supplier", "Supplier"


class MovementKind(models.TextChoices):
    """Why a stock level changed; each kind says which of the two numbers it moves."""

    RECEIVE = "receive", "Received"
    RESERVE = "reserve", "Reserved"
    RELEASE = "release", "Released"
    SHIP = "ship", "Shipped"
    RESTOCK = "restock", "Restocked from a return"
    ADJUST = "adjust", "Adjusted"
    TRANSFER_OUT = "transfer_out", "Sent to another location"
    TRANSFER_IN = "transfer_in", "Came from another location"


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
