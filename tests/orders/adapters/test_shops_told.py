"""Our news arrives in Shopify and WooCommerce once, whatever becomes of requests and replies."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from inventory import services as inventory
from oms.channels.connection import Connection
from oms.channels.services import connect_channel
from oms.core import jobs
from oms.core.actors import SYSTEM, Actor
from oms.core.jobs import GiveUp, TryLater
from oms.core.models import Job
from oms.core.outbound import Unreachable
from orders import services
from orders.adapters.calling import OutcomeUnknown, Refused
from orders.adapters.shopify.writing import ShopifyWriter
from orders.adapters.woocommerce.writing import WooCommerceWriter
from orders.adapters.writing import Declined, Dropped, MoneyBack, Sent, Stocked
from orders.models import ChannelOrder, Counterpart, Refund
from orders.tasks_channels import CANCELLATION, SHIPMENT
from tests.fakes.shops import FakeShopify, FakeWoo, Shop
from tests.fulfillment.steps import packed, shipped, work_of

KIM = Actor("user", "kim")
ALONE, ALONE_TOO = replace(SHIPMENT, hands=1), replace(CANCELLATION, hands=1)
SENT = Sent(order="1001", number="SH-1", units={"11": 2}, carrier="UPS", tracking_number="1Z1")
WOO_SENT = Sent(order="727", number="SH-1", units={"315": 2}, carrier="UPS", tracking_number="1Z1")
BACK = MoneyBack("1001", "RF-1", Decimal("5.00"), "EUR", "Broken")
WOO_BACK = MoneyBack("727", "RF-1", Decimal("5.00"), "EUR", "Broken")


@pytest.fixture
def allowed(settings):
    settings.OUTBOUND_ALLOWED_HOSTS = []
    return settings.OUTBOUND_ALLOWED_HOSTS


@pytest.fixture
def shopify(allowed) -> Iterator[FakeShopify]:
    with FakeShopify({1: {11: 2}, 2: {12: 3}}).serving() as shop:
        allowed.append(shop.host)
        yield shop


@pytest.fixture
def woo(allowed) -> Iterator[FakeWoo]:
    with FakeWoo().serving() as shop:
        allowed.append(shop.host)
        yield shop


def to_shopify(shop: Shop, **options: str) -> Connection:
    return Connection("web", "shopify", f"http://{shop.host}", options, {"access_token": "shpat_1"})


def to_woo(shop: Shop) -> Connection:
    pair = {"consumer_key": "ck_1", "consumer_secret": "cs_1"}
    return Connection("web", "woocommerce", f"http://{shop.host}/", {}, pair)


def until_done(act):
    """Do something as a job does: again, until it ends."""
    for _ in range(9):
        with contextlib.suppress(TryLater, OutcomeUnknown, Unreachable):
            return act()
    raise AssertionError("It never ended.")


@pytest.mark.parametrize("mishap", ["", "lose_reply", "busy", "fail_before"])
def test_a_parcel_becomes_one_fulfillment(shopify, mishap):
    shopify.mishaps = [mishap] if mishap else []

    ids = until_done(lambda: ShopifyWriter().tell_sent(to_shopify(shopify), SENT))
    again = ShopifyWriter().tell_sent(to_shopify(shopify), SENT)

    [made] = shopify.fulfillments
    assert list(ids) == list(again) == [str(made["id"])]
    assert (made["tracking_numbers"], made["tracking_company"]) == (["1Z1"], "UPS")
    assert made["line_items"] == [{"id": 11, "quantity": 2}]
    assert made["notify"] is False


def test_a_parcel_of_two_locations_of_shopify_becomes_two_fulfillments(shopify):
    both = Sent(order="1001", number="SH-1", units={"11": 1, "12": 3})
    shopify.mishaps = ["", "lose_reply"]

    ids = until_done(
        lambda: ShopifyWriter().tell_sent(to_shopify(shopify, notify_customer="yes"), both)
    )

    first, second = shopify.fulfillments
    assert list(ids) == [str(first["id"]), str(second["id"])]
    assert first["tracking_numbers"] == second["tracking_numbers"] == ["SH-1"]
    assert [first["line_items"], second["line_items"]] == [
        [{"id": 11, "quantity": 1}],
        [{"id": 12, "quantity": 3}],
    ]
    assert first["notify"] is True


def test_what_was_fulfilled_in_shopify_is_not_told_again_and_a_hold_there_is_said(shopify):
    shopify.works[0]["status"] = "on_hold"
    with pytest.raises(GiveUp, match="release the hold"):
        ShopifyWriter().tell_sent(to_shopify(shopify), SENT)
    shopify.works[0]["status"] = "closed"

    assert list(ShopifyWriter().tell_sent(to_shopify(shopify), SENT)) == []
    assert shopify.fulfillments == []


def test_a_wrong_key_is_no_reason_to_try_again(shopify):
    wrong = Connection("web", "shopify", f"http://{shopify.host}", {}, {"access_token": "no"})

    with pytest.raises(Refused, match="Invalid API key") as refused:
        ShopifyWriter().tell_sent(wrong, SENT)

    assert isinstance(refused.value, GiveUp)


@pytest.mark.parametrize("mishap", ["", "lose_reply", "busy", "fail_before"])
def test_money_goes_back_once_through_shopify(shopify, mishap):
    shopify.mishaps = ["", mishap] if mishap else []
    writer, connection = ShopifyWriter(), to_shopify(shopify)

    def back():
        return writer.find_refund(connection, BACK) or writer.give_back(connection, BACK)

    given = until_done(back)

    [made] = shopify.refunds
    assert (given.id, given.amount, given.is_moved) == (str(made["id"]), 5, True)
    assert shopify.refundable == 15
    assert made["note"] == "RF-1"
    assert made["transactions"][0]["parent_id"] == 801


def test_shopify_is_not_asked_for_more_than_it_can_give_or_for_other_money(shopify):
    more = MoneyBack("1001", "RF-2", Decimal("20.01"), "EUR")
    with pytest.raises(Declined, match=r"no more than 20\.00 EUR"):
        ShopifyWriter().give_back(to_shopify(shopify), more)
    shopify.currency = "JPY"
    with pytest.raises(Declined, match="paid in JPY"):
        ShopifyWriter().give_back(to_shopify(shopify), BACK)

    assert shopify.refunds == []


@pytest.mark.parametrize("mishap", ["", "lose_reply"])
def test_what_will_not_come_is_told_to_shopify_without_moving_money(shopify, mishap):
    writer, connection = ShopifyWriter(), to_shopify(shopify)
    shopify.mishaps = [mishap]
    some = Dropped("1001", "SO-1-C1", {"11": 1})
    known = until_done(lambda: writer.tell_dropped(connection, some))
    again = writer.tell_dropped(connection, some)
    shopify.mishaps = [mishap]
    whole = Dropped("1001", "SO-1-C2", {"11": 1, "12": 3}, whole=True)
    until_done(lambda: writer.tell_dropped(connection, whole))
    writer.tell_dropped(connection, whole)

    [made] = shopify.refunds
    assert list(known) == list(again) == [("refund", str(made["id"]))]
    assert made["refund_line_items"] == [
        {"line_item_id": 11, "quantity": 1, "restock_type": "no_restock"}
    ]
    assert made["transactions"] == []
    assert shopify.order["cancelled_at"]
    assert shopify.changes().count(("POST", "/admin/api/2024-10/orders/1001/cancel.json")) == 1


def test_what_is_left_of_an_order_sent_in_part_is_dropped_line_by_line(shopify):
    ShopifyWriter().tell_sent(to_shopify(shopify), SENT)

    ShopifyWriter().tell_dropped(to_shopify(shopify), Dropped("1001", "C", {"12": 3}, whole=True))

    assert not shopify.order["cancelled_at"]
    assert shopify.refunds[0]["refund_line_items"][0]["quantity"] == 3


def test_stock_figures_go_to_one_location_of_shopify(shopify):
    levels = [Stocked("tea", 4), Stocked("cup", 1)]
    shopify.mishaps = ["", "busy"]

    unknown = ShopifyWriter().set_stock(to_shopify(shopify, location_id="65"), levels)

    assert shopify.levels == {(65, 171): 4}
    assert list(unknown) == ["cup"]
    with pytest.raises(GiveUp, match="which location"):
        ShopifyWriter().set_stock(to_shopify(shopify), levels)


@pytest.mark.parametrize("mishaps", [[], ["lose_reply"], ["", "lose_reply"], ["busy"]])
def test_a_parcel_is_noted_once_and_the_last_completes_the_order(woo, mishaps):
    woo.mishaps = list(mishaps)
    last = Sent(order="727", number="SH-2", units={"316": 1}, is_all=True)

    first = until_done(lambda: WooCommerceWriter().tell_sent(to_woo(woo), WOO_SENT))
    assert woo.order["status"] == "processing"
    until_done(lambda: WooCommerceWriter().tell_sent(to_woo(woo), last))
    WooCommerceWriter().tell_sent(to_woo(woo), WOO_SENT)

    assert list(first) == []
    assert [note["note"] for note in woo.notes] == ["SH-1: Sent with UPS as 1Z1", "SH-2: Sent"]
    assert woo.order["status"] == "completed"
    assert woo.order["meta_data"] == [{"key": "_oms_shipments", "value": "SH-1,SH-2"}]


@pytest.mark.parametrize("mishap", ["", "lose_reply", "busy", "fail_before"])
def test_money_goes_back_once_through_woocommerce(woo, mishap):
    woo.mishaps = [mishap] if mishap else []
    writer, connection = WooCommerceWriter(), to_woo(woo)

    def back():
        return writer.find_refund(connection, WOO_BACK) or writer.give_back(connection, WOO_BACK)

    given = until_done(back)

    [made] = woo.refunds
    assert (given.id, given.amount, given.currency) == (str(made["id"]), 5, "EUR")
    assert made["reason"] == "RF-1 Broken"
    assert woo.refundable == 15


def test_a_gateway_that_cannot_give_back_declines(woo):
    woo.gives_back = False
    with pytest.raises(Declined, match="does not support refunds"):
        WooCommerceWriter().give_back(to_woo(woo), WOO_BACK)
    with pytest.raises(Declined, match="Too much"):
        WooCommerceWriter().give_back(to_woo(woo), MoneyBack("727", "RF-2", Decimal(99), "EUR"))


def test_what_will_not_come_is_told_to_woocommerce(woo):
    writer, connection = WooCommerceWriter(), to_woo(woo)
    for _ in range(2):
        writer.tell_dropped(connection, Dropped("727", "SO-1-C1", {"315": 1}, "Sold out"))
    writer.tell_dropped(connection, Dropped("727", "SO-1-C2", {"315": 1}, whole=True))
    writer.tell_dropped(connection, Dropped("727", "SO-1-C2", {"315": 1}, whole=True))

    assert [n["note"] for n in woo.notes] == ["SO-1-C1: 1 unit(s) are cancelled. Sold out"]
    assert woo.order["status"] == "cancelled"


def test_stock_figures_go_to_products_and_variations_of_woocommerce(woo):
    levels = [Stocked("tea", 4), Stocked("cup-blue", 1), Stocked("mug", 9)]

    assert list(WooCommerceWriter().set_stock(to_woo(woo), levels)) == ["mug"]
    assert woo.stock == {93: 4, 23: 1}


# From our own documents to the shop


@pytest.fixture
def ordered(world, shopify, settings):
    """An order of Shopify whose channel is called: lines 11 and 12."""
    settings.JOBS = {**settings.JOBS, services.SENT: f"{__name__}.ALONE"}
    settings.JOBS[services.DROPPED] = f"{__name__}.ALONE_TOO"
    world.stock("tea", rotterdam=5)
    world.stock("cup", leipzig=5)
    channel = world.channel("web", adapter="shopify", payment_gateway="channel")
    connect_channel(
        channel="web",
        base_url=f"http://{shopify.host}",
        options={},
        credentials={"access_token": "shpat_1"},
        by=KIM,
        at=timezone.now(),
    )
    lines = [
        {"sku": "tea", "quantity": 2, "unit_price": "4.00", "external_id": "11"},
        {"sku": "cup", "quantity": 3, "unit_price": "4.00", "external_id": "12"},
    ]
    paid = [{"method": "card", "status": "captured", "amount": "20.00", "reference": "801"}]
    order = world.place(
        "1001", channel="web", tea=0, cup=0, fields={"lines": lines, "payments": paid}
    )
    now = timezone.now()
    ChannelOrder.objects.create(
        channel=channel, external_id="1001", order=order, first_heard_at=now, last_heard_at=now
    )
    return order


def drain(kind):
    for _ in range(4):
        Job.objects.filter(kind=kind).update(due_at=jobs.AT_ONCE, lease_until=None)
        jobs.drain(kind)


@pytest.mark.django_db
def test_the_channel_of_an_order_hears_of_its_parcels_and_we_know_its_echo(ordered, shopify):
    shopify.mishaps = ["lose_reply"]
    for work in work_of(ordered):
        shipped(work, carrier="UPS", tracking_number=f"1Z{work.location.code}")

    drain(services.SENT)

    assert [made["line_items"] for made in shopify.fulfillments] == [
        [{"id": 11, "quantity": 2}],
        [{"id": 12, "quantity": 3}],
    ]
    known = Counterpart.objects.filter(kind="fulfillment").values_list("external_id", flat=True)
    assert sorted(known) == [str(made["id"]) for made in shopify.fulfillments]
    assert not Job.objects.filter(kind=services.SENT).exists()


@pytest.mark.django_db
def test_a_channel_is_not_told_what_it_said_itself_nor_one_that_is_not_called(ordered, shopify):
    first, second = work_of(ordered)
    packed(first)
    fulfillment.ship(number=first.number, by=Actor.channel("web"), at=timezone.now())
    ordered.channel.connection.is_on = False
    ordered.channel.connection.save()
    shipped(second)

    assert not Job.objects.filter(kind=services.SENT).exists()


@pytest.mark.django_db
def test_stock_of_a_channel_is_told_as_it_is_when_it_is_told(ordered, shopify, world):
    ordered.channel.connection.options = {"location_id": "65"}
    ordered.channel.connection.save()
    inventory.tell_availability(channel=ordered.channel, at=timezone.now())
    world.stock("tea", rotterdam=4)
    inventory.tell_availability(channel=ordered.channel, at=timezone.now() + timedelta(hours=1))

    drain(services.STOCKED)

    assert shopify.levels == {(65, 171): 7}
    assert not Job.objects.filter(kind=services.STOCKED).exists()


@pytest.mark.django_db
def test_cancelled_units_and_money_back_reach_the_shop(ordered, shopify):
    now = timezone.now()
    services.cancel_order(number=ordered.number, reason="Sold out", by=KIM, at=now)
    drain(services.DROPPED)
    shopify.mishaps = ["", "lose_reply"]
    drain("refund")

    assert shopify.order["cancelled_at"]
    refund = Refund.objects.get()
    [made] = shopify.refunds
    assert (refund.status, refund.gateway_reference) == ("succeeded", str(made["id"]))
    assert made["note"] == refund.number
    assert shopify.refundable == 0
    assert Counterpart.objects.get(kind="refund").document == refund.number


@pytest.mark.django_db
def test_money_of_an_order_no_channel_told_us_of_is_not_asked_for_there(world):
    world.channel("web", adapter="shopify", payment_gateway="channel")
    world.stock("tea", rotterdam=5)
    order = world.place("5", channel="web", tea=1, paid=True)
    services.grant_refund(
        number=order.number,
        amount=Decimal(1),
        reason="",
        reference="x",
        by=SYSTEM,
        at=timezone.now(),
    )

    drain("refund")

    assert Refund.objects.get().status == "rejected"
