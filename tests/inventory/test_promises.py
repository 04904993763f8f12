"""What a channel may be promised: less than lies there, and more by a later day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory import services
from inventory.errors import InsufficientStock
from inventory.models import ChannelBuffer, StockLevel
from oms.catalog.errors import UnknownSku
from oms.channels.errors import ChannelNotFound
from oms.core.actors import SYSTEM
from orders.models import Order

URL = "/api/v1/availability/"


def buffer(units, sku="", channel="shop"):
    services.set_channel_buffer(channel=channel, sku=sku, units=units, by=SYSTEM, at=timezone.now())


def answer(client, **asked):
    [found] = client.get(URL, {"sku": "tea", **asked}).json()["results"]
    return found


@pytest.fixture
def shop(world):
    world.stock("tea", rotterdam=3, leipzig=4)
    world.channel("shop")
    world.channel("other")
    return world


def test_a_channel_is_not_told_of_its_buffer_and_others_are(shop):
    buffer(2, "tea")

    told = answer(shop.api("shop"))
    assert (told["available"], told["buffer"], told["promisable"]) == (7, 2, 5)
    told = answer(shop.api("other"))
    assert (told["available"], told["buffer"], told["promisable"]) == (7, 0, 7)


def test_a_skus_own_figure_stands_against_the_channels_general_one(shop):
    buffer(5)
    assert answer(shop.api("shop"))["promisable"] == 2

    buffer(0, "tea")
    assert answer(shop.api("shop"))["promisable"] == 7

    buffer(None, "tea")
    buffer(9)
    assert answer(shop.api("shop"))["promisable"] == 0

    buffer(0)
    assert answer(shop.api("shop"))["promisable"] == 7
    assert not ChannelBuffer.objects.exists()


def test_an_order_beyond_what_a_refusing_channel_was_told_is_refused_whole(shop):
    shop.channel("strict", stock_policy="refuse")
    buffer(2, "tea", channel="strict")

    with pytest.raises(InsufficientStock, match="tea: 6 requested, 5 available"):
        shop.place("1", channel="strict", tea=6)
    assert not Order.objects.exists()
    assert sum(level.reserved for level in StockLevel.objects.all()) == 0

    shop.place("2", channel="strict", tea=5)
    with pytest.raises(InsufficientStock, match="tea: 1 requested, 0 available"):
        shop.place("3", channel="strict", tea=1)


def test_a_channel_that_takes_backorders_is_served_from_its_buffer(shop):
    """It was told of fewer; an order that came all the same is not left waiting beside stock."""
    buffer(5, "tea")

    order = shop.place(tea=7)

    assert order.lines.get().allocated == 7


@pytest.mark.parametrize(
    ("named", "refusal"),
    [({"channel": "nobody"}, ChannelNotFound), ({"sku": "nothing"}, UnknownSku)],
)
def test_a_buffer_of_nobody_or_of_nothing_is_refused(shop, named, refusal):
    with pytest.raises(refusal):
        buffer(1, **{"sku": "tea", **named})
    assert not ChannelBuffer.objects.exists()


def test_by_a_later_day_what_comes_may_be_promised_less_what_is_waited_for(shop):
    today = timezone.localdate()
    shop.place(tea=9)
    sent = shop.ordered_from_supplier(tea=10)
    services.commit_replenishment(
        number=sent.number,
        answers=[services.Answer("tea", [services.Part(10, today + timedelta(days=3))])],
        by=SYSTEM,
        at=timezone.now(),
    )
    client = shop.api("shop")

    def by(days):
        day = today + timedelta(days=days)
        return {**answer(client, date=day.isoformat())["by"], "date": None}

    assert answer(client)["by"] is None
    assert by(2) == {"date": None, "coming": 0, "waiting": 2, "promisable": 0}
    assert by(3) == {"date": None, "coming": 10, "waiting": 2, "promisable": 8}
    buffer(3, "tea")
    assert by(3)["promisable"] == 5


def test_a_day_that_is_none_is_refused(shop):
    response = shop.api("shop").get(URL, {"sku": "tea", "date": "soon"})

    assert response.status_code == 400
    assert answer(shop.api("shop"))["promisable"] == 7


def test_who_may_sees_and_sets_buffers_and_nobody_else(shop):
    buyer = shop.browser(shop.user("robin", "purchasing"))
    packer = shop.browser(shop.user("kim", "warehouse", at=["rotterdam"]))
    assert packer.get("/inventory/buffers/").status_code == 403
    assert packer.post("/inventory/buffers/set/", {}).status_code == 403
    assert "Every channel is told of everything" in buyer.get("/inventory/buffers/").text

    said = {"channel": "shop", "sku": "tea", "units": "2"}
    assert buyer.post("/inventory/buffers/set/", said).status_code == 302
    [kept] = ChannelBuffer.objects.all()
    assert (kept.channel.slug, kept.sku.code, kept.units) == ("shop", "tea", 2)
    assert "tea" in buyer.get("/inventory/buffers/").text

    refused = buyer.post("/inventory/buffers/set/", {**said, "sku": "te"})
    assert (refused.status_code, "te" in refused.text) == (409, True)
    assert buyer.post("/inventory/buffers/set/", {**said, "units": "-1"}).status_code == 422

    for _ in range(2):
        assert buyer.post(f"/inventory/buffers/{kept.pk}/drop/").status_code == 302
    assert not ChannelBuffer.objects.exists()


def test_the_page_of_buffers_costs_the_same_for_one_and_for_three(shop):
    buyer = shop.browser(shop.user("robin", "purchasing"))
    buyer.get("/inventory/buffers/")

    costs = []
    for sku in ("tea", "cup", "pot"):
        shop.sku(sku)
        buffer(2, sku)
        costs.append(cost_of(buyer))

    assert costs[0] == costs[-1]


def cost_of(client):
    with CaptureQueriesContext(connection) as captured:
        client.get("/inventory/buffers/")
    return len(captured)
