"""The work lists: what is not known, and what could not be followed."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment import services as fulfillment
from oms.channels.models import ChannelSku
from oms.core.actors import SYSTEM
from orders.models import Hold, OrderLine
from tests.orders.following.telling import item, parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world):
    return world.browser(world.user("kim", role="operations"))


def test_an_unknown_sku_is_matched_in_two_steps(world, tell, desk):
    world.stock("tea", rotterdam=5)
    tell(parts(item("T-1", 2, said={"Gift note": "For Ada"})))
    page = desk.get("/orders/unknown-skus/").content.decode()
    assert "T-1" in page

    found = desk.get("/orders/unknown-skus/match/?channel=shopify&listing=&code=T-1&q=tea")
    assert "Tea" in found.content.decode()
    refused = desk.post(
        "/orders/unknown-skus/match/", {"channel": "shopify", "code": "T-1", "sku": "nothing"}
    )
    assert refused.status_code == 400
    answer = desk.post(
        "/orders/unknown-skus/match/", {"channel": "shopify", "code": "T-1", "sku": "tea"}
    )

    assert answer.status_code == 302
    assert OrderLine.objects.get().allocated == 2
    assert not Hold.objects.filter(released_at__isnull=True).exists()
    assert "Every SKU is known" in desk.get("/orders/unknown-skus/").content.decode()
    shown = desk.get(f"/orders/{tell.order.number}/").content.decode()
    assert "For Ada" in shown
    assert "On Shopify" in shown
    assert "T-1" in desk.get("/orders/channel-skus/").content.decode()
    desk.post("/orders/channel-skus/forget/", {"channel": "shopify", "code": "T-1"})
    assert not ChannelSku.objects.exists()


def test_a_custom_item_is_matched_from_the_list(world, tell, desk):
    world.stock("tea", rotterdam=5)
    tell(parts(item("", 1, key="1")))

    desk.post(
        "/orders/unknown-skus/match/",
        {"channel": "shopify", "order": tell.order.number, "line": "1", "sku": "tea"},
    )

    assert OrderLine.objects.get().allocated == 1
    assert not ChannelSku.objects.exists()


def test_the_lists_ask_the_same_number_of_questions_for_one_and_three(world, tell, desk):
    world.channel("shopify")
    counts = []
    for wanted in (1, 3):
        tell(parts(*(item(f"X-{n}", 1) for n in range(wanted))))
        with CaptureQueriesContext(connection) as asked:
            desk.get("/orders/unknown-skus/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_sku_is_looked_for_by_the_words_of_its_name_and_not_chosen_for_anybody(world, tell, desk):
    world.sku("sencha", name="Sencha, green tea")
    tell(parts(replace(item("BIO-250", 1), name="Bio-Sencha in der Dose")))

    page = desk.get("/orders/unknown-skus/match/?channel=shopify&listing=&code=BIO-250")

    text = page.content.decode()
    assert "Sencha, green tea" in text
    assert 'value="sencha" required' in text


def test_the_lists_are_narrowed_to_a_channel(world, tell, desk):
    tell(parts(item("T-1", 1)))
    other = desk.get("/orders/unknown-skus/?channel=elsewhere").content.decode()
    own = desk.get("/orders/unknown-skus/?channel=shopify").content.decode()

    assert "Every SKU is known" in other
    assert "T-1" in own
    assert "SKUs nobody knows" in desk.get("/channels/shopify/").content.decode()


def test_the_page_of_an_order_names_what_takes_its_hold_away(world, tell, desk):
    tell(parts(item("T-1", 1)))
    page = desk.get(f"/orders/{tell.order.number}/").content.decode()

    assert "/orders/unknown-skus/?channel=shopify" in page
    assert "Match the SKUs" in page
    looker = world.browser(world.user("sue", role="finance"))
    assert "Match the SKUs" not in looker.get(f"/orders/{tell.order.number}/").content.decode()


def test_what_came_too_late_is_tried_again_or_left(world, tell, desk):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 3)))
    [work] = world.works(tell.order)
    fulfillment.pick(number=work.number, by=SYSTEM, at=timezone.now())
    fulfillment.pack(number=work.number, by=SYSTEM, at=timezone.now())
    tell(parts(item("tea", 1)))
    assert "#1001" in desk.get("/orders/channel-orders/").content.decode()
    said = {"channel": "shopify", "external_id": "1001", "order": tell.order.number}

    tried = desk.post("/orders/channel-orders/try/", said, follow=True)
    assert "Leave it as it is" in tried.content.decode()
    assert "Behind Shopify" in tried.content.decode()
    desk.post("/orders/channel-orders/accept/", {**said, "key": "items"})

    assert tell.kept.state == "in_step"
    assert "Every order is in step" in desk.get("/orders/channel-orders/").content.decode()


def test_who_may_only_look_changes_nothing(world, tell):
    tell(parts(item("T-1", 2)))
    world.sku("tea")
    looker = world.browser(world.user("lou", role="warehouse"))

    answer = looker.post(
        "/orders/unknown-skus/match/", {"channel": "shopify", "code": "T-1", "sku": "tea"}
    )

    assert answer.status_code == 403
    assert OrderLine.objects.get().sku is None
