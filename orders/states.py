"""Every state an order can be in, and every way from one to the next.

An order's life is one axis. Holds are rows beside it. Payment, fulfillment and return progress
are derived from counters (`orders/rules/progress.py`) and stored only to filter by.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from oms.core.states import Lifecycle

PICKUP = "pickup"
"""The service of an order that its customer collects at a location."""


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
        "change":   ([OrderStatus.OPEN],                       OrderStatus.OPEN),
        "hold":     ([OrderStatus.OPEN],                       OrderStatus.OPEN),
        "release":  ([OrderStatus.OPEN],                       OrderStatus.OPEN),
        "cancel":   ([OrderStatus.DRAFT, OrderStatus.OPEN],    OrderStatus.CANCELLED),
        "complete": ([OrderStatus.OPEN],                       OrderStatus.COMPLETED),
    },
)  # fmt: skip


HIGHEST_PRIORITY = 9


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
    EDIT = "edit", "changing the order"


FLOOR = (Stop.PICK, Stop.PACK, Stop.SHIP)
BEGINNING = (Stop.ALLOCATE, *FLOOR)


@dataclass(frozen=True)
class HoldKind:
    """A reason an order must not move, and what it stops.

    `hours` is how long it may stand before it is late; `released_by` the permission that staff
    need to release it; `clears` says when it goes by itself, where it does.
    """

    label: str
    stops: tuple[Stop, ...]
    hours: int | None = 24
    released_by: str = "orders.hold_order"
    clears: str = ""

    @property
    def in_words(self) -> str:
        """The label as it stands inside a sentence: unknown SKU."""
        return self.label[:1].lower() + self.label[1:]


HOLDS = {
    "payment": HoldKind("Payment", FLOOR, hours=72, clears="as soon as the order is paid"),
    "fraud": HoldKind(
        "Fraud review", (*BEGINNING, Stop.EDIT), hours=4, released_by="orders.release_fraud_hold"
    ),
    "address": HoldKind(
        "Address",
        (Stop.PACK, Stop.SHIP),
        clears="as soon as the address is complete, if it was missing",
    ),
    "unknown_sku": HoldKind(
        "Unknown SKU", BEGINNING, clears="as soon as every line is matched with a SKU"
    ),
    "total_mismatch": HoldKind(
        "Total mismatch", FLOOR, clears="as soon as the channel states the same total"
    ),
    "credit": HoldKind("Credit", BEGINNING, hours=48, released_by="b2b.release_credithold"),
    "stock": HoldKind("Ship-complete", FLOOR, hours=None, clears="as soon as everything is there"),
    "routing": HoldKind("Routing rule", (Stop.ALLOCATE,)),
    "review": HoldKind("Review", FLOOR),
    "manual": HoldKind("Manual", FLOOR, hours=None),
}


def hold_kind(kind: str) -> HoldKind:
    """Return what is known of a kind of hold; one nobody knows stops the floor all the same."""
    return HOLDS.get(kind) or HoldKind(kind.replace("_", " ").capitalize(), FLOOR)


class ChangeType(models.TextChoices):
    """What an order change may do to an order, one action at a time."""

    SET_QUANTITY = "set_quantity", "Set the quantity"
    ADD_LINE = "add_line", "Add a line"
    REMOVE_LINE = "remove_line", "Remove a line"
    SET_PRICE = "set_price", "Set the price"
    SET_ADDRESS = "set_address", "Set the address"
    SET_SERVICE = "set_service", "Set the service"
    SET_CHARGES = "set_charges", "Set shipping and discount"


class ChangeStatus(models.TextChoices):
    PREVIEWED = "previewed", "Previewed"
    CONFIRMED = "confirmed", "Confirmed"
    DISCARDED = "discarded", "Discarded"


ORDER_CHANGE = Lifecycle(
    "order change",
    {
        # verb        from                          to
        "renew":    ([ChangeStatus.PREVIEWED],      ChangeStatus.PREVIEWED),
        "confirm":  ([ChangeStatus.PREVIEWED],      ChangeStatus.CONFIRMED),
        "discard":  ([ChangeStatus.PREVIEWED],      ChangeStatus.DISCARDED),
    },
)  # fmt: skip


class RepeatState(models.TextChoices):
    """What became of an order that came again with other content."""

    OPEN = "open", "To decide"
    EDITED = "edited", "Treated as an edit"
    LEFT = "left", "Ours stays"


REPEAT = Lifecycle(
    "repeat",
    {
        # verb      from                  to
        "edit":   ([RepeatState.OPEN],    RepeatState.EDITED),
        "leave":  ([RepeatState.OPEN],    RepeatState.LEFT),
    },
)  # fmt: skip


class ChannelOrderState(models.TextChoices):
    """How far our order follows what its channel says of it."""

    WAITING = "waiting", "Waiting for the rest"
    IN_STEP = "in_step", "In step"
    BEHIND = "behind", "Behind"


PART_WORDS = {
    "head": _("the order itself"),
    "items": _("what was ordered"),
    "address": _("where it goes"),
    "billing": _("who pays"),
    "buyer": _("who ordered"),
    "payment": _("a payment"),
    "refund": _("a refund"),
    "refunded": _("what was given back"),
    "fulfillment": _("a parcel"),
    "fulfilled": _("what was sent"),
    "said": _("words about it"),
    "cancellation": _("a cancellation"),
}
"""What channels tell of an order, by the kind of part."""


def part_words(keys: Iterable[str]) -> list[str]:
    """Return what these parts are about, each once."""
    kinds = dict.fromkeys(key.partition(":")[0] for key in keys)
    return [str(PART_WORDS.get(kind, kind)) for kind in kinds]


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


class SubscriptionStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    PAST_DUE = "past_due", "Past due"
    SUSPENDED = "suspended", "Suspended"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


LIVING = (
    SubscriptionStatus.ACTIVE,
    SubscriptionStatus.PAUSED,
    SubscriptionStatus.PAST_DUE,
    SubscriptionStatus.SUSPENDED,
)

SUBSCRIPTION = Lifecycle(
    "subscription",
    {
        # verb          from                                                                     to
        "renew":       ([SubscriptionStatus.ACTIVE],                                             SubscriptionStatus.ACTIVE),
        "skip":        ([SubscriptionStatus.ACTIVE],                                             SubscriptionStatus.ACTIVE),
        "pause":       ([SubscriptionStatus.ACTIVE],                                             SubscriptionStatus.PAUSED),
        "resume":      ([SubscriptionStatus.PAUSED, SubscriptionStatus.SUSPENDED],               SubscriptionStatus.ACTIVE),
        "fall_behind": ([SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED, SubscriptionStatus.PAST_DUE], SubscriptionStatus.PAST_DUE),
        "recover":     ([SubscriptionStatus.PAST_DUE],                                           SubscriptionStatus.ACTIVE),
        "suspend":     ([SubscriptionStatus.PAST_DUE],                                           SubscriptionStatus.SUSPENDED),
        "cancel":      (list(LIVING),                                                            SubscriptionStatus.CANCELLED),
        "expire":      ([SubscriptionStatus.ACTIVE],                                             SubscriptionStatus.EXPIRED),
    },
)  # fmt: skip


class CycleStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    LOCKED = "locked", "Locked"
    PLACED = "placed", "Placed"
    PAID = "paid", "Paid"
    FAILED = "failed", "Failed"
    RETRIED = "retried", "Retried"
    SKIPPED = "skipped", "Skipped"


AHEAD = (CycleStatus.PLANNED, CycleStatus.LOCKED)
UNPAID = (CycleStatus.PLACED, CycleStatus.FAILED, CycleStatus.RETRIED)

CYCLE = Lifecycle(
    "cycle",
    {
        # verb       from                                                                to
        "skip":     ([CycleStatus.PLANNED],                                              CycleStatus.SKIPPED),
        "unskip":   ([CycleStatus.SKIPPED],                                              CycleStatus.PLANNED),
        "lock":     ([CycleStatus.PLANNED],                                              CycleStatus.LOCKED),
        "unlock":   ([CycleStatus.LOCKED],                                               CycleStatus.PLANNED),
        "place":    ([CycleStatus.LOCKED],                                               CycleStatus.PLACED),
        "pay":      (list(UNPAID),                                                       CycleStatus.PAID),
        "fail":     ([CycleStatus.PLACED, CycleStatus.RETRIED],                          CycleStatus.FAILED),
        "retry":    ([CycleStatus.PLACED, CycleStatus.FAILED],                           CycleStatus.RETRIED),
        "call_off": (list(UNPAID),                                                       CycleStatus.SKIPPED),
    },
)  # fmt: skip


class ChargeStatus(models.TextChoices):
    ASKED = "asked", "Asked"
    SENDING = "sending", "Sending"
    IN_DOUBT = "in_doubt", "In doubt"
    SUCCEEDED = "succeeded", "Succeeded"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


MOVING_CHARGES = (ChargeStatus.ASKED, ChargeStatus.SENDING, ChargeStatus.IN_DOUBT)

CHARGE = Lifecycle(
    "charge",
    {
        # verb        from                                              to
        "send":      (list(MOVING_CHARGES),                             ChargeStatus.SENDING),
        "doubt":     ([ChargeStatus.SENDING, ChargeStatus.IN_DOUBT],    ChargeStatus.IN_DOUBT),
        "succeed":   ([ChargeStatus.SENDING, ChargeStatus.IN_DOUBT],    ChargeStatus.SUCCEEDED),
        "decline":   ([ChargeStatus.SENDING, ChargeStatus.IN_DOUBT],    ChargeStatus.DECLINED),
        "withdraw":  (list(MOVING_CHARGES),                             ChargeStatus.WITHDRAWN),
    },
)  # fmt: skip


class RhythmUnit(models.TextChoices):
    DAY = "day", "Days"
    WEEK = "week", "Weeks"
    MONTH = "month", "Months"


class PricePolicy(models.TextChoices):
    """What a unit costs at each delivery: as agreed, or what the catalog says then."""

    AGREED = "agreed", "As agreed at the start"
    CURRENT = "current", "The catalog's price of the day"
