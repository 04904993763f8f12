"""Who gets into the portal, and that nobody finds anything of another company in it."""

from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from b2b import letters, services
from b2b.models import Buyer, Company
from b2b.portal_urls import urlpatterns
from b2b.services import LineWish
from oms.core.jobs import drain
from oms.core.models import User
from tests.architecture.test_urls import PAGES, concrete, is_public
from tests.b2b.conftest import REP

pytestmark = pytest.mark.django_db
HOME = "/b2b/portal/"
NOT_NOW = {"orders-approve", "orders-turn-down", "orders-cancel", "people-one", "people-remind"}
"""What the owners could not do either, as their documents stand."""
OPEN_TO_ALL = {"core:preferences", "core:home"}


@pytest.fixture
def bo(world, office):
    return world.browser(office.buyer("bo").user)


@pytest.fixture
def ada(world, office):
    return world.browser(office.buyer("ada", role="admin").user)


def told(browser, address):
    """What both ways of asking are answered."""
    return {browser.get(address).status_code, browser.post(address).status_code}


def test_a_buyer_signs_in_and_is_at_home_in_the_portal(world, office):
    office.buyer("bo")
    browser = Client()

    said = {"username": "bo", "password": "correct horse battery"}
    after = browser.post("/accounts/login/", said, follow=True)

    assert after.redirect_chain[-1] == (HOME, 302)
    page = after.content.decode()
    assert "Café Vermeer BV" in page
    assert "o-side" not in page
    assert page.count("<h1") == 1


def test_a_colleague_is_at_home_with_us_and_finds_no_portal(world, office):
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))
    root = world.browser(User.objects.create_superuser("root"))
    for browser in (kim, root):
        assert browser.get("/").status_code == 200
        assert browser.get(HOME).status_code == 404


def test_every_page_is_shut_to_strangers_and_colleagues(world):
    olga = world.browser(world.user("olga", role="operations"))
    for pattern in urlpatterns:
        address = HOME + concrete(str(pattern.pattern))
        assert Client().get(address).headers["Location"].startswith("/accounts/login/")
        assert olga.get(address).status_code in {404, 405}, address


def test_our_pages_refuse_buyers_in_the_look_of_their_own(bo):
    for route, name in (each.values for each in PAGES):
        address = "/" + concrete(route)
        if is_public(name, route) or name in OPEN_TO_ALL or name.startswith("buying:"):
            continue
        assert bo.get(address).status_code in {403, 404, 405}, address
    assert get_resolver().resolve("/b2b/").url_name == "desk"
    refused = bo.get("/b2b/").content.decode()
    assert "o-side" not in refused
    assert "Sign out" in refused
    assert "o-side" not in bo.get("/preferences/").content.decode()


@pytest.fixture
def theirs(world, office):
    """One of everything of Bar Rembrandt."""
    office.stock("tea", rotterdam=9)
    office.company("rembrandt", name="Bar Rembrandt")
    buyer = office.buyer("rem", "rembrandt", role="admin")
    sold = office.fresh(office.buy("rembrandt", tea=1))
    office.ship(sold.order)
    [invoice] = office.invoices(sold.order)
    draft = services.save_purchase_order(
        company="rembrandt",
        lines=[LineWish("tea", 1)],
        source="portal",
        buyer=buyer,
        by=REP,
        at=timezone.now(),
    )
    asked = services.request_quote(
        company="rembrandt", lines=[LineWish("tea", 1)], by=REP, at=timezone.now()
    )
    quote = office.quote("rembrandt", tea=1)
    return {
        "order-": draft.number,
        "orders-": sold.number,
        "invoices-": invoice.number,
        "quotes-request": asked.number,
        "quotes-withdraw": asked.number,
        "quotes-": quote.number,
        "people-": "rem",
    }


def test_what_belongs_to_another_company_is_not_there(world, office, ada, theirs):
    rem = world.browser(User.objects.get(username="rem"))
    walked = 0
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if "<" not in route:
            continue
        known = [number for name, number in theirs.items() if pattern.name.startswith(name)]
        address = HOME + route.partition("<")[0] + known[0] + route.partition(">")[2]
        assert told(ada, address) <= {404, 405}, address
        if pattern.name not in NOT_NOW:
            assert rem.get(address).status_code in {200, 302, 405, 503}, address
        walked += 1
    assert walked == 17
    for page in ("", "orders/?view=all", "invoices/?view=all", "quotes/?view=all", "people/"):
        seen = ada.get(HOME + page).content.decode()
        assert not [number for number in theirs.values() if number in seen]
    asked = {"sku": ["tea"], "quantity": ["1"], "step": "keep", "number": theirs["order-"]}
    assert ada.post(f"{HOME}order/", asked).status_code == 404
    assert ada.post(f"{HOME}order/catalog/", asked).status_code == 404


def test_a_colleague_who_buys_as_well_sees_one_company_in_the_portal(world, office, theirs):
    office.company()
    fin = world.user("fin", role="finance")
    services.add_buyer(
        company="vermeer", user="fin", role="admin", spending_limit=None, by=REP, at=timezone.now()
    )
    browser = world.browser(fin)

    assert browser.get("/").status_code == 200
    assert browser.get(f"/b2b/invoices/{theirs['invoices-']}/").status_code == 200
    for page in ("", "orders/?view=all", "invoices/?view=all", "quotes/?view=all", "people/"):
        seen = browser.get(HOME + page).content.decode()
        assert not [number for number in theirs.values() if number in seen]
    for page in ("orders", "invoices", "quotes"):
        assert browser.get(f"{HOME}{page}/{theirs[page + '-']}/").status_code == 404


def test_a_draft_is_its_writers_alone(world, office, ada):
    bo = office.buyer("bo")
    draft = office.draft(source="portal", fields={"buyer": bo}, tea=1)
    assert told(ada, f"{HOME}orders/{draft.number}/") <= {404, 405}
    assert told(ada, f"{HOME}order/{draft.number}/review/") == {404}
    assert draft.number not in ada.get(f"{HOME}orders/?view=all").content.decode()
    assert draft.number in world.browser(bo.user).get(HOME).content.decode()


def test_whoever_may_buy_no_more_is_out_at_once(office, bo):
    assert bo.get(HOME).status_code == 200
    services.change_buyer(user="bo", is_active=False, by=REP, at=timezone.now())
    assert bo.get(HOME).status_code == 404
    services.change_buyer(user="bo", is_active=True, by=REP, at=timezone.now())
    services.change_company(code="vermeer", changes={"is_active": False}, by=REP, at=timezone.now())
    assert bo.get(HOME).status_code == 404


def test_somebody_who_is_invited_chooses_a_password_once(world, office, ada):
    said = {
        "name": "Cy Twombly",
        "email": "Cy@cafe.example",
        "role": "buyer",
        "spending_limit": "9",
    }
    ada.post(f"{HOME}people/invite/", said)
    buyer = Buyer.objects.get(user__username="cy@cafe.example")
    assert (buyer.company.code, buyer.spending_limit_amount) == ("vermeer", Decimal("9"))
    assert ada.post(f"{HOME}people/invite/", said).status_code == 409
    ada.post(f"{HOME}people/cy@cafe.example/remind/")
    assert drain("mail") == 2

    [first, _second] = [each.body for each in mail.outbox]
    [link] = [word for word in first.split() if "/accounts/reset/" in word]
    browser = Client()
    page = browser.get("/accounts/" + link.partition("/accounts/")[2], follow=True)
    secret = {"new_password1": "correct horse battery", "new_password2": "correct horse battery"}
    done = browser.post(page.redirect_chain[-1][0], secret, follow=True)
    assert "Your password is kept" in done.content.decode()
    again = browser.get("/accounts/" + link.partition("/accounts/")[2], follow=True)
    assert "This link opens no more" in again.content.decode()
    assert browser.login(username="cy@cafe.example", password="correct horse battery")
    assert browser.get(HOME).status_code == 200
    assert letters.buyer_invited(user="cy@cafe.example") is None
    assert ada.post(f"{HOME}people/cy@cafe.example/remind/").status_code == 404


def test_nobody_changes_their_own_rights_nor_invites_for_another_company(office, ada):
    office.company("rembrandt", name="Bar Rembrandt")
    assert told(ada, f"{HOME}people/ada/") == {404}
    said = {"name": "Cy", "email": "cy@cafe.example", "role": "buyer", "company": "rembrandt"}
    ada.post(f"{HOME}people/invite/", said)
    assert Company.objects.get(buyers__user__username="cy@cafe.example").code == "vermeer"
