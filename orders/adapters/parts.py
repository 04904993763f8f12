"""What channels say about their orders, put into one language.

A channel tells of an order in messages: whole documents, pieces of it, happenings. Each message
becomes reports, each report holds parts under keys of the channel's own. Of two parts under one
key the later stands, whichever came first, and a part that came twice is there once: so the parts
that are known of an order, and all that follows from them, do not depend on how often or in
which order its messages came.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from oms.core.money import ZERO
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails


@dataclass(frozen=True)
class Head:
    """The order itself; key `head`. Amounts are in `currency`, as the channel states them.

    `name` is what the channel's people call it (`#1001`), `state` its life in the channel's own
    word, kept to be shown. `total` is the total that the channel states; None where it states
    none. `authorized` and `captured` are what it states of payments in all, those told as parts of
    their own among them; None where it lists each payment as a part instead. `discount` is what is
    taken off the order beside the discounts of its items. `fulfilled_elsewhere`: the channel sends
    the goods from its own stock, so that the order is kept and makes no work. `is_ready` is False
    while the channel itself still waits (for a payment, for an approval). `awaits` are keys of
    parts that come apart and are worth waiting for a while (`address`, `buyer`); `items` always
    are. `cart` is the channel's key of the cart reservation whose units it takes over.
    """

    placed_at: datetime
    currency: str
    customer: CustomerDetails
    name: str = ""
    state: str = ""
    total: Decimal | None = None
    shipping_amount: Decimal = ZERO
    shipping_tax: Decimal = ZERO
    discount: Decimal = ZERO
    service: str = ""
    pickup_location: str = ""
    authorized: Decimal | None = None
    captured: Decimal | None = None
    payment_method: str = ""
    deliver_by: datetime | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    is_ready: bool = True
    fulfilled_elsewhere: bool = False
    awaits: tuple[str, ...] = ()
    cart: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tax:
    """One tax on an item or on shipping, as the channel names it; `rate` is a share, 0.06."""

    title: str
    amount: Decimal
    rate: Decimal | None = None


@dataclass(frozen=True)
class Item:
    """Units of one thing as ordered, before anything was cancelled or refunded.

    `key` is the channel's id of the line, `sku` the seller's code as the channel has it, `listing`
    the channel's own id of what was bought (a variant, an ASIN): either may be empty.
    `unit_price` is without tax, up to six decimals; `discount` and `tax` are for all units; a
    price with tax in it is taken apart by the adapter, so that
    quantity * unit_price - discount + tax, rounded half up, is what the channel states for the
    line. `ships` is False for what never leaves a warehouse: downloads, gift cards, fees.
    `ship_to` is the key of the `address:…` part of lines that go elsewhere. `said` keeps what
    people read: options, personalization, a gift note.
    """

    key: str
    quantity: int
    unit_price: Decimal
    sku: str = ""
    listing: str = ""
    name: str = ""
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    taxes: tuple[Tax, ...] = ()
    ships: bool = True
    ship_to: str = ""
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Items:
    """All that was ordered; key `items`, and `items:<id>` for what is told apart (a gift wrapping):
    see `everything_ordered`.

    What a channel charges for sending where it tells of the items rather than of the order comes on
    top of what the head says of it.
    """

    items: tuple[Item, ...]
    shipping_amount: Decimal = ZERO
    shipping_tax: Decimal = ZERO


@dataclass(frozen=True)
class Said:
    """Words that people read, apart from what they are about; key `said:<id>`.

    `of` is the key of an item, or empty for the order. `waits`: the channel has not yet decided
    what these words are about (a prescription that is being checked), and nothing may be sent.
    """

    words: Mapping[str, str]
    of: str = ""
    waits: bool = False


@dataclass(frozen=True)
class Place:
    """Where goods go: key `address`, or `address:…` for lines with their own. Key `billing`: who
    pays. None when the channel says that there is none. `service` is how goods are to go there,
    where that is told with the address and not with the order."""

    address: Address | None
    service: str = ""


@dataclass(frozen=True)
class Buyer:
    """Who ordered, where this arrives apart from the order; key `buyer`. Empty is unsaid."""

    customer: CustomerDetails


class PaymentState(StrEnum):
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    VOIDED = "voided"


@dataclass(frozen=True)
class Payment:
    """Money that came in, or is set aside; key `payment:<id>`."""

    state: PaymentState
    amount: Decimal
    currency: str
    method: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Units:
    """Units of one item, by the item's key."""

    key: str
    quantity: int


@dataclass(frozen=True)
class Refund:
    """Money given back in the channel; key `refund:<id>`, or `refunded` for a bare sum of all.

    `amount` is what the customer got; an empty `currency` is the order's. `cancelled` are units
    that will not be sent any more, `returned` units that left and come back, `paid` ones those that
    the money is for and no more: what is not sent of them is told as a `Cancellation`. Of `unsaid`
    ones the channel tells nothing else at all: those that left stay where they are, those that had
    not will not be sent.
    `book` names the one of several interfaces that tells of it, where they tell of the same money
    under names of their own.
    """

    amount: Decimal
    currency: str
    at: datetime | None = None
    reason: str = ""
    cancelled: tuple[Units, ...] = ()
    returned: tuple[Units, ...] = ()
    paid: tuple[Units, ...] = ()
    unsaid: tuple[Units, ...] = ()
    book: str = ""


@dataclass(frozen=True)
class Fulfillment:
    """Units that somebody sent, as the channel knows it; key `fulfillment:<id>`, or `fulfilled` for
    all units sent so far where it only counts them: those of other parts, and ours, are among them.

    `units` is None for all that was left to send. `is_cancelled`: it was taken back.
    """

    units: tuple[Units, ...] | None
    at: datetime | None = None
    carrier: str = ""
    service: str = ""
    tracking_numbers: tuple[str, ...] = ()
    location: str = ""
    is_delivered: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True)
class Cancellation:
    """Units that are not wanted any more; key `cancellation`, or `cancellation:<id>` for some.

    `units` is None for the whole order. `is_asked`: the buyer asks for it, the seller decides.
    """

    units: tuple[Units, ...] | None = None
    reason: str = ""
    at: datetime | None = None
    is_asked: bool = False


Part = Head | Items | Said | Place | Buyer | Payment | Refund | Fulfillment | Cancellation


@dataclass(frozen=True)
class Report:
    """What one message says about one order.

    `order` is the channel's id of it. `as_of` is when the channel says that this was so; None
    where it does not say, and the moment of arrival counts.
    """

    order: str
    parts: Mapping[str, Part]
    as_of: datetime | None = None


@dataclass(frozen=True)
class Fetch:
    """Something a message only points at, to be fetched from the channel: `what` in the adapter's
    own words (`order`), `id` the channel's id of it."""

    what: str
    id: str


@dataclass(frozen=True)
class Reading:
    """What was made of a message. With neither reports nor fetches, `ignored` says why."""

    reports: tuple[Report, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    ignored: str = ""


def everything_ordered(parts: Mapping[str, Part]) -> Items | None:
    """Return all items, wherever they were told; one that was told twice counts once. What else
    stands under a key that is taken gets one of its own. None while nobody has told of the order's
    own items."""
    main = parts.get("items")
    if not isinstance(main, Items):
        return None
    known = {item.key for item in main.items}
    apart = [
        item
        for key, each in sorted(parts.items())
        if key.startswith("items:") and isinstance(each, Items)
        for item in each.items
        if item.key not in known
    ]
    if not apart and len(known) == len(main.items):
        return main
    return replace(main, items=tuple(_each_once([*main.items, *apart])))


def _each_once(items: Iterable[Item]) -> Iterator[Item]:
    seen: dict[str, list[Item]] = {}
    for item in items:
        same = seen.setdefault(item.key, [])
        if item not in same:
            same.append(item)
            yield item if len(same) == 1 else replace(item, key=f"{item.key}#{len(same)}")
