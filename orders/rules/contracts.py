"""What somebody who subscribes asks for, checked for shape and ready to be decided on."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oms.core.money import ZERO
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.states import PricePolicy


@dataclass(frozen=True)
class WantedLine:
    """Units of one SKU in each delivery; without a price the catalog's is agreed.

    `tax_rate` is percent; without one it is that of the same SKU, or of the first line.
    """

    sku: str
    quantity: int
    unit_price: Decimal | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True)
class ContentLine:
    """Units of one SKU as they are agreed."""

    sku_id: int
    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    tax_rate: Decimal


@dataclass(frozen=True)
class PaymentAccount:
    """Who is charged, and how: the payer and the saved method, as the gateway knows them."""

    gateway: str = ""
    method: str = "card"
    payer: str = ""
    reference: str = ""


@dataclass(frozen=True)
class NewSubscription:
    """A subscription as asked for. It ends after `ends_after` deliveries, or after `ends_on`."""

    customer: CustomerDetails
    ship_to: Address
    lines: tuple[WantedLine, ...]
    currency: str
    every: int
    unit: str
    starts_on: date
    time_zone: str = "UTC"
    external_id: str = ""
    bill_to: Address | None = None
    ends_after: int | None = None
    ends_on: date | None = None
    price_policy: str = PricePolicy.AGREED
    service: str = ""
    shipping_amount: Decimal = ZERO
    shipping_tax: Decimal = ZERO
    account: PaymentAccount = PaymentAccount()
