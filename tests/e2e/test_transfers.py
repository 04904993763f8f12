"""Stock goes to where it sells: asked for, sent, and counted in by phone at the other end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import Transfer
from oms.core.books import verify
from orders.models import OrderLine
from tests.e2e.hands import press, scan
from tests.e2e.widths import HAND

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


@pytest.mark.parametrize("phone", HAND)
def test_units_go_from_one_location_to_another(world, screen, phone):
    world.stock("tea", rotterdam=20, leipzig=0)
    world.stock("cup", rotterdam=4, leipzig=0)
    pia = world.user("pia", role="purchasing")
    lee = world.user("lee", role="warehouse", at=["rotterdam"])
    kim = world.user("kim", role="warehouse", at=["leipzig"])
    soon = timezone.localdate() + timedelta(days=3)

    # Buying asks for them: too many at first.
    desk = screen("planner", phone=phone).let_in(world.browser(pia))
    page = desk.open("/transfers/")
    desk.look("transfers-empty")
    page = desk.open("/transfers/new/")
    page.get_by_label("From", exact=True).select_option("rotterdam")
    page.get_by_label("To", exact=True).select_option("leipzig")
    page.get_by_label("Should arrive on").fill(soon.isoformat())
    page.get_by_label("SKU 1", exact=True).fill("tea")
    page.get_by_label("Units of SKU 1").fill("21")
    page.get_by_label("SKU 2", exact=True).fill("cup")
    page.get_by_label("Units of SKU 2").fill("2")
    press(page, "Request the transfer")
    expect(page.get_by_text("Not so many are free.", exact=True)).to_be_visible()
    desk.look("new-refused")
    page.get_by_label("Units of SKU 1").fill("6")
    press(page, "Request the transfer")
    transfer = Transfer.objects.get()
    expect(page.get_by_text(f"{transfer.number} is requested.")).to_be_visible()
    desk.look("requested")

    # The source ships.
    dock = screen("dock", phone=phone).let_in(world.browser(lee))
    page = dock.open(f"/transfers/{transfer.number}/")
    page.get_by_role("link", name="Ship units").click()
    page.wait_for_url("**/ship/")
    dock.look("ship")
    press(page, "Ship these units")
    expect(page.get_by_text("8 units are in transit.")).to_be_visible()
    dock.look("in-transit")

    # The target counts them in by scanner, on a phone; who waits gets theirs at once.
    world.place(tea=18)
    floor = screen("target", phone=True).let_in(world.browser(kim))
    page = floor.open(f"/transfers/{transfer.number}/")
    page.get_by_role("link", name="Receive units").click()
    page.wait_for_url("**/receive/")
    floor.look("receive")
    scan(page, "bc-tea", "1 of 6")
    scan(page, "bc-cup", "1 of 2")
    scan(page, "bc-jug", "bc-jug", tone="stop")
    floor.look("receive-wrong")
    page.get_by_label("Tea").fill("7")
    press(page, "Take these in")
    expect(page.get_by_text("Keep the units that were not in transit")).to_be_visible()
    floor.look("receive-over")
    page.get_by_label("Tea").fill("5")
    page.get_by_text("Damaged, or one lot").filter(visible=True).last.click()
    page.get_by_label("Damaged", exact=True).filter(visible=True).fill("1")
    press(page, "Take these in")
    expect(page.get_by_text("6 units are on the shelf. 1 damaged unit is held.")).to_be_visible()
    floor.look("part-received")
    assert OrderLine.objects.get().allocated == 18

    # What never came is lost.
    desk.open(f"/transfers/{transfer.number}/close/")
    desk.look("close")
    desk.page.get_by_label("Why").fill("One cup broke on the way")
    press(desk.page, "Close the transfer")
    desk.look("closed")
    desk.open("/transfers/?view=all")
    desk.look("transfers")
    assert Transfer.objects.get().status == "closed"
    assert verify() == []
