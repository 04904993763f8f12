"""One order's whole journey through the pages, each step by the person whose work it is."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from oms.core.jobs import drain
from orders.models import Order
from orders.selectors import status_url
from tests.e2e.hands import press, scan
from tests.e2e.widths import OFFICE

pytestmark = pytest.mark.django_db(transaction=True)


def do_what_waits():
    """What the workers would do: letters, papers, money."""
    return {kind: drain(kind) for kind in ("mail", "packing_slip", "refund")}


@pytest.mark.parametrize("phone", OFFICE)
def test_an_order_goes_from_the_shop_to_the_door_and_back(world, screen, phone):
    world.stock("tea", rotterdam=5, leipzig=9)
    world.stock("cup", rotterdam=1)
    kim = world.user("kim", role="warehouse", at=["rotterdam"])
    sam = world.user("sam", role="support")
    fay = world.user("fay", role="finance")

    # The shop places it, and the customer is told.
    body = world.order_body("W-1", tea=2, cup=2, paid=True)
    answer = world.api("shop").post(
        "/api/v1/orders/", body, format="json", headers={"Idempotency-Key": "w-1"}
    )
    assert answer.status_code == 201
    number = answer.json()["number"]
    work = answer.json()["fulfillment_orders"][0]["number"]
    assert do_what_waits()["mail"] == 1
    assert mail.outbox[0].subject == "Your order W-1"

    # Support sees where it goes and why.
    desk = screen("support", phone=phone).let_in(world.browser(sam))
    page = desk.open("/orders/")
    desk.look("orders")
    page.get_by_role("link", name=number).click()
    page.wait_for_url(f"**/orders/{number}/")
    expect(page.locator("main")).to_contain_text("Why Rotterdam")
    expect(page.locator("main")).to_contain_text("1 backordered")
    desk.look("order")

    # The warehouse releases, picks, packs what it scans, and ships.
    floor = screen("warehouse", phone=phone).let_in(world.browser(kim))
    page = floor.open("/fulfillment/")
    floor.look("queue")
    page.get_by_role("link", name=work).click()
    page.wait_for_url(f"**/fulfillment/{work}/")
    floor.look("work")
    press(page, "Release to the floor")
    expect(page.get_by_text(f"{work} is released")).to_be_visible()
    assert do_what_waits()["packing_slip"] == 1
    page.get_by_role("link", name="Pick 3 units").click()
    page.wait_for_url("**/pick/")
    floor.look("pick")
    scan(page, "bc-tea", "Tea, 1 of 2")
    scan(page, "bc-tea", "Tea, 2 of 2")
    scan(page, "bc-cup", "Cup, 1 of 1")
    floor.look("picked")
    page.get_by_role("link", name="On with 3 picked units").click()
    page.get_by_role("link", name="Pack 3 units").click()
    page.wait_for_url("**/pack/")
    scan(page, "bc-other", "bc-other", tone="stop")
    floor.look("pack-wrong")
    scan(page, "bc-tea", "Tea, 1 of 2")
    scan(page, "bc-cup", "Cup, 1 of 1")
    scan(page, "bc-tea", "Tea, 2 of 2")
    floor.look("pack-full")
    press(page, "Close package 1")
    expect(page.get_by_text(f"{work} is packed")).to_be_visible()
    page.get_by_role("link", name="Ship 1 package").click()
    page.wait_for_url("**/ship/")
    floor.look("ship")
    page.get_by_label("Another one").check()
    page.get_by_label(re.compile("Carrier")).fill("PostNL")
    page.get_by_label(re.compile("Tracking number")).fill("3S123")
    press(page, "Ship the package")
    expect(page.get_by_text(f"{work} is on its way")).to_be_visible()
    floor.look("shipped")
    assert Order.objects.get().fulfillment_status == "partly_fulfilled"
    slip = floor.context.request.get(f"/fulfillment/{work}/packing-slip.pdf")
    assert slip.body()[:5] == b"%PDF-"
    assert do_what_waits()["mail"] == 1

    # The customer follows it by the link of the letter, and asks to send one unit back.
    visitor = screen("customer", phone=phone)
    address = status_url(Order.objects.get()).split("/s/", 1)[1]
    page = visitor.open(f"/s/{address}")
    assert address not in page.url
    expect(page.locator("main")).to_contain_text("PostNL")
    visitor.look("status")
    page.get_by_role("link", name=re.compile("Return")).first.click()
    page.wait_for_url("**/returns/start/**")
    visitor.look("return")
    tea = page.get_by_role("region", name="Tea").or_(page.locator("section", has_text="Tea")).first
    tea.get_by_label(re.compile("How many")).fill("1")
    tea.get_by_label(re.compile("Why")).select_option(index=1)
    press(page, "Ask for the return")
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    visitor.look("returned")

    # Support agrees, the warehouse takes it in and grades it, finance gives the money back.
    [returned] = world.returns(number)
    page = desk.open(f"/returns/{returned}/")
    desk.look("rma")
    desk.open(f"/returns/{returned}/approve/")
    desk.look("approve")
    press(page, "Approve the return")
    expect(page.get_by_text(f"{returned} is approved")).to_be_visible()
    page = floor.open(f"/returns/{returned}/receive/")
    floor.look("receive")
    scan(page, "bc-tea", "Tea")
    floor.look("received")
    press(page, "Take these in")
    page.wait_for_url(re.compile(f"/returns/{returned}/(inspect/)?$"))
    page = floor.open(f"/returns/{returned}/inspect/")
    floor.look("inspect")
    page.get_by_label("Condition, row 1").select_option(index=1)
    page.get_by_label(re.compile("becomes of .*, row 1|Disposition, row 1")).select_option(
        "restock"
    )
    press(page, "Record these grades")
    page.wait_for_url(f"**/returns/{returned}/")
    money = screen("finance", phone=phone).let_in(world.browser(fay))
    page = money.open(f"/returns/{returned}/settle/")
    money.look("settle")
    press(page, "See what would happen")
    expect(page.get_by_role("heading", name="Refund €10.00?")).to_be_visible()
    money.look("settle-confirm")
    press(page, "Refund €10.00")
    expect(page.get_by_text("€10.00 goes back to the customer.")).to_be_visible()
    money.look("settled")

    # The books agree with the pages.
    order = Order.objects.get()
    assert order.refunded_amount == 10
    assert order.return_status == "partly_returned"
    assert world.available("tea") == {"leipzig": 9, "rotterdam": 4}
    do_what_waits()
    page = desk.open(f"/orders/{number}/")
    expect(page.locator("main")).to_contain_text(returned)
    desk.look("order-after")
