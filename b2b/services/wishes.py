"""What callers hand to the services, checked for shape."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oms.customers.addresses import Address


@dataclass(frozen=True)
class LineWish:
    """Units of one SKU; `unit_price` is one the caller names, None for ours."""

    sku: str
    quantity: int
    unit_price: Decimal | None = None
    requested_on: date | None = None
    ship_to: Address | None = None
    buyer_sku: str = ""
    note: str = ""


@dataclass(frozen=True)
class LineAnswer:
    """What we answer to the line at `position`; `quantity` None is all of it, 0 is none."""

    position: int
    quantity: int | None = None
    unit_price: Decimal | None = None
    expected_on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class PlaceOf:
    """An address of a company."""

    kind: str
    label: str
    address: Address
    is_default: bool = False
