"""Every state an order can be in, and every way from one to the next.

An order's life is one axis. Holds are rows beside it. Payment, fulfillment and return progress
are derived from counters (`orders/rules/progress.py`) and stored only to filter by.
"""

from dataclasses import dataclass

from django.db import models

from oms.core.states import Lifecycle


class OrderStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"


ORDER = Lifecycle(
    "order",
    {
        # verb        from                                     to
        "place":    ([OrderStatus.DRAFT],                      OrderStatus.OPEN),
        "hold":     ([OrderStatus.OPEN],                       OrderStatus.OPEN),
        "release":  ([OrderStatus.OPEN],                       OrderStatus.OPEN),
        "cancel":   ([OrderStatus.DRAFT, OrderStatus.OPEN],    OrderStatus.CANCELLED),
        "complete": ([OrderStatus.OPEN],                       OrderStatus.COMPLETED),
    },
)  # fmt: skip


class PaymentProgress(models.TextChoices):
    UNPAID = "unpaid", "Unpaid"
    AUTHORIZED = "authorized", "Authorized"
    PARTLY_PAID = "partly_paid", "Partly paid"
    PAID = "paid", "Paid"
    PARTLY_REFUNDED = "partly_refunded", "Partly refunded"
    REFUNDED = "refunded", "Refunded"


class FulfillmentProgress(models.TextChoices):
    UNFULFILLED = "unfulfilled", "Unfulfilled"
    PARTLY_FULFILLED = "partly_fulfilled", "Partly fulfilled"
    FULFILLED = "fulfilled", "Fulfilled"


class ReturnProgress(models.TextChoices):
    NONE = "none", "None"
    REQUESTED = "requested", "Requested"
    PARTLY_RETURNED = "partly_returned", "Partly returned"
    RETURNED = "returned", "Returned"


class Stop(models.TextChoices):
    """What a hold stops."""

    ALLOCATE = "allocate", "allocating stock"
    PICK = "pick", "picking"
    PACK = "pack", "packing"
    SHIP = "ship", "shipping"


@dataclass(frozen=True)
class HoldKind:
    """A reason an order must not move, and what it stops."""

    label: str
    stops: tuple[Stop, ...]


HOLDS = {
    "payment": HoldKind("Payment", (Stop.PICK, Stop.PACK, Stop.SHIP)),
    "fraud": HoldKind("Fraud review", (Stop.ALLOCATE, Stop.PICK, Stop.PACK, Stop.SHIP)),
    "address": HoldKind("Address", (Stop.PACK, Stop.SHIP)),
    "credit": HoldKind("Credit", (Stop.ALLOCATE, Stop.PICK, Stop.PACK, Stop.SHIP)),
    "manual": HoldKind("Manual", (Stop.PICK, Stop.PACK, Stop.SHIP)),
}


class PaymentStatus(models.TextChoices):
    AUTHORIZED = "authorized", "Authorized"
    CAPTURED = "captured", "Captured"
    VOIDED = "voided", "Voided"


class RefundStatus(models.TextChoices):
    GRANTED = "granted", "Granted"
    SENDING = "sending", "Sending"
    IN_DOUBT = "in_doubt", "In doubt"
    SUCCEEDED = "succeeded", "Succeeded"
    REJECTED = "rejected", "Rejected"


REFUND = Lifecycle(
    "refund",
    {
        # verb        from                                                                       to
        "send":      ([RefundStatus.GRANTED, RefundStatus.SENDING, RefundStatus.IN_DOUBT],       RefundStatus.SENDING),
        "doubt":     ([RefundStatus.SENDING, RefundStatus.IN_DOUBT],                             RefundStatus.IN_DOUBT),
        "succeed":   ([RefundStatus.GRANTED, RefundStatus.SENDING, RefundStatus.IN_DOUBT],       RefundStatus.SUCCEEDED),
        "reject":    ([RefundStatus.SENDING, RefundStatus.IN_DOUBT],                             RefundStatus.REJECTED),
    },
)  # fmt: skip


class MoneyKind(models.TextChoices):
    """Lines of the money ledger."""

    CHARGE = "charge", "Charged to the customer"
    CANCEL = "cancel", "No longer charged"
    CAPTURE = "capture", "Captured"
    REFUND = "refund", "Refunded"
