"""What runs out is ordered, promised by its supplier, read by the customer, and taken in."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fulfillment import services as fulfillment
from inventory.models import ReplenishmentOrder
from inventory.selectors import supplier_url
from oms.core.actors import Actor
from oms.core.display import day_text
from orders.models import OrderLine
from orders.selectors import status_url
from tests.e2e.hands import press, scan
from tests.e2e.widths import OFFICE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.full
@pytest.mark.parametrize("phone", OFFICE)
def test_what_is_out_is_bought_promised_and_received(world, screen, phone):
    world.supplier("leaf", tea={"pack_size": 6, "cost": 2, "currency": "EUR"}, cup={})
    world.stock("tea", rotterdam=0)
    world.stock("cup", rotterdam=1)
    world.reorder("tea", point=6, up_to=20)
    world.reorder("jug", point=2)
    waiting = world.place("W-1", tea=2, paid=True)
    pia = world.user("pia", role="purchasing")
    lee = world.user("lee", role="warehouse", at=["rotterdam"])

    # Buying sees what is out, proposes, approves and sends.
    desk = screen("buyer", phone=phone).let_in(world.browser(pia))
    page = desk.open("/supply/shortages/")
    desk.look("shortages")
    press(page, "Propose now" if phone else "Propose now P")
    page.wait_for_url("**/supply/?view=proposed")
    desk.look("proposals")
    order = ReplenishmentOrder.objects.get()
    page.get_by_role("link", name=order.number).click()
    page.wait_for_url(f"**/supply/{order.number}/")
    expect(page.locator("main")).to_contain_text("2 waited for here")
    desk.look("proposal")
    desk.open(f"/supply/{order.number}/edit/")
    desk.look("edit")
    page = desk.open(f"/supply/{order.number}/")
    press(page, "Approve 24 units")
    press(page, "Send to Leaf")
    expect(page.get_by_text(f"{order.number} is on its way to Leaf.")).to_be_visible()
    desk.look("sent")
    desk.open("/supply/suppliers/leaf/")
    desk.look("supplier")

    # The supplier says what comes when, on a phone.
    order.refresh_from_db()
    soon = timezone.localdate() + timedelta(days=4)
    vendor = screen("vendor", phone=True)
    page = vendor.open("/supplier/" + supplier_url(order).rpartition("/")[2])
    vendor.look("asked")
    page.get_by_label(re.compile("^Units Tea")).fill("10")
    page.get_by_label(re.compile("^Arrives on Tea")).fill(soon.isoformat())
    page.get_by_label(re.compile("^Units 2")).fill("14")
    press(page, "Send this answer")
    expect(page.get_by_text("Say when they arrive.").first).to_be_visible()
    vendor.look("asked-again")
    page.get_by_label(re.compile("^Units 2")).fill("")
    press(page, "Send this answer")
    expect(page.get_by_text("We have your answer.")).to_be_visible()
    vendor.look("answered")

    # The customer reads the day.
    visitor = screen("customer", phone=phone)
    page = visitor.open("/s/" + status_url(waiting).split("/s/", 1)[1])
    expect(page.locator("main")).to_contain_text(f"We expect it on {day_text(soon)}")
    visitor.look("status-expected")

    # Goods-in scans what came, on a phone: the customer's units are theirs at once.
    floor = screen("goods-in", phone=True).let_in(world.browser(lee))
    page = floor.open(f"/supply/{order.number}/")
    page.get_by_role("link", name="Receive units").click()
    page.wait_for_url("**/receive/")
    floor.look("receive")
    scan(page, "bc-tea", "1 of 24")
    scan(page, "bc-tea", "2 of 24")
    scan(page, "bc-cup", "bc-cup", tone="stop")
    floor.look("receive-wrong")
    page.get_by_text("Damaged or wrong").click()
    page.get_by_label("Units", exact=True).fill("1")
    page.get_by_label("Why", exact=True).select_option("damaged")
    floor.look("receive-damaged")
    press(page, "Take these in")
    expect(page.get_by_text("2 units are on the shelf. 1 unit is not taken in.")).to_be_visible()
    floor.look("received")

    assert OrderLine.objects.get().backordered == 0
    assert [work.units for work in world.works(waiting)] == [2]
    page = visitor.open("/s/" + status_url(waiting).split("/s/", 1)[1])
    expect(page.locator("main")).not_to_contain_text("We expect it on")

    # What waited goes out, and the customer sees it go.
    [work] = world.works(waiting)
    fulfillment.dispatch(
        number=work.number,
        carrier="PostNL",
        tracking_number="3S-1",
        by=Actor.of(lee),
        at=timezone.now(),
    )
    page = visitor.open("/s/" + status_url(waiting).split("/s/", 1)[1])
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything is on its way")
    visitor.look("status-shipped")

    desk.open(f"/supply/{order.number}/")
    desk.look("part-received")
    desk.open(f"/supply/{order.number}/close/")
    desk.look("close")
