"""One order's whole journey through the pages, each step by the person whose work it is."""

import re

import pytest
from django.core import mail

from oms.core.jobs import drain
from orders.models import Order
from orders.selectors import status_url

pytestmark = pytest.mark.django_db(transaction=True)


def do_what_waits():
    """What the workers would do: letters and papers."""
    return {kind: drain(kind) for kind in ("mail", "packing_slip", "refund")}


def press(page, name):
    page.get_by_role("button", name=re.compile(name)).first.click()


def scan(page, code):
    page.get_by_label(re.compile("Scan or type")).fill(code)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_an_order_goes_from_the_shop_to_the_door_and_back(world, screen, client, phone):
    world.stock("tea", rotterdam=5, leipzig=9)
    world.stock("cup", rotterdam=1)
    size = "phone" if phone else "desktop"
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
    desk = screen(f"{size}-support", phone=phone).sign_in(sam)
    page = desk.open("/orders/")
    desk.look("orders")
    page.get_by_role("link", name=number).click()
    page.wait_for_url(f"**/orders/{number}/")
    assert page.get_by_text("Rotterdam").first.is_visible()
    desk.look("order")

    # The warehouse releases, picks, packs what it scans, and ships.
    floor = screen(f"{size}-warehouse", phone=phone).sign_in(kim)
    page = floor.open("/fulfillment/")
    floor.look("queue")
    page.get_by_role("link", name=work).click()
    floor.look("work")
    press(page, "Release")
    page.wait_for_load_state()
    assert do_what_waits()["packing_slip"] == 1
    floor.open(f"/fulfillment/{work}/pick/")
    floor.look("pick")
    for code in ("bc-tea", "bc-tea", "bc-cup"):
        scan(page, code)
        page.wait_for_timeout(300)
    page = floor.open(f"/fulfillment/{work}/pack/")
    scan(page, "bc-other")
    page.locator("[data-verdict]").first.wait_for()
    floor.look("pack-wrong")
    for code in ("bc-tea", "bc-cup", "bc-tea"):
        scan(page, code)
        page.wait_for_timeout(300)
    floor.look("pack-full")
    press(page, "Close package")
    page.wait_for_load_state()
    page = floor.open(f"/fulfillment/{work}/ship/")
    floor.look("ship")
    page.get_by_label(re.compile("Carrier")).fill("PostNL")
    page.get_by_label(re.compile("Tracking number")).fill("3S123")
    press(page, "^Ship")
    page.wait_for_load_state()
    assert Order.objects.get().fulfillment_status == "partly_fulfilled"
    slip = floor.context.request.get(f"/fulfillment/{work}/packing-slip.pdf")
    assert slip.body()[:5] == b"%PDF-"
    assert do_what_waits()["mail"] == 1

    # The customer follows it, calls off what waits, and sends one unit back.
    visitor = screen(f"{size}-customer", phone=phone)
    address = status_url(Order.objects.get()).split("/s/", 1)[1]
    page = visitor.open(f"/s/{address}")
    assert address not in page.url
    visitor.look("status")
    page.goto(f"/s/order/{number}/return/")
    visitor.look("return")
    page.get_by_label(re.compile("Tea", re.I)).first.select_option("1")
    page.get_by_role("combobox").nth(1).select_option(index=1)
    press(page, "return|Return|Send")
    page.wait_for_load_state()
    visitor.look("returned")

    # Support agrees, the warehouse takes it in and grades it, finance gives the money back.
    returned = world.returns(number)[0]
    page = desk.open(f"/returns/{returned}/")
    desk.look("rma")
    page = desk.open(f"/returns/{returned}/approve/")
    press(page, "Approve")
    page.wait_for_load_state()
    page = floor.open(f"/returns/{returned}/receive/")
    floor.look("receive")
    scan(page, "bc-tea")
    page.wait_for_load_state()
    press(page, "Take these in")
    page.wait_for_load_state()
    page = floor.open(f"/returns/{returned}/inspect/")
    floor.look("inspect")
    page.get_by_label(re.compile("Condition, row 1")).select_option(index=1)
    page.get_by_label(re.compile("What becomes of them, row 1|Disposition, row 1")).select_option(
        "restock"
    )
    press(page, "Record these grades")
    page.wait_for_load_state()
    money = screen(f"{size}-finance", phone=phone).sign_in(fay)
    page = money.open(f"/returns/{returned}/settle/")
    money.look("settle")
    press(page, "See what would happen")
    page.wait_for_load_state()
    money.look("settle-confirm")
    page.get_by_role("button", name=re.compile(r"10\.00")).first.click()
    page.wait_for_load_state()

    order = Order.objects.get()
    assert order.refunded_amount == 10
    assert order.return_status == "partly_returned"
    assert world.available("tea")["rotterdam"] == 4
    do_what_waits()
    page = desk.open(f"/orders/{number}/")
    desk.look("order-after")
