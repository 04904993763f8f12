"""What can be promised of a kit is what can be made of its components."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory import services
from inventory.models import StockLevel
from oms.core.actors import SYSTEM

URL = "/api/v1/availability/"


@pytest.fixture
def shop(world):
    """Gifts of two teas and a cup: Rotterdam can make 2, Leipzig none, together 4."""
    world.kit("gift", tea=2, cup=1)
    world.stock("tea", rotterdam=5, leipzig=4)
    world.stock("cup", rotterdam=7, leipzig=0)
    world.channel("shop")
    return world


def answer(shop, sku="gift", **asked):
    [found] = shop.api("shop").get(URL, {"sku": sku, **asked}).json()["results"]
    return found


def test_a_location_makes_what_its_scarcest_component_allows_and_all_together_more(shop):
    told = answer(shop)

    assert told["components"] == [{"sku": "tea", "quantity": 2}, {"sku": "cup", "quantity": 1}]
    assert (told["on_hand"], told["available"], told["promisable"]) == (4, 4, 4)
    made = {each["location"]: each["available"] for each in told["locations"]}
    assert made == {"rotterdam": 2, "leipzig": 0}


def test_what_is_promised_kept_back_or_a_safety_stock_makes_no_kits(shop):
    shop.place(tea=2)
    assert (answer(shop)["on_hand"], answer(shop)["reserved"]) == (4, 1)

    StockLevel.objects.filter(sku__code="cup").update(safety_stock=6)
    told = answer(shop)
    assert (told["available"], told["promisable"], told["buffer"]) == (3, 1, 0)

    services.set_channel_buffer(channel="shop", sku="cup", units=1, by=SYSTEM, at=timezone.now())
    told = answer(shop)
    assert (told["available"], told["promisable"], told["buffer"]) == (3, 0, 1)


def test_an_order_for_all_that_is_promisable_is_served_and_one_more_waits(shop):
    order = shop.place(gift=answer(shop)["promisable"])
    assert {line.backordered for line in order.lines.all()} == {0}

    order = shop.place(gift=1)
    assert {line.sku_code: line.backordered for line in order.lines.all()} == {"tea": 1, "cup": 0}


def test_by_a_later_day_kits_can_be_made_of_what_comes_until_then(shop):
    today = timezone.localdate()
    sent = shop.ordered_from_supplier(tea=10)
    parts = [services.Part(10, today + timedelta(days=3))]
    services.commit_replenishment(
        number=sent.number,
        answers=[services.Answer("tea", parts)],
        by=SYSTEM,
        at=timezone.now(),
    )

    def by(days):
        told = answer(shop, date=(today + timedelta(days=days)).isoformat())["by"]
        return told["coming"], told["waiting"], told["promisable"]

    assert by(2) == (0, 0, 4)
    assert by(3) == (3, 0, 7)
    shop.place(tea=12)
    assert by(3) == (5, 2, 3)
    shop.place(tea=4)
    assert by(3)[2] == 1


@pytest.mark.parametrize("kits", [1, 50])
def test_a_hundred_skus_are_answered_in_one_constant_number_of_queries(shop, kits):
    for n in range(kits):
        shop.kit(f"kit-{n}", tea=n + 1, cup=1)
    codes = [f"kit-{n}" for n in range(kits)] + ["tea", "cup"]
    api = shop.api("shop")
    api.get(URL, {"sku": codes})

    with CaptureQueriesContext(connection) as queries:
        told = api.get(URL, {"sku": codes}).json()["results"]

    assert [each["sku"] for each in told] == codes
    assert len(queries) == 5
