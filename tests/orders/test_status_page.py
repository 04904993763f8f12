"""The customer's page: who is let in, what it tells, and what it never shows."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from orders import selectors, services
from orders.models import Order, OrderLine

PRIVATE = ("Quillfeather", "Molenstraat", "robin.q@example.com", "+32470", "2000")


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=1)
    return world.place(
        "W-58213",
        tea=2,
        paid=True,
        fields={
            "customer": {
                "name": "Robin Quillfeather",
                "email": "robin.q@example.com",
                "phone": "+32470111222",
            },
            "shipping_address": {
                "name": "Robin Quillfeather",
                "line1": "Molenstraat 27",
                "city": "Antwerp",
                "postal_code": "2000",
                "country": "BE",
            },
        },
    )


def path(order):
    return selectors.status_url(order).removeprefix("http://localhost:8000")


@pytest.fixture
def customer(order):
    browser = Client()
    browser.get(path(order))
    return browser


def text(response):
    return response.content.decode()


# ── Being let in ────────────────────────────────────────────────────────────────────────────


def test_a_link_lets_in_and_leads_to_an_address_without_a_secret(order):
    browser = Client()

    response = browser.get(path(order))

    assert response.status_code == 302
    assert response["Location"] == f"/s/order/{order.number}/"
    cookie = response.cookies["oms_status"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/s/")
    assert browser.session["status_links"] == {order.number: 1}
    assert browser.get("/s/")["Location"] == f"/s/order/{order.number}/"


def test_no_page_is_kept_told_on_or_found(order, customer):
    for address in (path(order), "/s/", f"/s/order/{order.number}/", "/s/nonsense"):
        response = customer.get(address)
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"


def test_the_link_can_be_derived_again_and_is_the_same(order):
    assert selectors.status_url(order) == selectors.status_url(Order.objects.get(pk=order.pk))


def test_a_link_signed_with_an_older_key_still_opens(order, settings):
    old = path(order)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one, made in the meantime"  # noqa: S105

    assert Client().get(old).status_code == 302
    assert path(order) != old


def test_everything_that_is_no_open_link_gets_one_identical_answer(world, order):
    other = world.place("W-2", tea=1)
    revoked = path(order)
    services.revoke_status_link(number=order.number, by=SYSTEM)
    forged = Signer(key="not ours", salt="oms.link.order status", sep=".").sign("1-1")
    addresses = [
        revoked,
        path(order)[:-1] + "A",
        "/s/" + forged,
        "/s/" + order.number,
        "/s/" + order.external_id,
        f"/s/order/{order.number}/",
        f"/s/order/{other.number}/",
        "/s/order/SO-1/",
        f"/s/order/{order.number}/cancel/",
        f"/s/order/{order.number}/return/",
        "/s/",
    ]

    answers = {text(Client().get(address)) for address in addresses}

    assert len(answers) == 1
    assert {Client().get(address).status_code for address in addresses} == {404}
    assert "This link does not open an order" in answers.pop()


def test_revoking_also_closes_the_page_to_those_let_in_before(order, customer):
    services.revoke_status_link(number=order.number, by=SYSTEM)

    assert customer.get(f"/s/order/{order.number}/").status_code == 404
    assert customer.get(f"/s/order/{order.number}/live/").status_code == 286
    assert customer.get(path(Order.objects.get(pk=order.pk))).status_code == 302


def test_a_cookie_changed_by_hand_lets_nobody_in(world, order, customer):
    other = world.place("W-2", tea=1)
    kept = customer.cookies["oms_status"].value
    customer.cookies["oms_status"] = kept.replace(order.number, other.number)

    assert customer.get(f"/s/order/{other.number}/").status_code == 404


def test_one_browser_may_follow_several_orders(world, order, customer):
    other = world.place("W-2", tea=1)

    customer.get(path(other))

    assert customer.get(f"/s/order/{order.number}/").status_code == 200
    assert customer.get(f"/s/order/{other.number}/").status_code == 200


def test_the_page_closes_ninety_days_after_the_order_ended(order, customer, monkeypatch):
    services.cancel_order(number=order.number, reason="", by=SYSTEM)
    ended = EventRecord.objects.get(name="order.cancelled").happened_at

    monkeypatch.setattr(timezone, "now", lambda: ended + timedelta(days=89))
    assert customer.get(f"/s/order/{order.number}/").status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: ended + timedelta(days=91))
    assert customer.get(f"/s/order/{order.number}/").status_code == 404
    assert Client().get(path(order)).status_code == 404


# ── What it tells ───────────────────────────────────────────────────────────────────────────


def test_one_heading_tells_the_whole_order(order, customer):
    page = text(customer.get(f"/s/order/{order.number}/"))

    assert page.count("<h1") == 1
    assert "<h1>1 is being packed and 1 waits for stock</h1>" in page
    assert "Everything is paid for." in page
    assert "It goes to Antwerp." in page
    assert "Order W-58213" in page


@pytest.mark.parametrize(
    ("counters", "heading"),
    [
        ({}, "We are packing it"),
        ({"picked": 3, "packed": 3, "shipped": 3}, "Everything is on its way"),
        (
            {"picked": 3, "packed": 3, "shipped": 3, "delivered": 3},
            "Everything has arrived",
        ),
        (
            {"picked": 2, "packed": 2, "shipped": 2, "delivered": 1},
            "1 thing is here, 1 is on its way and 1 is being packed",
        ),
        (
            {"picked": 3, "packed": 3, "shipped": 2, "delivered": 2},
            "2 things are here and 1 is being packed",
        ),
    ],
)
def test_the_heading_follows_the_units(world, counters, heading):
    world.stock("tea", rotterdam=3)
    order = world.place("W-1", tea=3)
    OrderLine.objects.filter(order=order).update(**counters)
    browser = Client()

    page = text(browser.get(path(order), follow=True))

    assert f"<h1>{heading}</h1>" in page


def test_what_needs_the_customer_stands_first_and_no_hold_is_named(order, customer):
    services.hold_order(number=order.number, kind="fraud", reason="Stolen card?", by=SYSTEM)
    services.hold_order(number=order.number, kind="address", reason="Ugly house", by=SYSTEM)

    page = text(customer.get(f"/s/order/{order.number}/"))

    assert page.index("We need to check your address") < page.index("We are checking your order")
    for words in ("fraud", "Fraud", "Stolen", "Ugly", "hold"):
        assert words not in page


def test_nothing_personal_and_nothing_internal_is_shown(order, customer):
    pages = [
        text(customer.get(f"/s/order/{order.number}/{part}")) for part in ("", "live/", "cancel/")
    ]

    for page in pages:
        for private in (*PRIVATE, "rotterdam", "Rotterdam", "FO-", "SKU"):
            assert private not in page


def test_the_part_that_changes_is_asked_for_by_itself(order, customer):
    page = text(customer.get(f"/s/order/{order.number}/"))
    part = text(customer.get(f"/s/order/{order.number}/live/"))

    assert f'hx-get="/s/order/{order.number}/live/" hx-trigger="every 10s"' in page
    assert "<html" not in part
    assert "<h1>1 is being packed and 1 waits for stock</h1>" in part


def test_the_page_costs_the_same_for_one_line_and_for_three(world):
    costs = []
    for units in ({"tea": 1}, {"tea": 1, "pot": 1, "cup": 1}):
        order = world.place(**units)
        browser = Client()
        browser.get(path(order))
        with CaptureQueriesContext(connection) as caught:
            browser.get(f"/s/order/{order.number}/")
        costs.append(len(caught))

    assert costs[0] == costs[1]
    assert costs[0] <= 9


# ── What it lets do ─────────────────────────────────────────────────────────────────────────


def test_a_customer_cancels_what_is_not_in_a_box(order, customer):
    page = text(customer.get(f"/s/order/{order.number}/cancel/"))
    response = customer.post(f"/s/order/{order.number}/cancel/", {"line-1": "1"}, follow=True)

    assert "up to 2" in page
    assert "What you chose is cancelled." in text(response)
    assert order.lines.get().cancelled == 1
    told = EventRecord.objects.get(name="order.cancelled")
    assert told.actor == f"customer:{order.number}"


def test_what_was_packed_meanwhile_is_refused_in_plain_words(order, customer):
    OrderLine.objects.filter(order=order).update(allocated=2, backordered=0, picked=2, packed=2)

    page = text(customer.get(f"/s/order/{order.number}/"))
    response = customer.post(f"/s/order/{order.number}/cancel/", {"line-1": "1"})

    assert "Cancel something…" not in page
    assert response.status_code == 422
    assert "Everything is packed by now." in text(response)
    assert order.lines.get().cancelled == 0


def test_only_units_that_left_can_be_returned(order, customer):
    before = text(customer.get(f"/s/order/{order.number}/"))
    OrderLine.objects.filter(order=order).update(
        allocated=2, backordered=0, picked=2, packed=2, shipped=2, delivered=2
    )
    after = text(customer.get(f"/s/order/{order.number}/"))
    response = customer.get(f"/s/order/{order.number}/return/")

    assert "Return something…" not in before
    assert "Return something…" in after
    assert response["Location"] == f"/returns/start/?order={order.number}"
    assert customer.session["status_links"] == {order.number: 1}
