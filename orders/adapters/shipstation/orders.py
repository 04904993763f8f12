"""One order in the custom store format."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from oms.core.money import ZERO, rounded, split
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.amounts import amount, currency, per_unit, quantity
from orders.adapters.fields import moment
from orders.adapters.messages import Unreadable
from orders.adapters.parts import (
    Cancellation,
    Fulfillment,
    Head,
    Item,
    Items,
    Part,
    Place,
    Report,
    Said,
    Tax,
)
from orders.adapters.places import country, two_lines
from orders.adapters.shipstation.xml import Element, child, each, text

READY = {"paid", "awaiting_shipment", "processing"}
SENT = {"shipped", "completed", "complete"}
GONE = {"cancelled", "canceled"}
DEFAULT_CURRENCY = "USD"


def read(order: Element) -> Report:
    """Read one order.

    Raises: Unreadable.
    """
    number = text(order, "OrderID") or text(order, "OrderNumber")
    if not number:
        raise Unreadable("It names no order: OrderID is missing.")
    code = currency(text(order, "CurrencyCode") or DEFAULT_CURRENCY)
    state = text(order, "OrderStatus")
    status = re.sub(r"[\s-]+", "_", state.lower())
    at = time_of(text(order, "LastModified"), "LastModified")
    lines = [_line(one, n) for n, one in enumerate(each(child(order, "Items"), "Item"), start=1)]
    lines = [line for line in lines if line.quantity]
    total = rounded(amount(text(order, "OrderTotal"), "OrderTotal"), code)
    shipping = rounded(amount(text(order, "ShippingAmount"), "ShippingAmount"), code)
    tax = rounded(amount(text(order, "TaxAmount"), "TaxAmount"), code)
    discount = sum((rounded(-one.total, code) for one in lines if one.total < 0), ZERO)
    charged = [line for line in lines if line.total >= 0]
    goods = [rounded(line.total, code) for line in charged]
    is_inside = tax != 0 and sum(goods, ZERO) + shipping - discount == total
    taxes = split(tax, goods, code) if charged else []

    parts: dict[str, Part] = {
        "head": _head(
            order,
            code=code,
            state=state,
            is_ready=status in READY | SENT,
            total=total,
            shipping=(shipping, ZERO if charged else tax),
            discount=discount,
        ),
        "address": Place(_address(child(order, "Customer", "ShipTo"))),
    }
    if charged:
        items = (
            _item(line, of_goods, of_tax, code, is_inside)
            for line, of_goods, of_tax in zip(charged, goods, taxes, strict=True)
        )
        parts["items"] = Items(tuple(items))
    if said := _said(order):
        parts["said:order"] = Said(said)
    if status in GONE:
        parts["cancellation"] = Cancellation(reason="Cancelled in the store", at=at)
    if status in SENT:
        parts["fulfilled"] = Fulfillment(units=None, at=at)
    return Report(number, parts, as_of=at)


_WRITTEN = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?", re.ASCII
)


def time_of(written: str, named: str) -> datetime | None:
    """Return a time as MM/dd/yyyy HH:mm in UTC, by 24 hours or 12; PM after 21:56 changes nothing.

    Raises: Unreadable.
    """
    if not written:
        return None
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return moment(written, named)
    month, day, year, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    half = (found[7] or "").upper()
    if half == "PM" and hour < 12:
        hour += 12
    if half == "AM" and hour == 12:
        hour = 0
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise Unreadable(f"{named} is not a time: {written[:40]!r}.") from None


@dataclass(frozen=True)
class _Line:
    """A line as written; `total` is for all units."""

    element: Element
    key: str
    quantity: int
    price: Decimal
    is_adjustment: bool

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


def _line(item: Element, place: int) -> _Line:
    price = amount(text(item, "UnitPrice"), "UnitPrice")
    return _Line(
        element=item,
        key=text(item, "LineItemID") or str(place),
        quantity=quantity(text(item, "Quantity"), "Quantity"),
        price=price,
        is_adjustment=text(item, "Adjustment").lower() == "true" or price < 0,
    )


def _item(line: _Line, goods: Decimal, tax: Decimal, code: str, is_inside: bool) -> Item:
    """Return an item whose share of the order's tax is on top of its price, or in it."""
    price, off = line.price, rounded(line.total, code) - goods
    if is_inside or price != round(price, 6):
        price, off = per_unit(goods - tax if is_inside else goods, line.quantity, code)
    item = line.element
    said = {
        text(option, "Name"): text(option, "Value")
        for option in each(child(item, "Options"), "Option")
    }
    said["Bin"] = text(item, "Location")
    return Item(
        key=line.key,
        quantity=line.quantity,
        unit_price=price,
        sku=text(item, "SKU"),
        name=text(item, "Name"),
        discount=off,
        tax=tax,
        taxes=(Tax("Tax", tax),) if tax else (),
        ships=not line.is_adjustment,
        said={name: value for name, value in said.items() if name and value},
    )


def _head(
    order: Element,
    *,
    code: str,
    state: str,
    is_ready: bool,
    total: Decimal,
    shipping: Sequence[Decimal],
    discount: Decimal,
) -> Head:
    placed_at = time_of(text(order, "OrderDate"), "OrderDate")
    if placed_at is None:
        raise Unreadable("It does not say when it was placed: OrderDate is missing.")
    customer, bill = child(order, "Customer"), child(order, "Customer", "BillTo")
    names = ("InternalNotes", "CustomField1", "CustomField2", "CustomField3", "Source")
    return Head(
        placed_at=placed_at,
        currency=code,
        customer=CustomerDetails(
            name=text(bill, "Name") or text(customer, "ShipTo", "Name") or text(bill, "Company"),
            external_id=text(customer, "CustomerCode"),
            email=text(bill, "Email"),
            phone=text(bill, "Phone"),
        ),
        name=text(order, "OrderNumber"),
        state=state,
        total=total,
        shipping_amount=shipping[0],
        shipping_tax=shipping[1],
        discount=discount,
        service=text(order, "ShippingMethod"),
        captured=total if is_ready else ZERO,
        payment_method=text(order, "PaymentMethod"),
        notes=text(order, "CustomerNotes", lines=True),
        tags=("gift",) if text(order, "Gift").lower() == "true" else (),
        is_ready=is_ready,
        metadata={name: said for name in names if (said := text(order, name))},
    )


def _said(order: Element) -> dict[str, str]:
    message = text(order, "GiftMessage", lines=True)
    return {"Gift message": message} if message else {}


def _address(ship_to: Element | None) -> Address | None:
    """Return where it goes; None when the store names no street."""
    line1, line2 = two_lines(text(ship_to, f"Address{n}") for n in (1, 2, 3))
    if not line1:
        return None
    region = text(ship_to, "State")
    return Address(
        name=text(ship_to, "Name") or text(ship_to, "Company"),
        line1=line1,
        line2=line2,
        city=text(ship_to, "City") or region,
        region=region,
        postal_code=text(ship_to, "PostalCode"),
        country=country(text(ship_to, "Country")),
        company=text(ship_to, "Company"),
        phone=text(ship_to, "Phone"),
    )
