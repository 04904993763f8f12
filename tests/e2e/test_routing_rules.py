"""The operations lead writes routing rules, tries them, publishes them, takes them back."""

import pytest

from oms.core import jobs
from tests.e2e.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def look(window, name):
    window.page.set_viewport_size(DESKTOP)
    window.fits(name)
    window.keep(f"{name}-1440")
    window.page.set_viewport_size(PHONE)
    window.look(f"{name}-360")


def test_rules_are_drafted_tried_published_and_taken_back(world, screen):
    world.stock("tea", rotterdam=10, leipzig=10)
    for number in range(3):
        world.place(f"web-{number}", tea=2)
    window = screen("kim").let_in(world.browser(world.user("kim", role="operations")))
    page = window.page

    window.open("/fulfillment/routing/")
    look(window, "routing-empty")
    page.get_by_role("button", name="Begin a draft").click()
    page.get_by_role("link", name="Add a routing").click()
    page.get_by_label("Name").fill("Germany and Belgium")
    page.get_by_label("Countries").fill("DE, BE")
    look(window, "routing-edit")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("link", name="Change Closest that has everything").first.click()
    page.get_by_label("Leipzig, leipzig").check()
    look(window, "routing-step")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("button", name="Move Germany and Belgium down").click()
    page.get_by_role("button", name="Move Germany and Belgium up").click()
    look(window, "routing-draft")

    page.get_by_role("link", name="Back-test…").click()
    page.get_by_label("From").fill("2026-11-20")
    page.get_by_label("To, this day too").fill("2026-11-20")
    look(window, "routing-days")
    page.get_by_role("button", name="Run the back-test").click()
    look(window, "routing-running")
    jobs.drain("back_test")
    page.reload()
    assert page.get_by_role("heading", name="3 orders decided otherwise").is_visible()
    look(window, "routing-back-test")
    page.get_by_role("button", name="Publish version 1").click()
    assert page.get_by_role("heading", name="Version 1 counts").is_visible()
    look(window, "routing-live")
    page.get_by_role("button", name="Undo: what counted before").click()
    assert page.get_by_role("heading", name="Version 2 counts").is_visible()
