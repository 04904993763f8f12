"""Placing an order: accepted once, routed, reserved, confirmed."""

import pytest

from fulfillment.models import FulfillmentOrder
from orders.models import Order

URL = "/api/v1/orders/"


@pytest.fixture
def shop(world):
    return world.api("shop")


def post(client, body, key="k-1"):
    return client.post(URL, body, format="json", headers={"Idempotency-Key": key})


def test_an_order_goes_to_the_closest_location_that_has_all_of_it(world, shop):
    world.stock("tea", rotterdam=5, leipzig=9, ghent=1)

    answer = post(shop, world.order_body("1001", tea=2))

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["status"] == "open"
    assert body["total"] == "20.00"
    assert body["lines"][0]["allocated"] == 2
    assert body["lines"][0]["backordered"] == 0
    [work] = body["fulfillment_orders"]
    assert work["location"] == "rotterdam"
    assert work["lines"] == [{"sku": "tea", "quantity": 2}]
    assert world.available("tea") == {"ghent": 1, "leipzig": 9, "rotterdam": 3}
    assert Order.objects.get().number == body["number"]
    assert FulfillmentOrder.objects.get().number == work["number"]


def test_the_same_key_and_body_is_answered_once(world, shop):
    world.stock("tea", rotterdam=5)
    first = post(shop, world.order_body("1001", tea=2))

    again = post(shop, world.order_body("1001", tea=2))

    assert again.status_code == 200
    assert again["Idempotent-Replayed"] == "true"
    assert again.content == first.content
    assert world.available("tea") == {"rotterdam": 3}
