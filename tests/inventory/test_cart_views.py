"""Staff see what is kept for carts, end one with a reason, and say when a SKU comes out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import CartReservation, StockLevel
from oms.catalog.models import Sku
from tests.inventory.carts import keep

LIST = "/inventory/carts/"


@pytest.fixture
def lead(world):
    return world.browser(world.user("kim", "operations"))


@pytest.mark.parametrize("count", [1, 3])
def test_open_carts_of_a_channel_with_constant_queries(world, lead, count):
    world.stock("tea", rotterdam=9)
    for nth in range(count):
        keep(world, f"cart-{nth}", tea=1)
    keep(world, "theirs", channel="other", tea=2)
    lead.get(LIST)

    with CaptureQueriesContext(connection) as counted:
        page = lead.get(f"{LIST}?channel=shop").content.decode()

    assert page.count("cart-") == count
    assert "theirs" not in page
    assert len(counted) == 19
    assert "theirs" in lead.get(LIST).content.decode()


def test_a_cart_is_ended_with_a_reason_once(world, lead):
    world.stock("tea", rotterdam=9)
    cart = keep(world, tea=4).cart
    url = f"{LIST}{cart.number}/"
    assert "Set its units free" in lead.get(url).content.decode()

    assert lead.post(url, {"reason": ""}).status_code == 422
    assert StockLevel.objects.get().reserved == 4
    assert lead.post(url, {"reason": "The shop hangs"}, follow=True).status_code == 200

    cart.refresh_from_db()
    assert (cart.status, cart.end_reason, cart.ended_by) == (
        "released",
        "The shop hangs",
        "user:kim",
    )
    assert StockLevel.objects.get().reserved == 0
    page = lead.get(url).content.decode()
    assert "The shop hangs" in page
    assert "Set its units free" not in page


def test_an_ordered_cart_is_not_ended(world, lead):
    world.stock("tea", rotterdam=9)
    cart = keep(world, tea=4).cart
    order = world.place("1", tea=4, fields={"reservation": "c-1"})

    answer = lead.post(f"{LIST}{cart.number}/", {"reason": "Late"})

    assert answer.status_code == 409
    assert order.number in answer.content.decode()
    assert StockLevel.objects.get().reserved == 4


def test_carts_of_other_places_are_not_listed_and_not_everybody_ends_one(world, lead):
    world.stock("tea", rotterdam=9)
    world.location("leipzig")
    cart = keep(world, tea=4).cart
    floor = world.browser(world.user("ann", "warehouse", at=["rotterdam"]))

    assert cart.number in lead.get(f"{LIST}?location=rotterdam").content.decode()
    assert cart.number not in lead.get(f"{LIST}?location=leipzig").content.decode()
    assert floor.get(LIST).status_code == 403
    assert floor.post(f"{LIST}{cart.number}/", {"reason": "No"}).status_code == 403
    assert CartReservation.objects.get().status == "open"


def test_the_page_of_a_sku_explains_what_carts_have_reserved(world, lead):
    world.stock("tea", rotterdam=9)
    cart = keep(world, tea=4).cart

    page = lead.get("/inventory/tea/").content.decode()

    assert f'<a href="{LIST}{cart.number}/">{cart.number}</a>' in page


def test_the_day_a_sku_comes_out_is_set_and_shown(world, lead):
    world.stock("tea", rotterdam=9)
    day = timezone.localdate() + timedelta(days=20)
    url = "/inventory/tea/release/"

    assert lead.post(url, {"release_on": "soon"}).status_code == 422
    assert lead.post(url, {"release_on": day.isoformat()}).status_code == 302

    assert Sku.objects.get(code="tea").release_on == day
    assert "Comes out on" in lead.get("/inventory/tea/").content.decode()
    lead.post(url, {"release_on": ""})
    assert Sku.objects.get(code="tea").release_on is None
    floor = world.browser(world.user("ann", "warehouse", at=["rotterdam"]))
    assert floor.get(url).status_code == 403
