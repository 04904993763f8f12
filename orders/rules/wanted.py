"""What a channel asks for, checked for shape and ready to be decided on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.core.money import ZERO
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails


@dataclass(frozen=True)
class NewLine:
    """Units of one SKU; `discount` and `tax` are for the whole line, `unit_price` without tax.

    `is_known` is False where nobody knows yet which SKU the channel means by `sku` and `name`;
    what does not ship may have none.
    """

    sku: str
    quantity: int
    unit_price: Decimal
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    external_id: str = ""
    ship_to: Address | None = None
    is_known: bool = True
    ships: bool = True
    name: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NewHold:
    """A reason why a new order must not move, known before anything is done for it."""

    kind: str
    reason: str


@dataclass(frozen=True)
class NewPayment:
    method: str
    status: str
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True)
class NewOrder:
    """An order as asked for. Amounts are in `currency`.

    `silent`: whoever places it confirms it to the customer with a letter of its own. `cart` is the
    channel's key of the cart reservation whose units it takes over.
    """

    external_id: str
    placed_at: datetime
    currency: str
    customer: CustomerDetails
    ship_to: Address
    lines: tuple[NewLine, ...]
    bill_to: Address | None = None
    service: str = ""
    shipping_amount: Decimal = ZERO
    shipping_tax: Decimal = ZERO
    discount: Decimal = ZERO
    payments: tuple[NewPayment, ...] = ()
    deliver_by: datetime | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    silent: bool = False
    cart: str = ""
    holds: tuple[NewHold, ...] = ()
