"""An order of Shopify, put into parts.

Amounts are in the shop's currency: all fields have that one in every version of the API, the shop
keeps its books in it, and totals of one shop can be added up. What the customer was shown in
another currency is kept beside it (`metadata.presentment`).
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from oms.core.money import ZERO, split
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.charges import charged
from orders.adapters.documents import (
    Doc,
    amount,
    currency,
    identity,
    inner,
    moment,
    objects,
    text,
    units,
)
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
    Tax,
    Units,
)
from orders.adapters.places import country
from orders.adapters.shopify.happenings import (
    NO_REPORT,
    fulfillment_parts,
    payment_parts,
    refund_parts,
    shop_amount,
)

WAITING = {"pending", "expired", "voided", "unpaid"}
PAID = {"paid", "partially_refunded", "refunded"}
EXTRAS = {
    "tip": ("total_tip_received", "Tip"),
    "duties": ("original_total_duties", "Duties"),
    "fees": ("original_total_additional_fees", "Additional fees"),
}


def read(document: Doc) -> tuple[Report, str]:
    key = (
        identity(document.get("id"))
        or text(document.get("admin_graphql_api_id"), 100).rpartition("/")[2]
    )
    if not key:
        raise Unreadable(
            "The order has no id: this is what is sent to Shopify to make or change an order, "
            "not what Shopify sends of one."
        )
    parts = dict(_parts(document))
    if not parts:
        return NO_REPORT, "Too little of an order is said to make anything of it."
    return Report(key, parts, as_of=moment(document.get("updated_at"))), ""


def _parts(document: Doc) -> Iterator[tuple[str, Part]]:
    code = _currency(document)
    placed_at = moment(document.get("processed_at")) or moment(document.get("created_at"))
    lines = objects(document.get("line_items"), "line_items")
    is_whole = bool(code and placed_at and "line_items" in document)
    items: tuple[Item, ...] = ()
    if code and lines:
        items = tuple(_items(document, lines, code))
        yield "items", Items(items)
    if code and placed_at:
        shipping_amount, shipping_tax = _shipping(document)
        discount = _order_discount(document, items, code)
        yield (
            "head",
            Head(
                placed_at=placed_at,
                currency=code,
                customer=_customer(document),
                name=text(document.get("name"), 100) or text(document.get("order_number"), 100),
                state=text(document.get("financial_status"), 40),
                total=shop_amount(document, "total_price"),
                shipping_amount=shipping_amount,
                shipping_tax=shipping_tax,
                discount=discount,
                **_service(document),
                **_money_in(document),
                payment_method=_payment_method(document),
                notes=text(document.get("note"), 5_000, lines=True),
                tags=_tags(document),
                is_ready=_is_ready(document),
                metadata=_metadata(document),
            ),
        )
    if is_whole or "shipping_address" in document:
        yield "address", Place(_address(document.get("shipping_address")))
    if "billing_address" in document:
        yield "billing", Place(_address(document.get("billing_address")))
    refunds = document.get("refunds")
    yield from refund_parts(objects(refunds, "refunds"), code)
    yield from fulfillment_parts(objects(document.get("fulfillments"), "fulfillments"))
    yield from payment_parts(objects(document.get("transactions"), "transactions"))
    if "fulfillments" not in document and document.get("fulfillment_status") == "fulfilled":
        yield "fulfillment:all", Fulfillment(units=None)
    if document.get("cancelled_at"):
        yield (
            "cancellation",
            Cancellation(
                reason=text(document.get("cancel_reason"), 100),
                at=moment(document.get("cancelled_at")),
            ),
        )
    elif removed := _removed(document):
        yield "cancellation:removed", Cancellation(units=removed, reason="Removed from the order")


def _currency(document: Doc) -> str:
    lines = objects(document.get("line_items"), "line_items")
    sets = [document.get("total_price_set"), *(line.get("price_set") for line in lines[:1])]
    said = (inner(inner(each).get("shop_money")).get("currency_code") for each in sets)
    return next(filter(None, map(currency, (document.get("currency"), *said))), "")


def _items(document: Doc, lines: Sequence[Doc], code: str) -> Iterator[Item]:
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
        without = goods + sum(_shipping(document), ZERO) - _order_discount(document, found, code)
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
        said=_said(line),
    )


def _total(item: Item, code: str) -> Decimal:
    return charged(
        quantity=item.quantity,
        total=item.quantity * item.unit_price - item.discount + item.tax,
        tax=item.tax,
        discount=item.discount,
        currency=code,
    ).total(item.quantity, code)


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
    apart = [line for line, _ in wanted] + _shipping_lines(document)
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


def _shipping_lines(document: Doc) -> list[Doc]:
    lines = objects(document.get("shipping_lines"), "shipping_lines")
    return [line for line in lines if not line.get("is_removed")]


def _shipping(document: Doc) -> tuple[Decimal, Decimal]:
    """Return what shipping costs without tax, discounts off, and the tax on it."""
    lines = _shipping_lines(document)
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
    apart = [*lines, *_shipping_lines(document)]
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


def _order_discount(document: Doc, items: Sequence[Item], code: str) -> Decimal:
    goods = sum((_total(item, code) for item in items), ZERO)
    return min(_legacy_discounts(document)[0], goods)


def _service(document: Doc) -> dict[str, Any]:
    lines = _shipping_lines(document)
    if not lines:
        return {}
    line = lines[0]
    named = text(line.get("title"), 64) or text(line.get("code"), 64)
    if text(line.get("delivery_category"), 40) in {"pickup", "pick_up"}:
        return {"service": "pickup", "pickup_location": named}
    return {"service": named}


def _money_in(document: Doc) -> dict[str, Any]:
    """Return what is set aside and what came in, all in all, refunds not taken off."""
    status = text(document.get("financial_status"), 40)
    whole = shop_amount(document, "total_price")
    if whole is None or not status:
        return {}
    if status in PAID:
        return {"authorized": ZERO, "captured": whole}
    if status == "authorized":
        return {"authorized": whole, "captured": ZERO}
    if status == "partially_paid":
        owed = amount(document.get("total_outstanding"), "total_outstanding")
        if owed is None:
            return {}
        now = shop_amount(document, "current_total_price")
        return {"authorized": ZERO, "captured": max((now or whole) - owed, ZERO)}
    return {"authorized": ZERO, "captured": ZERO}


def _is_ready(document: Doc) -> bool:
    return not document.get("test") and document.get("financial_status") not in WAITING


def _payment_method(document: Doc) -> str:
    names = document.get("payment_gateway_names")
    named = [text(name, 32) for name in names] if isinstance(names, list) else []
    return ", ".join(filter(None, named))[:32] or text(document.get("gateway"), 32)


def _tags(document: Doc) -> tuple[str, ...]:
    said = text(document.get("tags"), 5_000).split(",")
    test = ["test"] if document.get("test") else []
    return tuple(dict.fromkeys(filter(None, (text(tag, 50) for tag in [*said, *test]))))[:50]


def _customer(document: Doc) -> CustomerDetails:
    said = inner(document.get("customer"))
    places = [inner(document.get(name)) for name in ("billing_address", "shipping_address")]
    email = next(
        filter(None, (text(document.get(n), 254) for n in ("email", "contact_email"))), ""
    ) or text(said.get("email"), 254)
    phones = [document.get("phone"), said.get("phone"), *(each.get("phone") for each in places)]
    names = filter(None, (_name(each) for each in (said, *places)))
    return CustomerDetails(
        name=next(names, "") or email or text(document.get("name"), 100),
        external_id=identity(said.get("id")),
        email=email,
        phone=next(filter(None, (text(each, 40) for each in phones)), ""),
        language=_language(document.get("customer_locale")),
    )


def _language(said: Any) -> str:
    words = text(said, 16).replace("_", "-").split("-")
    if not (len(words[0]) == 2 and words[0].isalpha() and words[0].isascii()):
        return "en"
    land = words[-1]
    is_land = len(words) > 1 and len(land) == 2 and land.isalpha() and land.isascii()
    return f"{words[0].lower()}-{land.upper()}" if is_land else words[0].lower()


def _name(said: Doc) -> str:
    both = " ".join(filter(None, (text(said.get("first_name")), text(said.get("last_name")))))
    return (both or text(said.get("name")))[:200]


def _address(said: Any) -> Address | None:
    if not isinstance(said, dict) or not any(
        text(said.get(name)) for name in ("address1", "city", "zip", "country", "country_code")
    ):
        return None
    return Address(
        name=text(said.get("name")) or _name(said) or text(said.get("company")),
        line1=text(said.get("address1")),
        line2=text(said.get("address2")),
        city=text(said.get("city"), 100),
        region=text(said.get("province_code"), 100) or text(said.get("province"), 100),
        postal_code=text(said.get("zip"), 20),
        country=country(text(said.get("country_code")) or text(said.get("country"))),
        company=text(said.get("company")),
        phone=text(said.get("phone"), 40),
        latitude=_degrees(said.get("latitude"), 90),
        longitude=_degrees(said.get("longitude"), 180),
    )


def _degrees(said: Any, most: int) -> float | None:
    try:
        found = amount(said, "latitude")
    except Unreadable:
        return None
    return float(found) if found is not None and abs(found) <= most else None


def _said(line: Doc) -> dict[str, str]:
    """Return what the customer wrote on a line; names that begin with _ are for programs."""
    properties = line.get("properties")
    if isinstance(properties, dict):
        properties = [{"name": name, "value": value} for name, value in properties.items()]
    if not isinstance(properties, list):
        return {}
    return _pairs(properties)


def _pairs(properties: Sequence[Any]) -> dict[str, str]:
    found = {}
    for each in properties[:50]:
        name = text(inner(each).get("name"), 100)
        value = text(inner(each).get("value"), 1_000, lines=True)
        if name and value and not name.startswith("_"):
            found[name] = value
    return found


def _metadata(document: Doc) -> dict[str, Any]:
    notes = document.get("note_attributes")
    shown = _currency(document)
    presentment = currency(document.get("presentment_currency"))
    charged_in = inner(inner(document.get("total_price_set")).get("presentment_money"))
    kept: dict[str, Any] = {
        "source": text(document.get("source_name"), 64),
        "po_number": text(document.get("po_number"), 100),
        "discount_codes": [
            text(each.get("code"), 100)
            for each in objects(document.get("discount_codes"), "discount_codes")[:20]
        ],
        "notes": _pairs(notes) if isinstance(notes, list) else {},
        "fulfillment_status": text(document.get("fulfillment_status"), 40),
    }
    if presentment and presentment != shown:
        kept["presentment"] = {
            "currency": presentment,
            "total": text(charged_in.get("amount"), 40),
        }
    return {name: value for name, value in kept.items() if value}


def _removed(document: Doc) -> tuple[Units, ...]:
    """Return units that an edit took off: less is there now than was ordered and not refunded.

    Only a document that tells of all its refunds can say so.
    """
    if not isinstance(document.get("refunds"), list):
        return ()
    refunded: dict[str, int] = {}
    for refund in objects(document.get("refunds"), "refunds"):
        for line in objects(refund.get("refund_line_items"), "refund_line_items"):
            key = identity(line.get("line_item_id"))
            refunded[key] = refunded.get(key, 0) + units(line.get("quantity"), "quantity")
    gone = []
    for line in objects(document.get("line_items"), "line_items"):
        if line.get("current_quantity") is None:
            continue
        key = identity(line.get("id"))
        ordered = units(line.get("quantity"), "quantity")
        left = ordered - units(line.get("current_quantity"), "current_quantity")
        if (missing := left - refunded.get(key, 0)) > 0:
            gone.append(Units(key, missing))
    return tuple(gone)
