"""Channels are told what they may promise: each change once, the latest figure, all of them."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from inventory import services
from inventory.models import ToldAvailability
from inventory.selectors import forget_serving_locations, offers
from oms.catalog.models import Sku
from oms.catalog.selectors import skus_by_code
from oms.channels.models import Channel
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from oms.messaging.services.relaying import relay
from orders import services as orders


def tell(channel, at=None):
    return services.tell_availability(channel=channel, at=at or timezone.now())


def told(channel):
    rows = ToldAvailability.objects.filter(channel=channel).select_related("sku")
    return {row.sku.code: row.units for row in rows}


def may_promise(channel):
    forget_serving_locations()
    refs = skus_by_code(list(Sku.objects.values_list("code", flat=True)))
    return {code: offer.promisable for code, offer in offers(refs, channel_id=channel.pk).items()}


@pytest.fixture
def shop(world):
    world.stock("tea", rotterdam=5, leipzig=3)
    return world.channel(stock_seconds=10)


def test_a_channel_is_told_once_of_what_changed_with_its_buffer_taken_off(world, shop):
    now = timezone.now()
    assert tell(shop, now) == 1
    assert tell(shop, now) == 0
    services.set_channel_buffer(channel="shop", units=2, by=SYSTEM, at=now)

    assert tell(shop, now + timedelta(seconds=10)) == 1

    assert told(shop) == {"tea": 6}
    facts = EventRecord.objects.filter(name="stock.available").order_by("id")
    assert [fact.payload["levels"] for fact in facts] == [
        [{"sku": "tea", "available": 8, "sequence": 1}],
        [{"sku": "tea", "available": 6, "sequence": 2}],
    ]


def test_of_many_changes_in_a_short_while_the_latest_is_told(world, shop):
    now = timezone.now()
    tell(shop, now)
    world.place("1", tea=1)
    assert tell(shop, now + timedelta(seconds=4)) == 0
    world.place("2", tea=2)

    assert tell(shop, now + timedelta(seconds=10)) == 1

    assert told(shop) == {"tea": 5}
    assert EventRecord.objects.filter(name="stock.available").count() == 2


def test_the_feed_gives_each_channel_its_own_figures_after_a_sequence(world, shop):
    world.stock("mug", rotterdam=4)
    other = world.channel("other")
    services.set_channel_buffer(channel="other", sku="mug", units=1, by=SYSTEM, at=timezone.now())
    tell(shop), tell(other)
    api, theirs = world.api("shop"), world.api("other")

    page = api.get("/api/v1/availability/changes/").json()

    found = {row["sku"]: row["available"] for row in page["results"]}
    assert found == {"tea": 8, "mug": 4}
    assert page["after"] == 2
    assert api.get("/api/v1/availability/changes/?after=2").json() == {"results": [], "after": 2}
    first = api.get("/api/v1/availability/changes/?limit=1").json()
    assert (len(first["results"]), first["after"]) == (1, 1)
    theirs_page = theirs.get("/api/v1/availability/changes/").json()
    assert {row["sku"]: row["available"] for row in theirs_page["results"]} == {"tea": 8, "mug": 3}
    assert api.get("/api/v1/availability/changes/?channel=other").status_code == 404
    for wrong in ("after=x", "after=-1", "limit=0"):
        assert api.get(f"/api/v1/availability/changes/?{wrong}").status_code == 400


def test_an_endpoint_of_the_channel_hears_of_it_and_others_do_not(world, shop):
    world.channel("other")
    tell(shop)
    relay()

    mine = world.api("shop").get("/api/v1/events/").json()["results"]
    theirs = world.api("other").get("/api/v1/events/").json()["results"]

    [fact] = [each for each in mine if each["type"] == "stock.available"]
    assert fact["data"]["levels"] == [{"sku": "tea", "available": 8, "sequence": 1}]
    assert [each for each in theirs if each["type"] == "stock.available"] == []


def random_acts(world, dice, count):
    placed = []
    for _ in range(count):
        act = dice.randrange(6)
        code = dice.choice(["tea", "mug", "cup"])
        if act == 0:
            world.stock(code, **{dice.choice(["rotterdam", "leipzig"]): dice.randrange(1, 9)})
        elif act in (1, 2):
            wanted = {dice.choice(["tea", "mug", "cup", "box"]): dice.randrange(1, 4)}
            placed.append(world.place(**wanted).number)
        elif act == 3 and placed:
            number = placed.pop(dice.randrange(len(placed)))
            orders.cancel_order(number=number, reason="Dice", by=SYSTEM)
        elif act == 4:
            units = dice.choice([None, 0, 1, 3])
            sku = dice.choice(["", code])
            services.set_channel_buffer(
                channel="shop", sku=sku, units=units, by=SYSTEM, at=timezone.now()
            )
        else:
            Channel.objects.filter(slug="other").update(stock_policy="refuse")


def check_random(world, seed, rounds):
    dice = random.Random(seed)
    shop, other = world.channel(), world.channel("other")
    for code in ("tea", "mug", "cup"):
        world.stock(code, rotterdam=9, leipzig=4)
    world.kit("box", tea=2, mug=1)
    at = timezone.now()
    for _ in range(rounds):
        random_acts(world, dice, 6)
        at += timedelta(minutes=1)
        for channel in (shop, other):
            tell(channel, at)
            true = may_promise(channel)
            last = told(channel)
            assert {code: last.get(code, 0) for code in true} == true, seed


@pytest.mark.parametrize("seed", range(2))
def test_after_any_movements_the_figures_told_are_those_that_are_true(world, seed):
    check_random(world, seed, rounds=3)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 140))
def test_after_many_movements_the_figures_told_are_those_that_are_true(world, seed):
    check_random(world, seed, rounds=8)
