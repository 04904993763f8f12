"""Social shops: channels of their own on our own feed, each with its key, secret and buffer."""

import json
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import ToldAvailability
from inventory.services import set_channel_buffer, tell_availability
from oms.core.actors import SYSTEM
from orders.models import Order
from tests.orders.inbound import give_secret, send, signed, work

pytestmark = pytest.mark.django_db

SHOPS = ("facebook", "instagram")


def told(shop, type_, data, number, at="2026-11-20T12:00:00Z"):
    """Have a program that forwards from a social shop tell of an order."""
    body = json.dumps({"type": type_, "timestamp": at, "data": data}).encode()
    return send(body, signed(body, [f"whsec-{shop}"], f"{shop}-{number}"), shop)


@pytest.fixture
def shops(world):
    for shop in SHOPS:
        give_secret(world.channel(shop).slug, f"whsec-{shop}")
    world.stock("tea", rotterdam=10)


def test_each_social_shop_has_its_own_orders_secret_and_buffer(world, shops):
    for shop, units in (("facebook", 2), ("instagram", 3)):
        body = world.order_body("64000841790004", tea=units)
        assert told(shop, "order.placed", body, 1).status_code == 200
    stolen = json.dumps(world.order_body("1", tea=1)).encode()
    assert send(stolen, signed(stolen, ["whsec-facebook"]), "instagram").status_code == 401
    work()

    orders = {each.channel.slug: each for each in Order.objects.select_related("channel")}
    assert {slug: order.lines.get().quantity for slug, order in orders.items()} == {
        "facebook": 2,
        "instagram": 3,
    }
    now = timezone.now()
    set_channel_buffer(channel="instagram", units=4, by=SYSTEM, at=now)
    for shop in SHOPS:
        tell_availability(channel=world.channel(shop), at=now)
    assert dict(ToldAvailability.objects.values_list("channel__slug", "units")) == {
        "facebook": 5,
        "instagram": 1,
    }


def test_what_a_social_shop_says_later_or_first_ends_in_one_order(world, shops):
    more = world.order_body("7", tea=4)
    told("facebook", "order.changed", more, 2, at="2026-11-20T13:00:00Z")
    told("facebook", "order.placed", world.order_body("7", tea=1), 1)
    told("instagram", "order.cancelled", {"external_id": "7", "reason": "Changed my mind"}, 3)
    told("instagram", "order.placed", world.order_body("7", tea=1), 4)
    work()

    orders = {each.channel.slug: each for each in Order.objects.select_related("channel")}
    assert orders["facebook"].lines.get().quantity == 4
    assert orders["facebook"].total_amount == Decimal(40)
    assert orders["instagram"].status == "cancelled"
    assert len(orders) == Order.objects.count() == 2
