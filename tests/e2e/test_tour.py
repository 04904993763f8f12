"""The guided tour is walked from the offer on the home page to its end without a mouse."""

import pytest
from playwright.sync_api import expect

from oms.core import tours
from oms.core.demo import Demo
from oms.tours import TOURS
from tests.e2e.hands import tab_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.full
def test_support_walks_the_tour_by_the_keyboard_alone(world, screen):
    sam = world.user("sam", role="support")
    tours.offer(Demo(sign_ins=[("support", "sam", "")]))
    window = screen("tour-keys").let_in(world.browser(sam))
    titles = [step["title"] for step in TOURS["support"]]

    page = window.open("/")
    tab_to(page, "Take the tour")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tour/")
    expect(page.locator("main")).to_contain_text(f"0 of {len(titles)} done")
    tab_to(page, "Begin the tour")
    page.keyboard.press("Enter")
    told = page.get_by_role("complementary", name="Tour")
    for nth, title in enumerate(titles, start=1):
        expect(told).to_contain_text(f"{nth} of {len(titles)}: {title}")
        is_last = nth == len(titles)
        tab_to(page, "Finish" if is_last else f"Next: {titles[nth]}")
        page.keyboard.press("Enter")

    page.wait_for_url("**/tour/")
    expect(page.locator("main")).to_contain_text("You have done all steps.")
    expect(page.locator("main")).to_contain_text(f"{len(titles)} of {len(titles)} done")
    expect(told).to_have_count(0)
    window.look("tour-done")
