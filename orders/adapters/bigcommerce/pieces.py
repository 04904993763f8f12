"""What is told of an order apart from it: products, addresses, shipments, refunds, coupons."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from oms.core.money import ZERO, smallest
from orders.adapters.amounts import FINEST, amount, quantity, shared_out
from orders.adapters.bigcommerce.orders import address_of
from orders.adapters.fields import Document, lines, moment, objects, text
from orders.adapters.messages import Unreadable
from orders.adapters.parts import (
    Fulfillment,
    Item,
    Items,
    Part,
    Place,
    Refund,
    Said,
    Tax,
    Units,
)

SHIPS = {"", "physical"}
THOUSANDTH = Decimal("0.001")
COINS = (Decimal(1), Decimal("0.01"), THOUSANDTH)
MOST_TRIES = 20


def products(
    found: Sequence[Document], *, addresses: int | None = None, code: str = ""
) -> dict[str, Part]:
    """Return what was bought. `addresses` is how many there are, `code` the currency, where that
    is known.

    Raises: Unreadable.
    """
    items = [_item(each, addresses, code) for each in found if quantity(each.get("quantity"))]
    parts: dict[str, Part] = {"items": Items(tuple(items))} if items else {}
    sent = tuple(
        Units(text(each, "id"), units)
        for each in found
        if (units := quantity(each.get("quantity_shipped"), "quantity_shipped"))
    )
    if sent:
        parts["fulfilled"] = Fulfillment(units=sent)
    return parts


def _item(product: Document, addresses: int | None, code: str) -> Item:
    key = text(product, "id")
    if not key:
        raise Unreadable("A product of it has no id.")
    units = quantity(product.get("quantity"), "quantity")
    net, gross = _totals(product, units)
    finest = smallest(code) if code else _finest(net, gross)
    net, gross = (each.quantize(finest, ROUND_HALF_UP) for each in (net, gross))
    price, off = shared_out(net, units, finest) if code or net < 0 else _in_any(net, units)
    address = text(product, "order_address_id")
    own = address not in ("", "0") and addresses != 1
    tax = max(gross - net, ZERO)
    return Item(
        key=key,
        quantity=units,
        unit_price=price,
        sku=text(product, "sku"),
        listing=_listing(product),
        name=text(product, "name"),
        discount=off,
        tax=tax,
        taxes=(Tax("Tax", tax),) if tax else (),
        ships=text(product, "type") in SHIPS,
        ship_to=f"address:{address}" if own else "",
        said=_words(product),
    )


def _listing(product: Document) -> str:
    """Return the variant, or the product where there is none; 0 is a product that was made up."""
    ids = (text(product, "variant_id"), text(product, "product_id"))
    return next((each for each in ids if each not in ("", "0")), "")


def _totals(product: Document, units: int) -> tuple[Decimal, Decimal]:
    """Return what all units cost, without tax and with it, before discounts of the order."""
    prices = []
    for which in ("ex", "inc"):
        total = product.get(f"total_{which}_tax")
        if total in (None, ""):
            price = product.get(f"price_{which}_tax")
            if price in (None, ""):
                price = product.get("base_price")
            prices.append(amount(price, f"price_{which}_tax") * units)
        else:
            prices.append(amount(total, f"total_{which}_tax"))
    return prices[0], prices[1]


def _finest(*amounts: Decimal) -> Decimal:
    """Return how fine amounts are that are written with four decimals, whatever the currency."""
    cents = Decimal("0.01")
    if all(each % THOUSANDTH == 0 for each in amounts) and any(each % cents for each in amounts):
        return THOUSANDTH
    return cents


def _in_any(total: Decimal, units: int) -> tuple[Decimal, Decimal]:
    """Return a price for one unit and what to take off besides, so that both come to the total in
    each currency that can state it: which one it is stands in the order."""
    price = (total / units).quantize(FINEST, ROUND_CEILING)
    for _ in range(MOST_TRIES):
        off = (price * units - total).quantize(THOUSANDTH, ROUND_HALF_UP)
        if all(_comes_to(total, price * units, off, coin) for coin in COINS):
            return price, off
        price += FINEST
    return shared_out(total, units, THOUSANDTH)


def _comes_to(total: Decimal, goods: Decimal, off: Decimal, coin: Decimal) -> bool:
    less = off.quantize(coin, ROUND_HALF_UP)
    return bool(total % coin) or (goods - less).quantize(coin, ROUND_HALF_UP) == total


def _words(product: Document) -> dict[str, str]:
    said = {
        text(each, "display_name", "name"): text(each, "display_value", "value")
        for name in ("product_options", "configurable_fields")
        for each in objects(product, name)
    }
    said |= {
        "Gift wrapping": text(product, "wrapping_name"),
        "Gift message": lines(product, "wrapping_message"),
        text(product, "event_name") or "Date": text(product, "event_date"),
        "Part of": text(product, "parent_order_product_id").removeprefix("0"),
        "Bin": text(product, "bin_picking_number"),
    }
    return {name: value for name, value in said.items() if name and value}


def addresses(found: Sequence[Document]) -> dict[str, Part]:
    """Return where it goes: the first address is the order's, each is there under its id."""
    parts: dict[str, Part] = {}
    for each in found:
        place = Place(address_of(each), service=text(each, "shipping_method"))
        if place.address is None:
            continue
        parts.setdefault("address", place)
        parts[f"address:{text(each, 'id')}"] = place
    return parts


def shipments(found: Sequence[Document]) -> dict[str, Part]:
    """Return what was sent, each shipment for itself."""
    parts: dict[str, Part] = {}
    for each in found:
        tracking = text(each, "tracking_number")
        parts[f"fulfillment:{text(each, 'id')}"] = Fulfillment(
            units=tuple(
                Units(text(item, "order_product_id"), units)
                for item in objects(each, "items")
                if (units := quantity(item.get("quantity")))
            ),
            at=moment(each.get("date_created"), "date_created"),
            carrier=text(each, "tracking_carrier", "shipping_provider"),
            service=text(each, "shipping_method"),
            tracking_numbers=(tracking,) if tracking else (),
        )
    return parts


def refunds(
    found: Sequence[Document], bought: Sequence[Document] = (), code: str = ""
) -> dict[str, Part]:
    """Return money given back, in the order's currency. With the products at hand it is known
    which of the units had not been sent: those will not be."""
    unsent = {
        text(each, "id"): quantity(each.get("quantity")) - quantity(each.get("quantity_shipped"))
        for each in bought
    }
    parts: dict[str, Part] = {}
    for each in sorted(found, key=_in_turn):
        cancelled = []
        for item in objects(each, "items"):
            key = text(item, "item_id")
            units = min(quantity(item.get("quantity")), unsent.get(key, 0))
            if text(item, "item_type") == "PRODUCT" and units > 0:
                unsent[key] -= units
                cancelled.append(Units(key, units))
        given = amount(each.get("total_amount"), "total_amount")
        given -= sum(
            (
                amount(payment.get("amount"), "amount")
                for payment in objects(each, "payments")
                if payment.get("is_declined") is True
            ),
            ZERO,
        )
        parts[f"refund:{text(each, 'id')}"] = Refund(
            amount=max(given, ZERO),
            currency=code,
            at=moment(each.get("created"), "created"),
            reason=text(each, "reason"),
            cancelled=tuple(cancelled),
        )
    return parts


def _in_turn(refund: Document) -> tuple[int, str]:
    """Order refunds by their numbers, as they were made."""
    number = text(refund, "id")
    return len(number), number


def coupons(found: Sequence[Document]) -> dict[str, Part]:
    """Return the codes that were used. What they took off stands in the order."""
    codes = ", ".join(filter(None, (text(each, "code") for each in found)))
    return {"said:coupons": Said({"Coupon": codes})} if codes else {}
