"""Every page for every role: it opens or says that it is not for them, and it fits a phone."""

from unittest.mock import Mock

import pytest
from django.db import OperationalError
from playwright.sync_api import expect

from oms.roles import ROLES
from orders.models import Order
from orders.selectors import status_url
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.hands import press
from tests.e2e.shop import LED, filled

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = "staff"
DOCUMENT, WORK, RETURN = "/orders/{}/", "/fulfillment/{}/", "/returns/{}/"


def kinds_of_pages(shop):
    """Each kind of page once, with the permission it asks for."""
    orders, works, returns = shop.orders, shop.works, shop.returns
    see_work, see_stock = "fulfillment.view_fulfillmentorder", "inventory.view_stocklevel"
    approve, give = "returns.approve_returnauthorization", "fulfillment.release_fulfillmentorder"
    return {
        "/": "",
        "/find/?q=vale": "",
        "/preferences/": "",
        "/jobs/": "core.settle_job",
        "/inbox/": "",
        "/messages/": "messaging.view_message",
        "/automation/": "messaging.view_message",
        "/messages/letters/": "messaging.edit_letters",
        "/messages/letters/order.shipped/": "messaging.edit_letters",
        "/components/": STAFF,
        "/orders/": "orders.view_order",
        "/orders/new/": "orders.place_order",
        DOCUMENT.format(orders["waiting"]): "orders.view_order",
        DOCUMENT.format(orders["open"]) + "cancel/": "orders.cancel_order",
        DOCUMENT.format(orders["open"]) + "hold/": "orders.hold_order",
        DOCUMENT.format(orders["open"]) + "note/": "orders.hold_order",
        DOCUMENT.format(orders["held"]) + "release/fraud/": "orders.release_fraud_hold",
        "/inventory/": see_stock,
        "/inventory/tea/": see_stock,
        "/inventory/tea/adjust/": "inventory.move_stock",
        "/inventory/tea/receive/": "inventory.move_stock",
        "/inventory/tea/reorder/": "inventory.plan_replenishmentorder",
        "/supply/": "inventory.view_replenishmentorder",
        "/supply/shortages/": "inventory.view_replenishmentorder",
        "/supply/suppliers/": "inventory.view_supplier",
        "/supply/suppliers/new/": "inventory.change_supplier",
        "/fulfillment/": see_work,
        "/fulfillment/shipments/": "fulfillment.view_shipment",
        f"/fulfillment/shipments/{shop.shipments['delivered']}/": "fulfillment.view_shipment",
        WORK.format(works["open"]): see_work,
        WORK.format(works["open"]) + "hold/": give,
        WORK.format(works["open"]) + "split/": give,
        WORK.format(works["open"]) + "move/": "fulfillment.reject_fulfillmentorder",
        WORK.format(works["open"]) + "reject/": "fulfillment.reject_fulfillmentorder",
        WORK.format(works["released"]) + "pick/": "fulfillment.pick_fulfillmentorder",
        WORK.format(works["picking"]) + "pick/short/": "fulfillment.pick_fulfillmentorder",
        WORK.format(works["picked"]) + "pack/": "fulfillment.pack_fulfillmentorder",
        WORK.format(works["packed"]) + "ship/": "fulfillment.ship_fulfillmentorder",
        "/fulfillment/pickups/": see_work,
        "/fulfillment/services/": see_work,
        "/fulfillment/services/new/": "fulfillment.change_carriage",
        "/fulfillment/rates/": "fulfillment.change_carriage",
        "/fulfillment/boxes/new/": "fulfillment.change_carriage",
        "/returns/": "returns.view_returnauthorization",
        "/returns/new/": "returns.request_returnauthorization",
        f"/returns/new/?order={orders['delivered']}": "returns.request_returnauthorization",
        RETURN.format(returns["requested"]): "returns.view_returnauthorization",
        RETURN.format(returns["requested"]) + "approve/": approve,
        RETURN.format(returns["requested"]) + "decline/": approve,
        RETURN.format(returns["approved"]) + "cancel/": approve,
        RETURN.format(returns["approved"]) + "receive/": "returns.receive_returnauthorization",
        RETURN.format(returns["received"]) + "inspect/": "returns.inspect_returnauthorization",
        RETURN.format(returns["inspected"]) + "settle/": "returns.settle_returnauthorization",
    }


def states_of_pages(shop):
    """The pages that look otherwise in another state."""
    views = ("waiting", "held", "refunding", "completed", "cancelled", "all")
    steps = ("release", "pick", "picking", "pack", "ship", "shipped", "hold")
    desks = ("requested", "inspect", "settle", "all")
    return [
        *(f"/orders/?view={view}" for view in views),
        "/orders/?search=nobody",
        *(f"/fulfillment/?step={step}" for step in steps),
        *(f"/returns/?view={desk}" for desk in desks),
        "/jobs/?state=waiting",
        *(DOCUMENT.format(shop.orders[state]) for state in (*LED, "held", "cancelled", "settled")),
        *(WORK.format(shop.works[state]) for state in (*LED, "held")),
        *(RETURN.format(number) for number in shop.returns.values()),
    ]


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


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_pages_open_for_those_whose_work_they_are_and_for_no_one_else(world, screen, role):
    shop = filled(world)
    user = world.user("kim", role=role, at=["rotterdam"])
    window = screen(role).let_in(world.browser(user))

    for address, permission in kinds_of_pages(shop).items():
        allowed = user.is_staff if permission == STAFF else user.has_perm(permission)
        if permission and not allowed:
            assert window.context.request.get(address).status == 403, address
            continue
        window.page.set_viewport_size(DESKTOP)
        page = window.open(address)
        assert page.locator("h1").count() == 1, address
        window.fits(address)
        window.page.set_viewport_size(PHONE)
        window.fits(address)


@pytest.mark.parametrize("pages", [kinds_of_pages, states_of_pages])
def test_an_administrator_opens_every_page_in_every_state(world, screen, pages):
    shop = filled(world)
    ada = world.user("ada", role="administrator")
    window = screen("ada").let_in(world.browser(ada))

    walk(window, pages(shop))


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


def test_the_admin_site_opens(world, screen):
    ada = world.user("ada", role="administrator")
    window = screen("admin").let_in(world.browser(ada))

    page = window.open("/admin/")

    expect(page.get_by_role("link", name="Users")).to_be_visible()
    window.keep("index")


def test_the_api_explains_itself_in_the_browser(world, screen):
    window = screen("api")

    page = window.open("/api/v1/docs/")

    expect(page.get_by_role("heading", name="orders").first).to_be_visible()
    window.keep("docs")
