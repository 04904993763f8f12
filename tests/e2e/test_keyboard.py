"""Hands that never leave the keyboard, or the scanner, get through the day."""

import pytest
from playwright.sync_api import expect

from orders.models import Hold
from tests.e2e.hands import focused, tab_to

pytestmark = pytest.mark.django_db(transaction=True)

ENDS_WITH_ENTER = "{}\n"


def test_support_finds_holds_and_releases_an_order(world, screen):
    world.stock("tea", rotterdam=9)
    number = world.place("W-1", tea=1, paid=True).number
    newest = world.place("W-2", tea=1, paid=True).number
    world.user("sam", role="support")
    window = screen("keys")
    page, keys = window.page, window.page.keyboard

    window.open("/accounts/login/")
    keys.type("sam")
    keys.press("Tab")
    keys.type("correct horse battery")
    keys.press("Enter")
    page.wait_for_url(window.home)

    keys.press("Control+k")
    keys.type(number)
    keys.press("Enter")  # before anything is found
    page.wait_for_url(f"**/orders/{number}/")

    keys.press("h")
    expect(page.get_by_role("dialog")).to_be_visible()
    window.look("hold")
    tab_to(page, "Why")
    keys.type("The customer calls back")
    keys.press("Enter")
    expect(page.locator("main")).to_contain_text("The customer calls back")
    assert Hold.objects.filter(order__number=number, released_at=None).count() == 1

    tab_to(page, "Release the manual hold…")
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "Why it may go on")
    keys.type("They called")
    keys.press("Enter")
    expect(page.locator(".o-banner")).to_have_count(0)
    assert Hold.objects.filter(order__number=number, released_at=None).count() == 0

    window.open("/orders/")
    for key, expected in (("j", newest), ("j", number), ("k", newest), ("j", number)):
        keys.press(key)
        expect(page.locator("tr.is-here a.doc")).to_have_text(expected)
        assert focused(page).is_seen
    keys.press("Enter")
    page.wait_for_url(f"**/orders/{number}/")


def test_a_scanner_picks_packs_and_ships(world, screen):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=1)
    order = world.place("W-1", tea=2, cup=1, paid=True)
    [work] = world.works(order)
    kim = world.user("kim", role="warehouse", at=["rotterdam"])
    window = screen("scanner").let_in(world.browser(kim))
    page, keys = window.page, window.page.keyboard

    def shoot(code, answer, tone="done"):
        expect(page.locator("#scan")).to_be_focused()
        keys.type(ENDS_WITH_ENTER.format(code))
        expect(page.locator(f'[data-verdict="{tone}"]')).to_contain_text(answer)
        expect(page.locator("#scan")).to_be_focused()
        assert focused(page).is_seen

    page = window.open(f"/fulfillment/{work.number}/")
    tab_to(page, "Release to the floor")
    keys.press("Enter")
    expect(page.get_by_text("is released")).to_be_visible()
    tab_to(page, "Pick 3 units")
    keys.press("Enter")
    page.wait_for_url("**/pick/")
    shoot("bc-tea", "Tea, 1 of 2")
    shoot("bc-jar", "bc-jar", tone="stop")
    shoot("bc-tea", "Tea, 2 of 2")
    keys.type(ENDS_WITH_ENTER.format("bc-cup"))
    expect(page.locator("[data-verdict]")).to_contain_text("Cup, 1 of 1")
    tab_to(page, "On with 3 picked units")
    keys.press("Enter")
    page.wait_for_url(f"**/fulfillment/{work.number}/")
    tab_to(page, "Pack 3 units")
    keys.press("Enter")
    page.wait_for_url("**/pack/")
    shoot("bc-cup", "Cup, 1 of 1")
    shoot("bc-tea", "Tea, 1 of 2")
    shoot("UNDO", "Taken out")
    shoot("bc-tea", "Tea, 1 of 2")
    shoot("bc-tea", "Tea, 2 of 2")
    keys.type(ENDS_WITH_ENTER.format("CLOSE"))
    page.wait_for_url(f"**/fulfillment/{work.number}/")
    tab_to(page, "Ship 1 package")
    keys.press("Enter")
    page.wait_for_url("**/ship/")
    tab_to(page, "Tracking number (optional)")
    keys.type("3S123")
    keys.press("Enter")
    expect(page.get_by_text("is on its way")).to_be_visible()

    order.refresh_from_db()
    assert order.fulfillment_status == "fulfilled"


def test_scans_that_come_faster_than_the_answers_all_count(world, screen):
    world.stock("tea", rotterdam=9)
    order = world.place("W-1", tea=6, paid=True)
    [work] = world.works(order)
    kim = world.user("kim", role="warehouse", at=["rotterdam"])
    window = screen("hurry").let_in(world.browser(kim))
    page = window.open(f"/fulfillment/{work.number}/")
    tab_to(page, "Release to the floor")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is released")).to_be_visible()
    window.open(f"/fulfillment/{work.number}/pick/")

    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(ENDS_WITH_ENTER.format("bc-tea") * 5)

    expect(page.get_by_role("status").filter(has_text="5 of 6 units")).to_be_visible()
    expect(page.locator("#scan")).to_be_focused()
    expect(page.locator("#scan")).to_have_value("")
