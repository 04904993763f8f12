"""A shelf is counted blind on a phone, again by another, and approved by a third."""

import pytest
from playwright.sync_api import expect

from inventory.models import StockCount
from tests.e2e.hands import press, scan
from tests.inventory.counting import put

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.full
def test_a_blind_count_is_counted_again_and_approved_by_another(world, screen):
    put(world, "tea", 3, "A-1")
    put(world, "cup", 21, "A-1")
    put(world, "jug", 1, "B-1")
    kim = world.user("kim", role="warehouse", at=["rotterdam"])
    lee = world.user("lee", role="warehouse", at=["rotterdam"])
    otto = world.user("otto", role="operations")

    # The plan proposes what was never counted; one button makes the count.
    floor = screen("counter", phone=True).let_in(world.browser(kim))
    page = floor.open("/counts/plan/")
    floor.keep("plan")
    floor.fits("plan")
    press(page, "Make a count of these 3 places")
    expect(page.get_by_text("SC-1001 is ready to be counted.")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("21")
    floor.keep("count-requested")

    # Bin by bin: scan it, scan its units, type what is too many to scan.
    page.get_by_role("link", name="Count", exact=True).click()
    page.wait_for_url("**/station/")
    floor.keep("station-bins")
    page.get_by_label("Scan or type a bin").fill("A-1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bin A-1")).to_be_visible()
    scan(page, "bc-tea", "Tea, 1 so far")
    scan(page, "tea", "Tea, 2 so far")
    scan(page, "nothing", "nothing", tone="stop")
    page.get_by_label("Units of Cup", exact=True).fill("21")
    page.get_by_role("button", name="Set the units of Cup").click()
    expect(page.locator('[data-verdict="done"]')).to_contain_text("Cup, 21 so far")
    floor.look("station")
    press(page, "Done with this bin")
    page.get_by_role("link", name="Count B-1").click()
    expect(page.get_by_role("heading", name="Bin B-1")).to_be_visible()
    scan(page, "jug", "Jug, 1 so far")
    press(page, "Done with this bin")
    press(page, "Hand the count in")
    expect(page.get_by_text("SC-1001 is handed in.")).to_be_visible()

    # One unit is missing: somebody asks for a recount.
    desk = screen("lead").let_in(world.browser(otto))
    page = desk.open("/counts/?view=investigating")
    desk.keep("counts")
    page.get_by_role("link", name="SC-1001").click()
    desk.look("differences")
    press(page, "Ask for a recount R")
    expect(page.get_by_text("What differs is counted again, by somebody else.")).to_be_visible()

    # Another counts what differs, and finds the same.
    second = screen("second", phone=True).let_in(world.browser(lee))
    page = second.open("/counts/SC-1001/station/?bin=A-1")
    scan(page, "tea", "Tea, 1 so far")
    scan(page, "tea", "Tea, 2 so far")
    press(page, "Done with this bin")
    press(page, "Hand the count in")
    expect(page.get_by_text("SC-1001 is handed in.")).to_be_visible()
    second.keep("recounted")

    page = desk.open("/counts/SC-1001/")
    press(page, "Approve 1 difference")
    expect(page.get_by_text("The books follow SC-1001.")).to_be_visible()
    assert StockCount.objects.get().status == "approved"
    assert world.on_hand("tea") == {"rotterdam": 2}
    assert world.on_hand("cup") == {"rotterdam": 21}
