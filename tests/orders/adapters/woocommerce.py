"""Documents of WooCommerce, as small as a test needs them."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

from orders.adapters.messages import Message
from orders.adapters.woocommerce import WooCommerce

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SECRET = "woo"  # noqa: S105


def line(key=315, **said):
    return {
        "id": key,
        "name": "Tea &amp; Green",
        "product_id": 93,
        "variation_id": 0,
        "quantity": 2,
        "subtotal": "9.00",
        "subtotal_tax": "0.00",
        "total": "9.00",
        "total_tax": "0.00",
        "taxes": [],
        "meta_data": [],
        "sku": "TEA-01",
        "price": 4.5,
        **said,
    }


def order(*lines, **said):
    return {
        "id": 727,
        "number": "727",
        "order_key": "wc_order_1",
        "status": "processing",
        "currency": "EUR",
        "date_created": "2026-11-23T10:00:00",
        "date_created_gmt": "2026-11-23T09:00:00",
        "date_modified_gmt": "2026-11-23T09:05:00",
        "date_paid_gmt": "2026-11-23T09:01:00",
        "shipping_total": "0.00",
        "shipping_tax": "0.00",
        "total": "9.00",
        "prices_include_tax": False,
        "customer_id": 0,
        "billing": {
            "first_name": "Ada",
            "last_name": "Byron",
            "address_1": "Billing 1",
            "city": "Utrecht",
            "country": "NL",
            "email": "ada@example.com",
            "phone": "+31 6",
        },
        "shipping": {
            "first_name": "Ada",
            "last_name": "Byron",
            "company": "Byron &amp; Co",
            "address_1": "Keizersgracht 1",
            "city": "Amsterdam",
            "postcode": "1015 AA",
            "country": "NL",
        },
        "payment_method": "bacs",
        "line_items": list(lines) or [line()],
        "tax_lines": [],
        "shipping_lines": [],
        "fee_lines": [],
        "coupon_lines": [],
        "refunds": [],
        **said,
    }


def message(document, *, topic="", secret=SECRET, **headers):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    proof = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    said = {"x-wc-webhook-signature": proof, **headers}
    return Message(body, said | ({"x-wc-webhook-topic": topic} if topic else {}), NOW)


def read(document, *, topic=""):
    return WooCommerce().read(message(document, topic=topic))


def parts(document, *, topic=""):
    [report] = read(document, topic=topic).reports
    return report.parts
