"""What the lines and the shipping of an order of Shopify cost, discounts and taxes apart."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from oms.core.money import ZERO, rounded, split
from orders.adapters.charges import charged
from orders.adapters.documents import Doc, amount, identity, objects, text, units
from orders.adapters.messages import Unreadable
from orders.adapters.parts import Item, Tax
from orders.adapters.shopify.happenings import shop_amount
from orders.adapters.shopify.people import said_on

EXTRAS = {
    "tip": ("total_tip_received", "Tip"),
    "duties": ("original_total_duties", "Duties"),
    "fees": ("original_total_additional_fees", "Additional fees"),
}


def items_of(document: Doc, lines: Sequence[Doc], code: str) -> Iterator[Item]:
    """Yield what was ordered; tips, duties and fees stand with it when the total counts them."""
    included = bool(document.get("taxes_included"))
    wanted = [
        (line, quantity)
        for number, line in enumerate(lines)
        if (quantity := units(line.get("quantity"), f"line_items/{number}/quantity"))
    ]
    spread = _spread_tax(document, wanted, code)
    found = [
        _item(line, quantity, taxes=spread[number] or _taxes(line), included=included, code=code)
        for number, (line, quantity) in enumerate(wanted)
    ]
    yield from found
    extras = list(_extras(document, wanted, code))
    if extras:
        goods = sum((_total(item, code) for item in found), ZERO)
        without = goods + sum(shipping_of(document), ZERO) - order_discount(document, found, code)
        if shop_amount(document, "total_price") != without:
            yield from extras


def _item(line: Doc, quantity: int, *, taxes: Sequence[Tax], included: bool, code: str) -> Item:
    price = shop_amount(line, "price")
    if price is None:
        raise Unreadable("A line of the order has no price.")
    goods = quantity * price
    discount = min(_line_discount(line), goods)
    tax = sum((each.amount for each in taxes), ZERO)
    total = goods - discount + (ZERO if included else tax)
    priced = charged(quantity=quantity, total=total, tax=tax, discount=discount, currency=code)
    is_card, variant = bool(line.get("gift_card")), text(line.get("variant_title"), 100)
    name = text(line.get("name")) or " - ".join(filter(None, (text(line.get("title")), variant)))
    return Item(
        key=identity(line.get("id"))
        or text(line.get("admin_graphql_api_id"), 100).rpartition("/")[2],
        quantity=quantity,
        unit_price=priced.unit_price,
        sku=text(line.get("sku"), 64),
        listing=identity(line.get("variant_id")),
        name=name,
        discount=priced.discount,
        tax=priced.tax,
        taxes=tuple(taxes),
        ships=line.get("requires_shipping") is not False and not is_card and not _is_tip(line),
        said=said_on(line),
    )


def _total(item: Item, code: str) -> Decimal:
    return rounded(item.quantity * item.unit_price - item.discount + item.tax, code)


def _line_discount(line: Doc) -> Decimal:
    """Return what is off a line: its shares of all discounts; before 2018, its own alone."""
    shares = objects(line.get("discount_allocations"), "discount_allocations")
    if shares:
        return sum((shop_amount(share, "amount") or ZERO for share in shares), ZERO)
    return shop_amount(line, "total_discount") or ZERO


def _taxes(line: Doc) -> list[Tax]:
    """Return the taxes of a line. What a marketplace pays to the state itself is charged too."""
    return [
        Tax(
            title=text(each.get("title"), 100),
            amount=shop_amount(each, "price") or ZERO,
            rate=amount(each.get("rate"), "tax_lines/rate"),
        )
        for each in objects(line.get("tax_lines"), "tax_lines")
    ]


def _spread_tax(document: Doc, wanted: Sequence[tuple[Doc, int]], code: str) -> list[list[Tax]]:
    """Return for each line its share of a tax that is stated for the order alone, in proportion
    to what taxable lines cost; nothing where lines or shipping state theirs."""
    nothing: list[list[Tax]] = [[] for _ in wanted]
    whole = shop_amount(document, "total_tax") or ZERO
    apart = [line for line, _ in wanted] + shipping_lines(document)
    if not whole or not wanted or any(line.get("tax_lines") for line in apart):
        return nothing
    costs = [
        ZERO
        if line.get("taxable") is False
        else quantity * (shop_amount(line, "price") or ZERO) - _line_discount(line)
        for line, quantity in wanted
    ]
    named = objects(document.get("tax_lines"), "tax_lines")
    title = text(named[0].get("title"), 100) if len(named) == 1 else "Tax"
    shares = split(whole, [max(cost, ZERO) for cost in costs], code)
    return [[Tax(title, share)] if share else [] for share in shares]


def _extras(document: Doc, wanted: Sequence[tuple[Doc, int]], code: str) -> Iterator[Item]:
    for key, (field, name) in EXTRAS.items():
        asked = shop_amount(document, field)
        if not asked or (key == "tip" and any(_is_tip(line) for line, _ in wanted)):
            continue
        tax = ZERO
        if key == "duties" and not document.get("taxes_included"):
            tax = sum(
                (
                    each.amount
                    for line, _ in wanted
                    for duty in objects(line.get("duties"), "duties")
                    for each in _taxes(duty)
                ),
                ZERO,
            )
        priced = charged(quantity=1, total=asked + tax, tax=tax, discount=ZERO, currency=code)
        yield Item(
            key=key, quantity=1, unit_price=priced.unit_price, name=name, tax=tax, ships=False
        )


def _is_tip(line: Doc) -> bool:
    return bool(
        line.get("tip") or line.get("tip_payment_gateway") or line.get("tip_payment_method")
    )


def shipping_lines(document: Doc) -> list[Doc]:
    lines = objects(document.get("shipping_lines"), "shipping_lines")
    return [line for line in lines if not line.get("is_removed")]


def shipping_of(document: Doc) -> tuple[Decimal, Decimal]:
    """Return what shipping costs without tax, discounts off, and the tax on it."""
    lines = shipping_lines(document)
    tax = sum((each.amount for line in lines for each in _taxes(line)), ZERO)
    if not lines and "shipping_lines" not in document:
        price = shop_amount(document, "total_shipping_price") or ZERO
    else:
        price = sum((_shipping_price(line) for line in lines), ZERO)
    price -= min(price, _legacy_discounts(document)[1])
    return (price - tax if document.get("taxes_included") else price), tax


def _shipping_price(line: Doc) -> Decimal:
    price = shop_amount(line, "price") or ZERO
    shares = objects(line.get("discount_allocations"), "discount_allocations")
    if shares:
        return price - sum((shop_amount(share, "amount") or ZERO for share in shares), ZERO)
    discounted = shop_amount(line, "discounted_price")
    return price if discounted is None else discounted


def _legacy_discounts(document: Doc) -> tuple[Decimal, Decimal]:
    """Return what is off the order and off shipping in documents of before 2018, which have no
    shares on their lines: what the discounts come to in all, less those of the lines."""
    lines = objects(document.get("line_items"), "line_items")
    apart = [*lines, *shipping_lines(document)]
    if not lines or any("discount_allocations" in line for line in apart):
        return ZERO, ZERO
    codes = objects(document.get("discount_codes"), "discount_codes")
    shipping = sum(
        (amount(c.get("amount"), "discount_codes/amount") or ZERO)
        for c in codes
        if c.get("type") == "shipping"
    )
    whole = shop_amount(document, "total_discounts") or ZERO
    rest = whole - sum((_line_discount(line) for line in lines), ZERO) - shipping
    return max(rest, ZERO), Decimal(shipping)


def order_discount(document: Doc, items: Sequence[Item], code: str) -> Decimal:
    goods = sum((_total(item, code) for item in items), ZERO)
    return min(_legacy_discounts(document)[0], goods)
