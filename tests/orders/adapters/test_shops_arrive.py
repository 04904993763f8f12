"""Documents of shops through the door: the same books however often and in whichever order."""

import base64
import hashlib
import hmac
import json
import os
import random
import sys
from pathlib import Path

import pytest

from oms.core.books import verify
from orders.models import Order
from tests.orders.adapters.test_payloads import SHOPS, documents
from tests.orders.inbound import give_secret, send, work

KEPT = Path(__file__).parents[2] / "data" / "channel_payloads"
MORE = os.environ.get("CHANNEL_PAYLOADS", "")
HEADERS = {"shopify": "x-shopify-hmac-sha256", "woocommerce": "x-wc-webhook-signature"}
SECRET = "secret-of-the-shop"  # noqa: S105
SKUS = ("IPOD2008RED", "IPOD2008GREEN", "IPOD2008BLACK", "IPOD2008PINK", "Bar3")


def post(channel: str, slug: str, said) -> int:
    body = json.dumps(said).encode()
    proof = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()
    return send(body, {HEADERS[channel]: proof}, slug).status_code


def books(number: int):
    """What stands in our books of every order of some channels."""
    return {
        (order.channel.adapter, order.external_id): (
            order.status,
            order.payment_status,
            order.fulfillment_status,
            str(order.total_amount),
            sorted(hold.kind for hold in order.holds.filter(released_at=None)),
            sorted(
                (line.external_id, line.quantity, line.cancelled, line.shipped)
                for line in order.lines.exclude(quantity=0)
            ),
            sorted(str(each.amount) for each in order.refunds.all()),
        )
        for order in Order.objects.filter(channel__slug__endswith=f"-{number}")
    }


def check(world, folder, ways):
    """Post all documents once in their order, and twice in others, each to channels of its own."""
    said = [
        (SHOPS[shop], document)
        for shop in SHOPS
        for _, which, document in documents(folder, shop)
        if which == "response"
    ]
    for sku in SKUS:
        world.stock(sku, rotterdam=500)
    dice = random.Random(5)
    found = []
    for number in range(ways + 1):
        for channel in HEADERS:
            give_secret(world.channel(f"{channel}-{number}", adapter=channel).slug, SECRET)
        messages = [*said, *said] if number else said
        if number:
            dice.shuffle(messages)
        assert {post(channel, f"{channel}-{number}", body) for channel, body in messages} == {200}
        while work():
            pass
        found.append(books(number))
    for each in found:
        assert each == found[0]
    assert verify() == []
    return found[0]


@pytest.mark.django_db
def test_documents_of_shops_make_the_same_books_in_any_order(world):
    made = check(world, KEPT, 1)

    assert ("woocommerce", "727") in made


@pytest.mark.skipif(not MORE, reason="CHANNEL_PAYLOADS names no folder")
@pytest.mark.django_db
def test_more_documents_of_shops_make_the_same_books_in_any_order(world):
    made = check(world, Path(MORE), 1)

    assert made
    sys.stdout.write("\n".join(map(str, made.items())))
