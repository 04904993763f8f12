"""The facts this app makes known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oms.channels.principals import ChannelPrincipal
from oms.core.events import Event, passing

if TYPE_CHECKING:
    from orders.models import Hold, Order, OrderLine


@dataclass(frozen=True, kw_only=True)
class OrderEvent(Event):
    """Something that happened to one order."""


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(OrderEvent):
    """An order was accepted. The rows at hand may not be written yet.

    `asked_holds` are kinds and reasons of holds it comes with. `holds` are those set by reactions
    to this fact, for the reactions that come after them;
    `grams` is what a unit weighs, by SKU id, where the catalog was asked anyway; `given` are units,
    by location id and SKU id, that were kept for its cart and are its to have; `agreed` says
    how orders of its channel are taken.
    """

    name = "order.placed"
    channel: str
    external_id: str
    total: str
    currency: str
    units: int
    order: Order = passing()
    lines: Sequence[OrderLine] = passing()
    refuse_shortage: bool = passing(default=False)
    asked_holds: Sequence[tuple[str, str]] = passing(default=())
    holds: list[Hold] = passing(default_factory=list)
    silent: bool = passing(default=False)
    grams: Mapping[int, int] | None = passing(default=None)
    given: Mapping[tuple[int, int], int] = passing(default_factory=dict)
    agreed: ChannelPrincipal | None = passing(default=None)


@dataclass(frozen=True, kw_only=True)
class OrderBackordered(OrderEvent):
    """No location can serve these units now, by SKU."""

    name = "order.backordered"
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class OrderPrioritized(OrderEvent):
    """Somebody said how urgent an order is; the higher is served first."""

    name = "order.prioritized"
    priority: int
    before: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderHeld(OrderEvent):
    name = "order.held"
    kind: str
    reason: str
    stops: list[str]
    order: Order = passing()


@dataclass(frozen=True, kw_only=True)
class OrderReleased(OrderEvent):
    name = "order.released"
    kind: str
    reason: str
    order: Order = passing()


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(OrderEvent):
    """Units are no longer asked for; what had shipped stays shipped.

    `allocated_lines` are those of them that stock was promised to, by line id. `is_followed`: they
    were cancelled in the channel, which told the customer.
    """

    name = "order.cancelled"
    reason: str
    units: dict[str, int]
    whole: bool
    amount: str
    order: Order = passing()
    allocated_lines: dict[int, int] = passing()
    is_followed: bool = passing(default=False)


@dataclass(frozen=True, kw_only=True)
class OrderChanged(OrderEvent):
    """What was agreed is different now; `change` is the document that says how.

    `actions` are their types, with SKU and quantity where they have one; addresses are told by
    the order alone. `difference` is how much more is due (less than 0: less). `taken_off` are
    units that stock was promised to and that nobody asks for any more, by line id. `is_followed`:
    the channel changed it, told the customer, and sees to the money.
    """

    name = "order.changed"
    change: str
    actions: list[dict[str, Any]]
    previous_total: str
    total: str
    difference: str
    currency: str
    version: int
    reason: str = ""
    order: Order = passing()
    taken_off: dict[int, int] = passing()
    is_redirected: bool = passing()
    has_more_units: bool = passing()
    refuse_shortage: bool = passing()
    is_followed: bool = passing(default=False)


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(OrderEvent):
    """Every unit that is still asked for has left."""

    name = "order.completed"


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(OrderEvent):
    """Money came. `order` is locked, or not written yet."""

    name = "payment.captured"
    amount: str
    currency: str
    method: str
    order: Order | None = passing(default=None)


@dataclass(frozen=True, kw_only=True)
class RefundSucceeded(OrderEvent):
    """Money went back. `reference` is the return or order it was granted for. `is_followed`: its
    channel gave it back, and told the customer."""

    name = "refund.succeeded"
    amount: str
    currency: str
    reference: str
    method: str
    is_followed: bool = passing(default=False)


@dataclass(frozen=True, kw_only=True)
class OrderLinesMatched(OrderEvent):
    """It is known now which SKU lines of a channel's order are."""

    name = "order.lines_matched"
    sku: str
    lines: int


@dataclass(frozen=True, kw_only=True)
class OrderSentElsewhere(OrderEvent):
    """Units left in the channel's words, for the floor that knows work and parcels.

    `units` are by line id; `told_before` are shipments of ours that the channel has named before.
    Who carries it out puts the shipments into `shipments`.
    """

    name = "order.sent_elsewhere"
    carrier: str
    service: str
    tracking_numbers: list[str]
    order: Order = passing()
    units: Mapping[int, int] = passing()
    told_before: frozenset[str] = passing(default=frozenset())
    shipments: list[str] = passing(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class OrderLeftBefore(OrderEvent):
    """The whole order left before we kept its books: whoever has work for it drops that."""

    name = "order.left_before"
    order: Order = passing()


@dataclass(frozen=True, kw_only=True)
class OrderReturnsElsewhere(OrderEvent):
    """Units come back that the channel gave money back for, for the floor that knows returns.

    `units` are by line id; `told_before` are returns that the channel has named before. Who carries
    it out puts the returns into `returns`.
    """

    name = "order.returns_elsewhere"
    reason: str
    order: Order = passing()
    units: Mapping[int, int] = passing()
    told_before: frozenset[str] = passing(default=frozenset())
    returns: list[str] = passing(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class OrderArrivedElsewhere(OrderEvent):
    """A shipment of ours arrived, in the channel's words."""

    name = "order.arrived_elsewhere"
    shipment: str


@dataclass(frozen=True, kw_only=True)
class RefundFailed(OrderEvent):
    name = "refund.failed"
    amount: str
    currency: str
    reference: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderNoted(OrderEvent):
    """A colleague put down something others should know."""

    name = "order.noted"
    text: str


@dataclass(frozen=True, kw_only=True)
class OrderLinkRevoked(OrderEvent):
    """The links to the customer's page that were given out no longer open it."""

    name = "order.link_revoked"


@dataclass(frozen=True, kw_only=True)
class SubscriptionEvent(Event):
    """Something that happened to a subscription, which is its thread."""


@dataclass(frozen=True, kw_only=True)
class SubscriptionCreated(SubscriptionEvent):
    name = "subscription.created"
    channel: str
    every: int
    unit: str
    starts_on: str
    units: int


@dataclass(frozen=True, kw_only=True)
class SubscriptionNoticed(SubscriptionEvent):
    """The customer is told of the next delivery while it can be changed."""

    name = "subscription.noticed"
    index: int
    due_on: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionRenewed(SubscriptionEvent):
    """The order of one delivery is placed. `passed_over` deliveries before it were missed."""

    name = "subscription.renewed"
    index: int
    due_on: str
    order: str
    total: str
    currency: str
    charged: bool
    passed_over: int


@dataclass(frozen=True, kw_only=True)
class SubscriptionNotRenewed(SubscriptionEvent):
    """The order could not be placed: a person has to look. It is tried again."""

    name = "subscription.not_renewed"
    index: int
    due_on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionPaid(SubscriptionEvent):
    """One delivery is paid."""

    name = "subscription.paid"
    index: int
    order: str
    amount: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionPastDue(SubscriptionEvent):
    """A payment failed. It is tried again at `retry_at`."""

    name = "subscription.past_due"
    index: int
    order: str
    amount: str
    currency: str
    reason: str
    tries: int
    retry_at: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionSuspended(SubscriptionEvent):
    """The last try of a payment failed: nothing more is placed."""

    name = "subscription.suspended"
    index: int
    order: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionPaused(SubscriptionEvent):
    name = "subscription.paused"
    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionResumed(SubscriptionEvent):
    name = "subscription.resumed"
    next_on: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionSkipped(SubscriptionEvent):
    """One delivery is left out."""

    name = "subscription.skipped"
    index: int
    due_on: str
    next_on: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionUnskipped(SubscriptionEvent):
    """A delivery that was to be left out comes after all."""

    name = "subscription.unskipped"
    index: int
    due_on: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionChanged(SubscriptionEvent):
    """What comes, where it goes, how often or who pays is another; `what` says it in words."""

    name = "subscription.changed"
    what: str
    once: bool


@dataclass(frozen=True, kw_only=True)
class SubscriptionCancelled(SubscriptionEvent):
    name = "subscription.cancelled"
    reason: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionExpired(SubscriptionEvent):
    """The last delivery that was agreed is placed, and paid where we charge for it."""

    name = "subscription.expired"
