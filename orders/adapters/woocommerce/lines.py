"""What the lines, fees and shipping of an order of WooCommerce cost.

Lines are stated without tax whether the shop shows its prices with it or not: `subtotal` before
coupons, `total` after.
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from oms.core.money import ZERO, rounded, split
from orders.adapters.charges import charged
from orders.adapters.documents import Doc, amount, identity, objects, text, units
from orders.adapters.parts import Item, Tax


@dataclass(frozen=True)
class Amounts:
    """What is charged beside the items."""

    shipping: Decimal
    shipping_tax: Decimal
    discount: Decimal


@dataclass(frozen=True)
class _Line:
    """A line or a fee: what it costs in the decimals of the currency, and what that was rounded
    from; `before` is what its goods cost before coupons."""

    document: Doc
    quantity: int
    net: Decimal
    tax: Decimal
    before: Decimal
    exact_net: Decimal
    exact_tax: Decimal
    ships: bool = False
    is_fee: bool = False


def priced(document: Doc, code: str) -> tuple[tuple[Item, ...], Amounts]:
    """Return what was ordered, and what is charged beside it.

    Lines are stated in the decimals of the currency, while the shop adds up what they were rounded
    from: their sum can be a cent off. Then the finer amounts that stand beside them are dealt out
    to the cent, if that comes to the stated total.
    """
    total = stated(document.get("total"), "total")
    lines = [*_lines(document, code), *_fees(document, code)]
    charges = [line for line in lines if line.net + line.tax >= 0]
    amounts = _amounts(document, lines, code)
    beside = amounts.shipping + amounts.shipping_tax - amounts.discount
    if _sum(charges) + beside != total:
        finer = _dealt_out(charges, code, in_prices=bool(document.get("prices_include_tax")))
        cards = _gift_cards(document)
        if _sum(finer) + beside == total:
            charges = finer
        elif cards and _sum(charges) + beside - cards == total:
            amounts = replace(amounts, discount=amounts.discount + cards)
    labels = {
        identity(each.get("rate_id")): each
        for each in objects(document.get("tax_lines"), "tax_lines")
    }
    return tuple(_item(line, labels, code) for line in charges), amounts


def stated(value: Any, what: str) -> Decimal:
    """Return an amount; nothing said is nothing.

    Raises: Unreadable.
    """
    return amount(value, what) or ZERO


def plain(value: Any, most: int = 200, *, lines: bool = False) -> str:
    """Return text without the entities that WordPress keeps it with."""
    return text(html.unescape(value) if isinstance(value, str) else value, most, lines=lines)


def _lines(document: Doc, code: str) -> Iterator[_Line]:
    is_digital = document.get("needs_processing") is False
    for number, line in enumerate(objects(document.get("line_items"), "line_items")):
        quantity = units(line.get("quantity"), f"line_items/{number}/quantity")
        if quantity:
            said = _line(line, quantity, code)
            price = amount(line.get("price"), "line_items/price")
            before = amount(line.get("subtotal"), "line_items/subtotal")
            yield replace(
                said,
                before=max(said.net, rounded(said.net if before is None else before, code)),
                exact_net=_near(said.net, None if price is None else price * quantity),
                ships=not (is_digital or line.get("virtual") or line.get("downloadable")),
            )


def _fees(document: Doc, code: str) -> Iterator[_Line]:
    for fee in objects(document.get("fee_lines"), "fee_lines"):
        yield replace(_line(fee, 1, code), is_fee=True)


def _line(document: Doc, quantity: int, code: str) -> _Line:
    net = rounded(stated(document.get("total"), "total"), code)
    tax = rounded(stated(document.get("total_tax"), "total_tax"), code)
    shares = [
        stated(t.get("total"), "taxes/total") for t in objects(document.get("taxes"), "taxes")
    ]
    exact_tax = _near(tax, sum(shares, ZERO) if shares else None)
    return _Line(document, quantity, net, tax, net, net, exact_tax)


def _near(said: Decimal, exact: Decimal | None) -> Decimal:
    """Return what an amount was rounded from, unless that is another amount altogether."""
    return said if exact is None or abs(exact - said) >= 1 else exact


def _dealt_out(lines: Sequence[_Line], code: str, *, in_prices: bool) -> list[_Line]:
    """Return lines whose cents add up as the shop adds them up: tax by tax, or price by price
    where tax is in the prices."""
    if in_prices:
        whole = [line.exact_net + line.exact_tax for line in lines]
        totals = split(rounded(sum(whole, ZERO), code), whole, code)
        return [_at(line, t - line.tax) for line, t in zip(lines, totals, strict=True)]
    taxes = [line.exact_tax for line in lines]
    shares = split(rounded(sum(taxes, ZERO), code), taxes, code)
    return [replace(line, tax=share) for line, share in zip(lines, shares, strict=True)]


def _at(line: _Line, net: Decimal) -> _Line:
    return replace(line, net=net, before=line.before + net - line.net)


def _amounts(document: Doc, lines: Sequence[_Line], code: str) -> Amounts:
    """Return what is charged beside the lines. A fee below nothing is a discount on the order."""
    methods = objects(document.get("shipping_lines"), "shipping_lines")
    shipping = amount(document.get("shipping_total"), "shipping_total")
    tax = amount(document.get("shipping_tax"), "shipping_tax")
    if shipping is None:
        shipping = sum((stated(each.get("total"), "total") for each in methods), ZERO)
    if tax is None:
        tax = sum((stated(each.get("total_tax"), "total_tax") for each in methods), ZERO)
    off = sum((min(line.net + line.tax, ZERO) for line in lines), ZERO)
    return Amounts(rounded(shipping, code), rounded(tax, code), -off)


def _gift_cards(document: Doc) -> Decimal:
    cards = objects(document.get("gift_cards"), "gift_cards")
    return sum((stated(card.get("amount"), "gift_cards/amount") for card in cards), ZERO)


def _sum(lines: Sequence[_Line]) -> Decimal:
    return sum((line.net + line.tax for line in lines), ZERO)


def _item(line: _Line, labels: Mapping[str, Doc], code: str) -> Item:
    said = charged(
        quantity=line.quantity,
        total=line.net + line.tax,
        tax=line.tax,
        discount=line.before - line.net,
        currency=code,
    )
    key, document = identity(line.document.get("id")), line.document
    return Item(
        key=f"fee:{key}" if line.is_fee else key,
        quantity=line.quantity,
        unit_price=said.unit_price,
        sku=text(document.get("sku"), 64),
        listing=identity(document.get("variation_id")) or identity(document.get("product_id")),
        name=plain(document.get("name")) or ("Fee" if line.is_fee else ""),
        discount=said.discount,
        tax=said.tax,
        taxes=_taxes(document, labels),
        ships=line.ships,
        said={} if line.is_fee else _said(document),
    )


def _taxes(line: Doc, labels: Mapping[str, Doc]) -> tuple[Tax, ...]:
    found = []
    for each in objects(line.get("taxes"), "taxes"):
        charged_tax = stated(each.get("total"), "taxes/total")
        label = labels.get(identity(each.get("id")), {})
        percent = amount(label.get("rate_percent"), "rate_percent")
        if charged_tax:
            title = plain(label.get("label"), 100) or text(label.get("rate_code"), 100) or "Tax"
            found.append(Tax(title, charged_tax, None if percent is None else percent / 100))
    return tuple(found)


def _said(line: Doc) -> dict[str, str]:
    """Return what the customer chose or wrote; keys that begin with _ are for programs."""
    found = {}
    for meta in objects(line.get("meta_data"), "meta_data")[:50]:
        name = plain(meta.get("display_key"), 100) or plain(meta.get("key"), 100)
        value = plain(meta.get("display_value"), 1_000, lines=True) or plain(
            meta.get("value"), 1_000, lines=True
        )
        if name and value and not text(meta.get("key"), 100).startswith("_"):
            found[name] = value
    return found
