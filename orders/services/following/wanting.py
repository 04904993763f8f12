"""What a channel's words come to in our books."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import msgspec

from oms.core.money import ZERO, rounded, text
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.merging import Told, digest
from orders.adapters.parts import Item


@dataclass(frozen=True)
class Wanted:
    """Items and amounts as our books can hold them: what lowers the total is discount."""

    items: tuple[Item, ...]
    shipping_amount: Decimal
    shipping_tax: Decimal
    discount: Decimal

    def total(self, currency: str) -> Decimal:
        goods = (
            rounded(each.quantity * each.unit_price - each.discount + each.tax, currency)
            for each in self.items
        )
        return sum(goods, ZERO) + self.shipping_amount + self.shipping_tax - self.discount


def wanted_of(told: Told) -> Wanted:
    """Return what was ordered. Items below nothing (a fee taken off) lower the order instead; so
    does what a discount takes off an item beyond its price."""
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    assert told.items is not None  # noqa: S101 (nothing is lacking)
    head, currency = told.head, told.head.currency
    discount = rounded(head.discount, currency)
    items = []
    for item in told.items.items:
        goods = item.quantity * item.unit_price
        less, tax = rounded(item.discount, currency), rounded(item.tax, currency)
        if item.quantity <= 0 or goods < 0:
            discount -= rounded(goods - less + tax, currency)
            continue
        if less > goods:
            over = less - rounded(goods, currency)
            if rounded(goods, currency) > goods:
                over += Decimal(1).scaleb(-_places(currency))
            less, discount = less - over, discount + over
        items.append(replace(item, discount=less, tax=tax))
    amount, tax = rounded(head.shipping_amount, currency), rounded(head.shipping_tax, currency)
    if discount < 0:
        amount, discount = amount - discount, ZERO
    return Wanted(tuple(items), amount, tax, discount)


def _places(currency: str) -> int:
    return -int(rounded(Decimal(1), currency).as_tuple().exponent)


def customer_of(told: Told) -> CustomerDetails:
    """Return who ordered, with what was said of them apart."""
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    said = told.head.customer
    if told.buyer is None:
        return said
    apart = told.buyer.customer
    return CustomerDetails(
        name=apart.name or said.name,
        external_id=said.external_id or apart.external_id,
        email=apart.email or said.email,
        phone=apart.phone or said.phone,
        language=said.language,
    )


def address_of(told: Told, key: str = "address") -> Address | None:
    place = told.places.get(key)
    return place.address if place else None


def nowhere(name: str) -> Address:
    """Return the address of an order that has none yet."""
    return Address(name=name, line1="", city="", country="")


def is_complete(address: Address | None) -> bool:
    return address is not None and all((address.line1, address.city, address.country))


def words(value: Any) -> str:
    """Return what tells these words from others."""
    return digest(msgspec.to_builtins(value))


def words_of(told: Told) -> dict[str, Any]:
    """Return the words by which an order is placed, to know later which of them changed."""
    wanted = wanted_of(told)
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    return {
        "items": {item.key: words(item) for item in wanted.items},
        "charges": words([wanted.shipping_amount, wanted.shipping_tax, wanted.discount]),
        "service": told.head.service,
        "customer": words([customer_of(told), told.head.notes]),
        **{key: words(place) for key, place in told.places.items()},
    }


def mismatch(told: Told, channel: str) -> str:
    """Return the sum that shows why the stated total is not the one we come to; empty if it is."""
    head = told.head
    if head is None or head.total is None:
        return ""
    wanted = wanted_of(told)
    ours = wanted.total(head.currency)
    if ours == head.total:
        return ""
    goods = sum((item.quantity * item.unit_price for item in wanted.items), ZERO)
    less = sum((item.discount for item in wanted.items), wanted.discount)
    tax = sum((item.tax for item in wanted.items), wanted.shipping_tax)

    def shown(amount: Decimal) -> str:
        return text(rounded(amount, head.currency), head.currency)

    return (
        f"{channel} says {shown(head.total)}: goods {shown(goods)} \N{MINUS SIGN} discount "
        f"{shown(less)} + tax {shown(tax)} + shipping {shown(wanted.shipping_amount)}"
        f" = {shown(ours)}"
    )[:200]


def reasons_to_hold(
    told: Told,
    *,
    channel: str,
    unknown: Sequence[str],
    needs_address: bool,
    is_paid: bool,
    awaits_payment: bool,
) -> dict[str, str]:
    """Return the kinds of hold an order needs, and why."""
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    found = {}
    if unknown:
        found["unknown_sku"] = f"Not in the catalog: {', '.join(unknown)}"[:200]
    if needs_address:
        found["address"] = f"{channel} gave no complete address"[:200]
    if reason := mismatch(told, channel):
        found["total_mismatch"] = reason
    if not told.head.is_ready:
        found["payment"] = f"{channel} still waits: {told.head.state or 'not paid'}"[:200]
    elif awaits_payment and not is_paid:
        found["payment"] = f"{channel}: not paid"
    return found


def said_of(item: Item) -> dict[str, Any]:
    """Return what people read of an item, as it is kept with its line."""
    said: dict[str, Any] = {}
    if item.said:
        said["said"] = dict(item.said)
    if item.taxes:
        said["taxes"] = [
            {
                "title": tax.title,
                "amount": str(tax.amount),
                "rate": None if tax.rate is None else str(tax.rate),
            }
            for tax in item.taxes
        ]
    if item.listing:
        said["listing"] = item.listing
    return said
