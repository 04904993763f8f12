"""A shop that was connected this week: its first orders are looked at by somebody, and two of them
cannot go on as they came."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from oms.channels.models import Channel
from oms.channels.services import Arrived, Terms, agree, archive_message, create_channel
from oms.channels.states import Adapter
from oms.core.demo import BY, Demo
from orders.services.processing import process_message

SHOP = "tea-house-shopify"
ORDERS: tuple[dict[str, Any], ...] = (
    {"hours": 30, "sku": "TEA-GREEN-1", "units": 2, "gift": "For the two of you. Enjoy!"},
    {"hours": 7, "sku": "GRUENTEE-100", "units": 1, "title": "Grüner Tee, 100 g"},
    {"hours": 3, "sku": "GIFT-MATCHA", "units": 1, "states": "19.90"},
)
BUYERS = (
    ("Marta", "Nowak", "Prinsengracht 263", "1016 GV", "Amsterdam", "NL"),
    ("Jonas", "Weber", "Karl-Liebknecht-Str. 8", "04107", "Leipzig", "DE"),
    ("Inès", "Laurent", "12 Rue des Carmes", "75005", "Paris", "FR"),
)


def shops(demo: Demo) -> None:
    """Connect the shop and take its first orders in; only where there is none yet."""
    if Channel.objects.filter(slug=SHOP).exists():
        return
    name = "Tea House on Shopify"
    create_channel(slug=SHOP, name=name, adapter=Adapter.SHOPIFY, by=BY, at=demo.now)
    terms = replace(Terms(name=name), auto_confirm=False)
    agree(channel=SHOP, terms=terms, by=BY, at=demo.now)
    channel = Channel.objects.get(slug=SHOP)
    for nth, said in enumerate(ORDERS):
        at = demo.now - timedelta(hours=said["hours"])
        kept = archive_message(
            arrived=Arrived(
                channel_id=channel.pk,
                message_id=f"demo-{nth + 1}",
                topic="orders/create",
                headers={"x-shopify-topic": "orders/create"},
                body=json.dumps(_document(nth, said, at)).encode(),
                at=at,
            )
        )
        if put_down := process_message(number=kept.number, attempt=1):
            put_down()


def _document(nth: int, said: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    first, last, street, postal_code, city, country = BUYERS[nth]
    price, key = "12.50", 7_001 + nth
    gift = said.get("gift")
    return {
        "id": 5_401_001 + nth,
        "name": f"#{1001 + nth}",
        "currency": "EUR",
        "created_at": at.isoformat(),
        "updated_at": at.isoformat(),
        "financial_status": "paid",
        "taxes_included": False,
        "total_price": said.get("states") or f"{said['units'] * 12.5:.2f}",
        "total_tax": "0.00",
        "email": f"{first.lower()}.{last.lower()}@example.com".replace("è", "e"),
        "customer": {"id": 88_001 + nth, "first_name": first, "last_name": last},
        "shipping_address": {
            "name": f"{first} {last}",
            "address1": street,
            "city": city,
            "zip": postal_code,
            "country_code": country,
        },
        "shipping_lines": [],
        "line_items": [
            {
                "id": key,
                "variant_id": key,
                "sku": said["sku"],
                "title": said.get("title", ""),
                "quantity": said["units"],
                "price": price,
                "tax_lines": [],
                "discount_allocations": [],
                "properties": [{"name": "Gift note", "value": gift}] if gift else [],
            }
        ],
        "refunds": [],
        "fulfillments": [],
    }
