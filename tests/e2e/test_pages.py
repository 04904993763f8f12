"""Every page for every role: it opens or says that it is not for them, and it fits a phone."""

from unittest.mock import Mock

import pytest
from django.db import OperationalError
from playwright.sync_api import expect

from b2b.models import Company
from oms.core.models import User
from oms.roles import ROLES
from orders.models import Order
from orders.selectors import status_url
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.hands import press
from tests.e2e.pages import STAFF, business_pages, kinds_of_pages, states_of_pages
from tests.e2e.shop import filled

pytestmark = pytest.mark.django_db(transaction=True)


def named(address):
    return address.strip("/").replace("/", "-").replace("?", "-") or "home"


def walk(window, addresses):
    """Open each page once, see that it fits both sizes, and let axe look at the narrow one."""
    wrong = []
    for address in addresses:
        try:
            window.page.set_viewport_size(DESKTOP)
            window.open(address)
            window.fits(address)
            window.keep(f"{named(address)}-1440")
            window.page.set_viewport_size(PHONE)
            window.look(f"{named(address)}-360")
        except AssertionError as found:
            wrong.append((address, str(found)))
    assert wrong == []


@pytest.mark.full
@pytest.mark.parametrize("pages", [kinds_of_pages, states_of_pages, business_pages])
def test_an_administrator_opens_every_page_in_every_state(world, screen, pages):
    shop = filled(world)
    ada = world.user("ada", role="administrator")
    window = screen("ada").let_in(world.browser(ada))

    walk(window, pages(shop))


@pytest.mark.full
@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_the_pages_of_every_role_fit_its_screens(world, screen, role):
    shop = filled(world)
    user = world.user("kim", role=role, at=["rotterdam"])
    Company.objects.update(sales_rep=user)
    window = screen(role).let_in(world.browser(user))

    for address, permission in (kinds_of_pages(shop) | business_pages(shop)).items():
        if user.is_staff if permission == STAFF else not permission or user.has_perm(permission):
            window.page.set_viewport_size(DESKTOP)
            window.open(address)
            window.fits(address)
            window.page.set_viewport_size(PHONE)
            window.fits(address)


def test_an_empty_shop_says_what_would_be_there_and_what_to_do_next(world, screen):
    ada = world.user("ada", role="administrator")
    window = screen("empty").let_in(world.browser(ada))

    walk(window, ["/", "/orders/", "/inventory/", "/fulfillment/", "/fulfillment/shipments/"])
    walk(window, ["/returns/", "/jobs/", "/find/?q=nothing"])


def test_pages_for_visitors_open_and_fit_a_phone(world, screen):
    shop = filled(world)
    window = screen("visitor")

    walk(window, ["/accounts/login/", "/returns/start/"])
    for state in ("open", "waiting", "shipped", "held", "cancelled", "settled"):
        order = Order.objects.get(number=shop.orders[state])
        window.open(f"/s/{status_url(order).split('/s/', 1)[1]}")
        walk(window, [f"/s/order/{order.number}/"])
    waiting, settled = shop.orders["waiting"], shop.orders["settled"]
    walk(window, [f"/s/order/{waiting}/cancel/", f"/returns/start/{settled}/"])
    walk(window, [f"/returns/start/{settled}/{shop.returns['settled']}/"])


def test_a_wrong_or_changed_link_tells_nothing(world, screen):
    number = world.place("W-1", tea=1).number
    window = screen("stranger")

    for address in ("/s/wrong", f"/s/order/{number}/", f"/returns/start/{number}/"):
        page = window.open(address, 404)
        window.look(named(address).replace(number, "order"))
        assert "Vale" not in page.content()


def test_errors_are_pages_with_a_way_on(world, screen, monkeypatch):
    ada = world.user("ada", role="administrator")
    kim = world.user("kim", role="warehouse")
    window = screen("error").let_in(world.browser(ada))
    counts = "orders.selectors.view_counts"

    window.open("/nowhere/", 404)
    window.look("404")
    monkeypatch.setattr(counts, Mock(side_effect=RuntimeError("broken on purpose")))
    window.open("/orders/", 500)
    window.look("500")
    monkeypatch.setattr(counts, Mock(side_effect=OperationalError("away")))
    window.open("/orders/", 503)
    window.look("503")
    assert [said for said in window.problems if "status of 50" not in said] == []
    window.problems.clear()

    other = screen("refused").let_in(world.browser(kim))
    other.open("/jobs/", 403)
    other.look("403")
    stranger = screen("csrf")
    page = stranger.open("/accounts/login/")
    stranger.context.clear_cookies()
    press(page, "Sign in")
    expect(page.locator("h1")).not_to_have_text("Sign in")
    stranger.look("403")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_gallery_of_components_fits_and_reads_in_both_themes(world, screen, theme):
    ada = world.user("ada", role="administrator")
    User.objects.filter(pk=ada.pk).update(theme=theme)
    window = screen(theme).let_in(world.browser(ada))

    window.open("/components/")
    window.look("gallery-1440")
    window.page.set_viewport_size(PHONE)
    window.look("gallery-360")


def test_the_admin_site_opens(world, screen):
    ada = world.user("ada", role="administrator")
    window = screen("admin").let_in(world.browser(ada))

    page = window.open("/admin/")

    expect(page.get_by_role("link", name="Users")).to_be_visible()
    window.keep("index")


def test_the_api_explains_itself_in_the_browser(world, screen):
    window = screen("api")

    page = window.open("/api/v1/docs/")

    expect(page.get_by_role("heading", name="availability").first).to_be_visible()
    window.keep("docs")
