"""Documents of Shopify, as small as a test needs them."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

from orders.adapters.messages import Message
from orders.adapters.shopify import Shopify

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SECRET = "shpss_1"  # noqa: S105


def line(key=11, **said):
    return {
        "id": key,
        "variant_id": 71,
        "sku": "TEA-01",
        "title": "Tea",
        "quantity": 2,
        "price": "4.50",
        "total_discount": "0.00",
        "requires_shipping": True,
        "taxable": True,
        "tax_lines": [],
        "discount_allocations": [],
        **said,
    }


def order(*lines, **said):
    return {
        "id": 1001,
        "name": "#1001",
        "currency": "EUR",
        "created_at": "2026-11-23T10:00:00+01:00",
        "updated_at": "2026-11-23T10:05:00+01:00",
        "financial_status": "paid",
        "taxes_included": False,
        "total_price": "9.00",
        "total_tax": "0.00",
        "customer": {"id": 7, "first_name": "Ada", "last_name": "Byron"},
        "email": "ada@example.com",
        "shipping_address": {
            "name": "Ada Byron",
            "address1": "Keizersgracht 1",
            "city": "Amsterdam",
            "zip": "1015 AA",
            "country_code": "NL",
        },
        "shipping_lines": [],
        "line_items": list(lines) or [line()],
        "refunds": [],
        "fulfillments": [],
        **said,
    }


def money(shop, shown=None, *, shop_currency="EUR", shown_currency="JPY"):
    return {
        "shop_money": {"amount": shop, "currency_code": shop_currency},
        "presentment_money": {"amount": shown or shop, "currency_code": shown_currency},
    }


def message(document, *, topic="", secret=SECRET, **headers):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    proof = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    said = {"x-shopify-hmac-sha256": proof, **headers}
    return Message(body, said | ({"x-shopify-topic": topic} if topic else {}), NOW)


def read(document, *, topic=""):
    return Shopify().read(message(document, topic=topic))


def parts(document, *, topic=""):
    [report] = read(document, topic=topic).reports
    return report.parts
