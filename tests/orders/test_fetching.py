"""Orders that channels only point at, or do not send at all, are fetched from them."""

import base64
import dataclasses
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from oms.channels.models import InboundMessage
from oms.channels.services import connect_channel
from oms.core import jobs
from oms.core.actors import SYSTEM
from oms.core.models import Job
from orders import tasks_fetching
from orders.models import ChannelLook
from orders.services import fetching
from tests.fakes.channel_api import AmazonApi, BigCommerceApi, StoreApi
from tests.orders.adapters.test_amazon import WHOLE
from tests.orders.adapters.test_amazon import item as amazon_item
from tests.orders.adapters.test_amazon import order as amazon_order
from tests.orders.adapters.test_bigcommerce import address, product, webhook
from tests.orders.adapters.test_bigcommerce import order as bigcommerce_order
from tests.orders.adapters.test_shipstation import item as store_item
from tests.orders.adapters.test_shipstation import order as store_order
from tests.orders.inbound import give_secret, post, send, work

pytestmark = pytest.mark.django_db

FETCH = dataclasses.replace(tasks_fetching.FETCH, hands=1)
LOOK = dataclasses.replace(tasks_fetching.LOOK, hands=1)
"""Do their jobs in the test's own transaction."""
AMAZON = {"client_id": "c", "client_secret": "s3cret", "refresh_token": "Atzr|x"}


@contextmanager
def connected(world, settings, api, adapter, credentials, **options):
    world.channel("shop", adapter=adapter)
    give_secret("shop")
    with api.serving():
        settings.OUTBOUND_ALLOWED_HOSTS = [api.host]
        if adapter == "amazon":
            options = {"token_url": f"{api.url}/auth/o2/token", **options}
        connect_channel(
            channel="shop",
            base_url=api.url,
            options=options,
            credentials=credentials,
            by=SYSTEM,
            at=timezone.now(),
        )
        yield api


@pytest.fixture(autouse=True)
def one_hand(settings):
    settings.JOBS = {
        **settings.JOBS,
        "fetch": "tests.orders.test_fetching.FETCH",
        "look": "tests.orders.test_fetching.LOOK",
    }


@pytest.fixture
def bigcommerce(world, settings):
    api = BigCommerceApi(
        orders={"250": bigcommerce_order()},
        pieces={"250/products": [product()], "250/shippingaddresses": [address()]},
    )
    with connected(world, settings, api, "bigcommerce", {"access_token": api.token}) as serving:
        yield serving


def drain():
    """Do what the workers would do with what is to be fetched, and with what came."""
    jobs.drain("fetch")
    jobs.drain("look")
    jobs.drain("fetch")
    work()


def fetched():
    return list(
        InboundMessage.objects.filter(source="fetch").order_by("pk").values_list("topic", "state")
    )


def test_a_webhook_with_an_id_brings_the_whole_order(world, bigcommerce):
    assert post(webhook("store/order/created", id=250)).status_code == 200
    assert post(webhook("store/order/updated", id=250), message_id="msg_2").status_code == 200
    work()
    drain()

    assert bigcommerce.paths().count("/v2/orders/250") == 1
    (message,) = InboundMessage.objects.filter(source="fetch")
    assert message.orders == ["250"]
    assert json.loads(bytes(message.body))["products"][0]["sku"] == "MUG"


def test_what_changes_while_it_is_fetched_is_fetched_again(world, bigcommerce):
    post(webhook("store/order/created", id=250))
    work()
    running = Job.objects.get(kind="fetch")
    Job.objects.filter(pk=running.pk).update(lease_until=timezone.now() + timedelta(minutes=1))
    post(webhook("store/order/updated", id=250), message_id="msg_2")
    post(webhook("store/order/statusUpdated", id=250), message_id="msg_3")
    work()

    keys = list(Job.objects.filter(kind="fetch").order_by("key").values_list("key", flat=True))
    assert keys == ["shop:order:250", "shop:order:250+"]


def test_the_same_answer_twice_is_one_message(world, bigcommerce):
    for _ in range(2):
        fetching.fetch_orders(channel="shop", orders=["250"])
        drain()
    assert len(fetched()) == 1
    bigcommerce.orders["250"] = bigcommerce_order(status_id=9)
    fetching.fetch_orders(channel="shop", orders=["250"])
    drain()
    assert len(fetched()) == 2


def test_a_busy_channel_is_asked_again_when_it_says(world, bigcommerce):
    bigcommerce.troubles.append((429, {"Retry-After": "77"}, b"{}"))
    fetching.fetch_orders(channel="shop", orders=["250"])
    jobs.drain("fetch")

    job = Job.objects.get(kind="fetch")
    assert (job.state, job.attempts) == ("waiting", 0)
    assert timedelta(seconds=70) < job.due_at - timezone.now() <= timedelta(seconds=77)
    Job.objects.update(due_at=jobs.AT_ONCE)
    drain()
    assert len(fetched()) == 1


@pytest.mark.parametrize("trouble", [(500, {}, b"oops"), "lose"])
def test_a_channel_that_fails_is_asked_again(world, bigcommerce, trouble):
    bigcommerce.troubles.append(trouble)
    fetching.fetch_orders(channel="shop", orders=["250"])
    jobs.drain("fetch")
    assert Job.objects.get(kind="fetch").attempts == 1
    Job.objects.update(due_at=jobs.AT_ONCE)
    drain()
    assert len(fetched()) == 1


def test_a_refusal_is_shown_to_staff_in_the_channels_words(world, bigcommerce):
    fetching.fetch_orders(channel="shop", orders=["251"])
    jobs.drain("fetch")
    job = Job.objects.get(kind="fetch")
    assert (job.state, "The requested resource was not found" in job.last_error) == ("dead", True)


def test_what_points_at_an_order_of_a_channel_that_is_not_connected_is_laid_aside(world):
    world.channel("shop", adapter="bigcommerce")
    give_secret("shop")
    post(webhook("store/order/created", id=250))
    work()

    message = InboundMessage.objects.get()
    assert message.state == "quarantined"
    assert message.problem.startswith("It only points at order 250, and the channel is not connec")
    assert not Job.objects.filter(kind="fetch").exists()


def test_lost_webhooks_are_made_good_by_looking(world, bigcommerce):
    fetching.ask_for_looks()
    drain()

    assert fetched() != []
    asked = next(each for each in bigcommerce.seen if each.path == "/v2/orders")
    since = datetime.strptime(asked.query["min_date_modified"], "%a, %d %b %Y %H:%M:%S %z")
    assert timedelta(hours=23) < timezone.now() - since < timedelta(hours=25)
    look = ChannelLook.objects.get()
    assert (look.page, look.until) == ("", None)
    assert timedelta(minutes=1) < timezone.now() - look.done_until < timedelta(minutes=4)

    bigcommerce.seen.clear()
    fetching.ask_for_looks()
    drain()
    asked = next(each for each in bigcommerce.seen if each.path == "/v2/orders")
    since = datetime.strptime(asked.query["min_date_modified"], "%a, %d %b %Y %H:%M:%S %z")
    assert abs(look.done_until - fetching.OVERLAP - since) < timedelta(seconds=2)
    assert len(fetched()) == 1


def test_staff_have_an_order_fetched_again_from_the_archive(world, bigcommerce):
    post(webhook("store/order/created", id=250))
    message = InboundMessage.objects.get()
    olga = world.browser(world.user("olga", "operations"))
    sam = world.browser(world.user("sam", "support"))
    address = f"/channels/messages/{message.number}/"

    assert "Fetch the order again" in olga.get(address).content.decode()
    assert "Fetch the order again" not in sam.get(address).content.decode()
    assert sam.post(f"{address}fetch/").status_code == 403
    assert olga.post(f"{address}fetch/").status_code == 302
    assert Job.objects.get(kind="fetch").key == "shop:order:250"
    drain()
    assert len(fetched()) == 1


def test_amazon_is_asked_with_a_token_that_is_kept_and_made_anew_when_it_ends(world, settings):
    api = AmazonApi(orders={"202-1": WHOLE})
    with connected(world, settings, api, "amazon", AMAZON, marketplace_id="A1F83G8C2ARO7P"):
        for number in ("202-1", "202-1", "404"):
            fetching.fetch_orders(channel="shop", orders=[number])
            jobs.drain("fetch")
        assert api.tokens == 1
        api.good.clear()
        fetching.fetch_orders(channel="shop", orders=["202-1"])
        drain()

    assert api.tokens == 2
    assert [topic for topic, _ in fetched()] == ["orders.getOrder"]
    asked = next(each for each in api.seen if each.path == "/orders/2026-01-01/orders/202-1")
    assert "RECIPIENT" in asked.query["includedData"]


def test_amazon_v0_is_asked_with_a_restricted_token_for_all_pages(world, settings):
    number = "902-1845936-5435065"
    api = AmazonApi(
        v0={number: amazon_order()}, items={number: [amazon_item(), amazon_item(key="2")]}
    )
    with connected(world, settings, api, "amazon", AMAZON, orders_api="v0"):
        fetching.fetch_orders(channel="shop", orders=[number])
        drain()

    assert [topic for topic, _ in fetched()] == ["ordersV0.getOrder", "ordersV0.getOrderItems"]
    items = InboundMessage.objects.get(topic="ordersV0.getOrderItems")
    assert len(json.loads(bytes(items.body))["payload"]["OrderItems"]) == 2
    restricted = next(each for each in api.seen if "restrictedDataToken" in each.path).json()
    assert restricted["restrictedResources"][0]["dataElements"] == ["buyerInfo", "shippingAddress"]


def test_a_look_at_amazon_reads_whole_orders_page_by_page(world, settings):
    api = AmazonApi(orders={"202-1": WHOLE, "202-2": WHOLE | {"orderId": "202-2"}})
    with connected(world, settings, api, "amazon", AMAZON, marketplace_id="A1F83G8C2ARO7P"):
        fetching.ask_for_looks()
        jobs.drain("look")
        work()
    assert [topic for topic, _ in fetched()] == ["orders.searchOrders"] * 2
    assert ChannelLook.objects.get().until is None


def test_a_custom_store_is_asked_for_its_export(world, settings):
    pages = [store_order(store_item()), store_order(store_item(), OrderID="124")]
    api = StoreApi(pages=pages)
    credentials = {"username": "store", "password": "s3cret"}
    with connected(world, settings, api, "shipstation", credentials):
        fetching.ask_for_looks()
        jobs.drain("look")
        work()
        asked = [each.query for each in api.seen]

    assert [each["page"] for each in asked] == ["1", "2"]
    assert {(each["start_date"], each["end_date"]) for each in asked} == {
        (asked[0]["start_date"], asked[0]["end_date"])
    }
    datetime.strptime(asked[0]["start_date"], "%m/%d/%Y %H:%M").replace(tzinfo=UTC)
    found = InboundMessage.objects.filter(source="fetch").order_by("pk")
    assert [(each.orders, each.problem) for each in found] == [(["123"], ""), (["124"], "")]


def test_a_store_may_post_its_export_with_a_password_or_a_key(world):
    world.channel("shop", adapter="shipstation")
    give_secret("shop", "s3cret")
    body = f"<Orders>{store_order(store_item())}</Orders>".encode()

    def basic(pair):
        return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}

    assert send(body, basic(b"x:wrong"), content_type="text/xml").status_code == 401
    assert send(body, basic(b"x:s3cret"), content_type="text/xml").status_code == 200
    assert send(body, {}, content_type="text/xml").status_code == 401
