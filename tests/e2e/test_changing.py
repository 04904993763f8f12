"""Support's morning: a hold is released from the work list, an order is changed by phone."""

import re

import pytest
from playwright.sync_api import expect

from oms.core.actors import SYSTEM
from orders import services
from orders.models import Hold, Order
from orders.selectors import status_url
from tests.e2e.hands import press
from tests.e2e.widths import OFFICE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("phone", OFFICE)
def test_support_releases_a_hold_and_changes_an_order(world, screen, phone):
    world.stock("tea", rotterdam=9)
    world.stock("cup", rotterdam=9)
    order = world.place(tea=3, cup=1, paid=True)
    services.hold_order(number=order.number, kind="address", reason="No house number", by=SYSTEM)
    desk = screen("support", phone=phone).let_in(world.browser(world.user("sam", role="support")))

    # The work list says what it stops, by when; the hold is released with a reason.
    page = desk.open("/orders/holds/?kind=address")
    expect(page.locator("main")).to_contain_text("Late after 24 hours.")
    page.get_by_label(f"Select {order.number}, Address").check()
    desk.look("holds")
    press(page, "Release with a reason…")
    page.get_by_label("Why it may go on").fill("They wrote with the number")
    desk.look("release-many")
    press(page, "Release 1 hold")
    expect(page.get_by_text("1 hold is released.")).to_be_visible()
    desk.look("holds-empty")
    assert not Hold.objects.filter(released_at__isnull=True).exists()

    # One unit less, and to another street: looked at first, then confirmed by name of the effect.
    page = desk.open(f"/orders/{order.number}/")
    if phone:
        page.locator("summary", has_text="More").click()
    page.get_by_role("link", name=re.compile("^Change order")).filter(visible=True).click()
    page.wait_for_url("**/change/")
    page.get_by_label("Quantity of Tea").fill("2")
    page.get_by_label("Street and number").fill("Molenstraat 28")
    page.get_by_label("Why").fill("They called")
    desk.look("change")
    press(page, "See what would happen")
    page.wait_for_url("**/changes/**")
    expect(page.locator("main")).to_contain_text("1 unit of tea is free for others again")
    desk.look("change-preview")
    page.get_by_role("button", name="Change order, refund €10.00").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{order.number} is changed.")).to_be_visible()
    desk.look("changed")

    order = Order.objects.get()
    assert (order.total_amount, order.refunded_amount, order.ship_to.line1) == (
        30,
        10,
        "Molenstraat 28",
    )


@pytest.mark.full
def test_two_tabs_and_the_customer(world, screen):
    world.stock("tea", rotterdam=9)
    order = world.place(tea=3, paid=True)
    desk = screen("support").let_in(world.browser(world.user("sam", role="support")))
    page = desk.open(f"/orders/{order.number}/change/")
    page.get_by_label("Quantity of Tea").fill("1")
    press(page, "See what would happen")
    page.wait_for_url("**/changes/**")

    # Meanwhile the customer sends it elsewhere, on a page that keeps the old address to itself.
    visitor = screen("customer", phone=True)
    theirs = visitor.open(order_address(order))
    theirs.get_by_role("link", name=re.compile("Change the address")).click()
    expect(theirs.get_by_role("button", name="Send it there")).to_be_visible()
    visitor.look("address")
    press(theirs, "Send it there")
    visitor.look("address-refused")
    for label, words in (
        ("Name", "Robin Vale"),
        ("Street and number", "Veldstraat 1"),
        ("City", "Ghent"),
        ("Country", "be"),
    ):
        theirs.get_by_label(label).fill(words)
    press(theirs, "Send it there")
    expect(theirs.get_by_text("What has not left goes to the new address.")).to_be_visible()
    visitor.look("redirected")

    # Support's tab is told so in place, and confirms what would happen now.
    press(page, "Change order, refund €20.00")
    expect(page.get_by_text("The order has changed since you looked")).to_be_visible()
    desk.look("change-conflict")
    press(page, "Change order, refund €20.00")
    expect(page.get_by_text(f"{order.number} is changed.")).to_be_visible()
    assert Order.objects.get().ship_to.city == "Ghent"


def order_address(order):
    return "/s/" + status_url(order).split("/s/", 1)[1]
