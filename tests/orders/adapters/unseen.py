"""Documents as channels may send them though nobody here has seen them: changed at random in the
ways in which versions, plugins and markets differ."""

import copy
import json
import math
import random
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.orders.adapters import (
    shopify,
    test_amazon,
    test_amazon_vendor,
    test_bigcommerce,
    test_shipstation,
    woocommerce,
)

FOLDER = Path(__file__).parents[2] / "data" / "channel_payloads"
TEXTS = (
    "Ünïcode Straße 4", "東京都千代田区", "שלום עולם", "🎁🎉", "O'Brien \"& Co\" <b>", "  ", "0",
    "true", "SOME_NEW_VALUE", "x" * 6_000, "a\r\nb\tc", "\u202eabc", "1,234.50", "12.5%",
)  # fmt: skip
NUMBERS = (
    0, 1, 7, 2.5, "0", "0.00", "3", "12.345", "1e2", "-4.00", -3, 10**15, "9" * 30, "", None, "NaN",
)  # fmt: skip
MOMENTS = (
    "2026-11-20T10:00:00Z", "2026-11-20T10:00:00+05:30", "2026-11-20T10:00:00", "2026-11-20",
    "Fri, 20 Nov 2026 10:00:00 +0000", "11/20/2026 21:56 PM", 1795168800, "0000-00-00 00:00:00", "",
)  # fmt: skip
CURRENCIES = ("USD", "EUR", "JPY", "KWD", "CLP", "XXX", "", "usd", None)


def seeds() -> list[tuple[str, Any]]:
    """Documents of every channel, each kind at least once."""
    found: list[tuple[str, Any]] = []
    for path in sorted(FOLDER.glob("*/*.json")):
        found.append((path.parent.name.partition("_")[0], json.loads(path.read_bytes())))
    bought = test_bigcommerce.product()
    found += [
        ("shopify", {"order": rich_shopify()}),
        ("woocommerce", rich_woocommerce()),
        ("amazon", {"payload": test_amazon.order()}),
        ("amazon", test_amazon.items(test_amazon.item(), test_amazon.item("2"))),
        ("amazon", test_amazon.WHOLE),
        ("amazon", {"payload": test_amazon_vendor.bought()}),
        ("amazon", test_amazon_vendor.sent_for_amazon()),
        ("bigcommerce", test_bigcommerce.order()),
        ("bigcommerce", [bought]),
        ("bigcommerce", [test_bigcommerce.address()]),
        ("bigcommerce", {
            "order": test_bigcommerce.order(),
            "products": [bought],
            "shipping_addresses": [test_bigcommerce.address()],
            "coupons": [{"order_id": 250, "coupon_id": 3, "code": "TEN", "discount": "3.0000"}],
            "shipments": [{"id": 6, "order_id": 250, "order_address_id": 39, "tracking_number": "T",
                           "items": [{"order_product_id": 15, "quantity": 1}]}],
            "refunds": [{"id": 8, "order_id": 250, "total_amount": 5, "items": [
                {"item_type": "PRODUCT", "item_id": 15, "quantity": 1, "requested_amount": None}]}],
        }),
        ("shipstation", test_shipstation.orders(test_shipstation.order(
            test_shipstation.item(),
            test_shipstation.item("OFF", 1, "-2.00", "<Adjustment>true</Adjustment>"),
        ))),
    ]  # fmt: skip
    return found


def rich_shopify() -> dict[str, Any]:
    return shopify.order(
        shopify.line(discount_allocations=[{"amount": "1.00"}]),
        shopify.line(12, requires_shipping=False, gift_card=True, sku=None, price="25.00"),
        shopify.line(13, price="0.00", tax_lines=[{"title": "A", "price": "0.00", "rate": 0.1}]),
        total_price="100.00", total_tip_received="2.00",
        original_total_duties_set=shopify.money("3.00"),
        discount_codes=[{"code": "FREE", "amount": "4.95", "type": "shipping"}],
        shipping_lines=[{"title": "Post", "price": "4.95", "discount_allocations": []}],
        refunds=[{"id": 5, "order_id": 1, "created_at": "2026-11-21T10:00:00Z",
                  "refund_line_items": [
                      {"line_item_id": 11, "quantity": 1, "restock_type": "return"}],
                  "transactions": [
                      {"id": 9, "kind": "refund", "status": "success", "amount": "5.00"}]}],
        fulfillments=[{"id": 6, "status": "success", "tracking_numbers": ["T"], "line_items":
                       [{"id": 11, "quantity": 1}]}],
    )  # fmt: skip


def rich_woocommerce() -> dict[str, Any]:
    return woocommerce.order(
        woocommerce.line(),
        fee_lines=[{"id": 3, "name": "Fee", "total": "2.00", "total_tax": "0.00", "taxes": []}],
        coupon_lines=[{"id": 4, "code": "ten", "discount": "1.00", "discount_tax": "0.00"}],
        refunds=[{"id": 7, "reason": "", "total": "-1.00"}],
        meta_data=[{"id": 1, "key": "_plugin", "value": {"odd": [1, None]}}],
    )


def mutated(document: Any, dice: random.Random) -> Any:
    """The document with one to six of its fields changed."""
    if isinstance(document, str):
        return _mutated_xml(document, dice)
    changed = copy.deepcopy(document)
    for _ in range(dice.randint(1, 6)):
        at, key = dice.choice(_fields(changed) or [(changed, None)])
        if key is not None:
            _change(at, key, dice)
    return changed


def _fields(document: Any) -> list[tuple[Any, Any]]:
    children = (
        document.items() if isinstance(document, dict)
        else enumerate(document) if isinstance(document, list) else ()
    )  # fmt: skip
    found = []
    for key, child in children:
        found += [(document, key), *_fields(child)]
    return found


def _change(at: Any, key: Any, dice: random.Random) -> None:
    value, name = at[key], str(key).lower()
    how = dice.randrange(8)
    if how == 0 and isinstance(at, dict):
        del at[key]
    elif how == 1:
        at[key] = None
    elif how == 2 and isinstance(at, dict):
        at[f"new_{key}"] = copy.deepcopy(value)
    elif isinstance(value, list):
        at[key] = [] if how < 5 else [*value, *copy.deepcopy(value[:1])]
    elif isinstance(value, dict):
        at[key] = {}
    elif isinstance(value, bool):
        at[key] = dice.choice([not value, str(value).lower(), int(value)])
    elif "currency" in name:
        at[key] = dice.choice(CURRENCIES)
    elif any(word in name for word in ("date", "time", "_at", "before", "after")):
        at[key] = dice.choice(MOMENTS)
    elif isinstance(value, int | float) or _is_number(value):
        at[key] = str(value) if how == 3 else _number(value) if how == 4 else dice.choice(NUMBERS)
    else:
        at[key] = dice.choice(TEXTS)


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def _number(value: Any) -> Any:
    return float(value) if "." in str(value) else int(float(value))


def _mutated_xml(document: str, dice: random.Random) -> str:
    root = ElementTree.fromstring(document.partition("?>")[2] or document)  # noqa: S314 (our own)
    for _ in range(dice.randint(1, 6)):
        parents = [each for each in root.iter() if len(each)]
        parent = dice.choice(parents or [root])
        if not len(parent):
            break
        child = dice.choice(list(parent))
        how = dice.randrange(6)
        if how == 0:
            parent.remove(child)
        elif how == 1:
            child.text = None
        elif how == 2:
            parent.append(copy.deepcopy(child))
        elif how == 3:
            ElementTree.SubElement(parent, "NewElement").text = "new"
        elif len(child) == 0:
            texts = MOMENTS if "Date" in child.tag or "Modified" in child.tag else TEXTS + NUMBERS
            said = str(dice.choice(texts))
            child.text = "".join(char for char in said if char.isprintable())
    return '<?xml version="1.0"?>' + ElementTree.tostring(root, encoding="unicode")


def bytes_of(document: Any) -> bytes:
    return document.encode() if isinstance(document, str) else json.dumps(document).encode()
