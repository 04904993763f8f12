"""A cart is put together in the office and walked with a scanner in one hand."""

import re

import pytest
from playwright.sync_api import expect

from fulfillment.models import FulfillmentOrder, Wave
from oms.core.jobs import drain
from tests.e2e.hands import press, scan
from tests.fulfillment.waving import number_of, placed, warehouse

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_cart_is_made_walked_and_printed(world, screen):
    warehouse(world)
    world.stock("pot", leipzig=5)
    first, second = placed(world, tea=2), placed(world, tea=1, cup=1)
    order = world.place(pot=2)
    third = number_of(world, order)
    otto = world.user("otto", role="operations")
    kim = world.user("kim", role="warehouse", at=["rotterdam"])

    # Operations see what the cart would be, make it, and give it to Kim.
    office = screen("operations").let_in(world.browser(otto))
    page = office.open("/fulfillment/waves/new/?rule=cart&orders=3&location=rotterdam")
    expect(page.locator("main")).to_contain_text("Make a wave of 3 orders")
    office.look("wave-new")
    press(page, "Make a wave of 3 orders")
    page.wait_for_url("**/waves/WV-1001/")
    page.get_by_label("Who picks it").select_option("kim")
    press(page, "Give")
    expect(page.locator("main")).to_contain_text("Picked by kim.")
    office.look("wave")

    # Kim walks it with a phone: totes first, then past the bins.
    floor = screen("picker", phone=True).let_in(world.browser(kim))
    page = floor.open("/fulfillment/waves/")
    floor.look("waves")
    floor.open("/fulfillment/waves/WV-1001/walk/")
    for nth, tote in enumerate(("T-1", "T-2", "T-3"), start=1):
        scan(page, tote, f"{tote} is for order {nth}.")
    scan(page, "bc-jar", "Jar is not to be picked in WV-1001", tone="stop")
    scan(page, "bc-tea", "2 of Tea into T-1.")
    floor.look("in-hand")
    scan(page, "T-3", "T-3 is the wrong tote: this goes into T-1.", tone="stop")
    floor.look("wrong-tote")
    scan(page, "T-1", "2 of Tea for T-1.")
    scan(page, "bc-tea", "1 of Tea into T-2.")
    press(page, "Into T-2")
    expect(page.locator('[data-verdict="done"]')).to_contain_text("1 of Tea for T-2.")
    scan(page, "bc-cup", "1 of Cup into T-2.")
    scan(page, "T-2", "1 of Cup for T-2.")

    # The pots are broken: others are asked, and the walk is over.
    page.get_by_role("link", name=re.compile("^Not all here")).click()
    page.get_by_label("Why the rest is not there").select_option("damaged")
    floor.look("not-there")
    press(page, "Send the rest elsewhere")
    page.wait_for_url("**/waves/WV-1001/")
    expect(page.locator("main")).to_contain_text("2 not there")
    floor.look("wave-over")

    wave = Wave.objects.get()
    assert (wave.status, wave.picked, wave.short) == ("done", 4, 2)
    states = dict(FulfillmentOrder.objects.values_list("number", "status"))
    assert (states[first], states[second], states[third]) == ("picked", "picked", "rejected")
    assert [work.location.code for work in world.works(order)][1:] == ["leipzig"]

    # The slips of the wave come as one paper.
    office.open("/fulfillment/waves/WV-1001/")
    press(office.page, "Packing slips")
    office.page.wait_for_url("**/papers/PR-1001/")
    drain("paper")
    expect(office.page.get_by_role("button", name="Print part 1")).to_be_visible()
    office.look("papers")
