"""What there is to know of an order that follows its channel, and what can be done for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.parts import Fulfillment, Payment, Refund
from orders.rules.changes import Action

PAST = "past"


@dataclass(frozen=True)
class LineNow:
    """A line of ours, or kits of ours with the lines they are made of."""

    item: str
    position: int
    sku: str
    name: str
    quantity: int
    cancelled: int
    unit_price: Decimal
    discount: Decimal
    tax: Decimal
    ships: bool
    is_unknown: bool
    units: tuple["UnitsNow", ...]
    is_kit: bool = False


@dataclass(frozen=True)
class UnitsNow:
    """The units of one line: `per_item` for each unit of the channel's item."""

    line_id: int
    per_item: int
    quantity: int
    cancelled: int
    packed: int
    shipped: int


@dataclass(frozen=True)
class PaymentNow:
    id: int
    status: str
    amount: Decimal


@dataclass(frozen=True)
class RefundNow:
    number: str
    amount: Decimal


@dataclass(frozen=True)
class OrderNow:
    """Our order as it stands. `refunds` are ours that the channel has not named yet, `granted` the
    numbers of all that were granted here; `holds` are those that stand, and whether the channel set
    them."""

    status: str
    ship_to: Address
    service: str
    shipping_amount: Decimal
    shipping_tax: Decimal
    discount: Decimal
    captured: Decimal
    committed: Decimal
    customer: CustomerDetails
    notes: str
    lines: tuple[LineNow, ...]
    payments: Mapping[str, PaymentNow]
    refunds: tuple[RefundNow, ...]
    granted: Collection[str]
    holds: Mapping[str, bool]


@dataclass(frozen=True)
class Book:
    """What was settled before: ids that are known by kind, words that were followed, words that
    staff left as they are, and what could not be done just now. What left before `live_since` is
    history: it left stock that was not counted here yet."""

    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    followed: Mapping[str, Any] = field(default_factory=dict)
    accepted: Mapping[str, str] = field(default_factory=dict)
    failed: Collection[str] = ()
    live_since: datetime | None = None

    @property
    def is_past(self) -> bool:
        """Whether the order came to its end before we kept its books."""
        return bool(self.followed.get(PAST))

    def is_known(self, kind: str, key: str) -> bool:
        return key in self.known.get(kind, {})

    def is_open(self, key: str, value: str) -> bool:
        """Whether something is still to be done about these words."""
        return key not in self.failed and self.accepted.get(key) != value


@dataclass(frozen=True)
class Act:
    """One thing to do; `key` names it in the list of problems, `words` are those it follows."""

    key: str
    words: str


@dataclass(frozen=True)
class PlaceIt(Act):
    pass


@dataclass(frozen=True)
class KeepIt(Act):
    """Keep it as an order that came to its end elsewhere."""

    status: str


@dataclass(frozen=True)
class EndIt(Act):
    """End an order that was placed here, for all of it left before we kept its books."""


@dataclass(frozen=True)
class Hold(Act):
    kind: str
    reason: str


@dataclass(frozen=True)
class Lift(Act):
    kind: str
    reason: str


@dataclass(frozen=True)
class Change(Act):
    actions: tuple[Action, ...]
    followed: Mapping[str, Any]


@dataclass(frozen=True)
class Restate(Act):
    """Who ordered, and what they wrote, in later words."""

    customer: CustomerDetails
    notes: str


@dataclass(frozen=True)
class Authorize(Act):
    id: str
    payment: Payment


@dataclass(frozen=True)
class Capture(Act):
    id: str
    payment: Payment
    ours: int | None = None


@dataclass(frozen=True)
class Void(Act):
    ours: int


@dataclass(frozen=True)
class Cancel(Act):
    units: Mapping[int, int]
    reason: str
    is_whole: bool


@dataclass(frozen=True)
class GiveBack(Act):
    """Book money that the channel gave back; `ours` is a refund of ours that this is."""

    id: str
    refund: Refund
    amount: Decimal
    ours: str = ""


@dataclass(frozen=True)
class Send(Act):
    id: str
    fulfillment: Fulfillment
    units: Mapping[int, int]


@dataclass(frozen=True)
class Expect(Act):
    """Units by line come back for a refund that the channel made."""

    id: str
    units: Mapping[int, int]
    reason: str


@dataclass(frozen=True)
class Arrive(Act):
    fulfillment: Fulfillment
    shipment: str


@dataclass(frozen=True)
class Trouble(Act):
    """Something no act can help: a person has to look."""

    code: str
    says: str
