"""The sales desk in a browser without scripts: lists, documents, verbs, and who may see them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from b2b.models import Buyer, Company, CreditAccount, Invoice, PurchaseOrder, Quote
from b2b.selectors.desk import desk_counts, desk_of
from b2b.services import PlaceOf
from oms.core.models import User
from tests.b2b.conftest import CAFE

pytestmark = pytest.mark.django_db

LISTS = [
    "/b2b/companies/",
    "/b2b/purchase-orders/?view=all",
    "/b2b/quotes/?view=all",
    "/b2b/quote-requests/?view=all",
    "/b2b/invoices/?view=all",
    "/b2b/credit-holds/",
]


@pytest.fixture
def rita(world, office):
    """Rita, who looks after Café Vermeer."""
    user = world.user("rita", role="sales")
    office.company(sales_rep="rita")
    return world.browser(user)


@pytest.fixture
def olga(world):
    return world.browser(world.user("olga", role="operations"))


@pytest.fixture
def fin(world):
    return world.browser(world.user("fin", role="finance"))


def body(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_every_list_and_document_opens_for_whoever_sees_all(world, office, olga):
    office.stock("tea", rotterdam=50)
    office.limit("15.00")
    sold = office.fresh(office.buy(tea=1))
    office.ship(sold.order)
    held = office.fresh(office.buy(tea=2))
    quote = office.quote(tea=3)
    draft = office.draft(source="rep", tea=1)
    [invoice] = office.invoices(sold.order)
    for address in (
        "/b2b/",
        *LISTS,
        "/b2b/price-lists/",
        "/b2b/companies/vermeer/",
        f"/b2b/purchase-orders/{sold.number}/",
        f"/b2b/purchase-orders/{draft.number}/",
        f"/b2b/quotes/{quote.number}/",
        f"/b2b/invoices/{invoice.number}/",
        "/b2b/companies/new/",
        "/b2b/companies/vermeer/change/",
        "/b2b/companies/vermeer/address/",
        "/b2b/companies/vermeer/buyer/",
        "/b2b/companies/vermeer/credit/",
        f"/b2b/credit-holds/{held.order.number}/release/",
        f"/b2b/invoices/{invoice.number}/payment/",
        f"/b2b/invoices/{invoice.number}/credit/",
        f"/b2b/quotes/{quote.number}/accept/",
        f"/b2b/purchase-orders/{sold.number}/cancel/",
        "/b2b/purchase-orders/new/",
        "/b2b/quotes/new/?company=vermeer",
        f"/b2b/purchase-orders/{draft.number}/edit/",
    ):
        body(olga, address)
    assert held.order.number in body(olga, "/b2b/credit-holds/")
    assert invoice.number in body(olga, "/b2b/invoices/")


def test_a_rep_sees_the_accounts_that_are_theirs_and_no_others(world, office, rita):
    office.company("rembrandt", name="Bar Rembrandt")
    mine, other = office.buy(tea=1), office.buy("rembrandt", tea=1)
    quote = office.quote("rembrandt", tea=1)

    found = body(rita, "/b2b/purchase-orders/?view=all")
    assert mine.number in found
    assert other.number not in found
    assert "Bar Rembrandt" not in body(rita, "/b2b/companies/")
    for address in (
        "/b2b/companies/rembrandt/",
        f"/b2b/purchase-orders/{other.number}/",
        f"/b2b/purchase-orders/{other.number}/cancel/",
        f"/b2b/quotes/{quote.number}/",
        f"/b2b/quotes/{quote.number}/accept/",
        "/b2b/purchase-orders/new/?company=rembrandt",
    ):
        body(rita, address, status=404)


def test_whoever_has_no_business_here_is_told_so(world, office):
    office.company()
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))

    for address in ("/b2b/", *LISTS, "/b2b/purchase-orders/new/"):
        body(kim, address, status=403)


def test_a_rep_does_not_release_credit_nor_record_payments(world, office, rita):
    office.limit("5.00")
    held = office.fresh(office.buy(tea=2)).order

    answer = rita.post(f"/b2b/credit-holds/{held.number}/release/", {"reason": "please"})

    assert answer.status_code == 403
    assert office.holds(held) == ["credit"]


def test_finance_releases_an_order_with_a_reason(world, office, fin):
    office.stock("tea", rotterdam=5)
    office.limit("5.00")
    held = office.fresh(office.buy(tea=2)).order
    assert world.available("tea") == {"rotterdam": 5}

    shown = body(fin, f"/b2b/credit-holds/{held.number}/release/")
    assert "€15.00 more than its limit" in shown
    refused = fin.post(f"/b2b/credit-holds/{held.number}/release/", {"reason": ""})
    assert refused.status_code == 422
    assert office.holds(held) == ["credit"]

    done = fin.post(f"/b2b/credit-holds/{held.number}/release/", {"reason": "paid in advance"})
    assert done.status_code == 302
    assert office.holds(held) == []
    assert world.available("tea") == {"rotterdam": 3}
    body(fin, f"/b2b/credit-holds/{held.number}/release/", status=404)


def test_a_company_is_taken_in_with_its_terms(world, office, olga):
    world.user("rita", role="sales")

    refused = olga.post(
        "/b2b/companies/new/", {"code": "no spaces!", "name": "", "currency": "EUR"}
    )
    assert refused.status_code == 422
    assert not Company.objects.exists()

    said = {
        "code": "hotel",
        "name": "Hotel Brun",
        "currency": "EUR",
        "terms_days": "14",
        "sales_rep": "rita",
        "auto_accept": "on",
        "approval_limit_amount": "500",
    }
    done = olga.post("/b2b/companies/new/", said)

    assert done.headers["Location"] == "/b2b/companies/hotel/"
    company = Company.objects.get(code="hotel")
    assert (company.terms_days, company.sales_rep.username) == (14, "rita")
    assert company.approval_limit_amount == Decimal("500")
    again = olga.post("/b2b/companies/new/", said)
    assert again.status_code == 409
    assert "There is a company hotel already." in again.content.decode()

    changed = {**said, "name": "Hotel Brun BV", "terms_days": "30", "is_active": "on"}
    assert olga.post("/b2b/companies/hotel/change/", changed).status_code == 302
    company.refresh_from_db()
    assert (company.name, company.terms_days, company.currency) == ("Hotel Brun BV", 30, "EUR")


def test_a_company_gets_an_address_a_buyer_and_a_limit(world, office, olga):
    office.company()
    world.user("bo")
    place = {"kind": "ship", "label": "Dock 2", "name": "V", "line1": "Kade 1", "city": "Delft"}

    def post(what, **said):
        return olga.post(f"/b2b/companies/vermeer/{what}/", said).status_code

    assert post("address", **place, country="nl") == 422
    assert post("address", **place, country="NL") == 302
    assert post("buyer", user="nobody", role="buyer") == 409
    assert post("buyer", user="bo", role="approver") == 302
    assert post("credit", limit="900", reason="good payer") == 302

    labels = Company.objects.get().addresses.order_by("label").values_list("label", flat=True)
    assert list(labels) == ["Café", "Dock 2"]
    assert Buyer.objects.get().role == "approver"
    assert CreditAccount.objects.get().limit_amount == Decimal("900")


def test_a_quote_goes_from_draft_to_a_revision_to_a_purchase_order(world, office, rita):
    world.sku("tea", price=Decimal("10.00"), currency="EUR")
    office.stock("tea", rotterdam=50)
    sent = {
        "company": "vermeer",
        "step": "submit",
        "sku": ["TEA", ""],
        "quantity": ["20", ""],
        "price": ["9.00", ""],
        "day": ["", ""],
    }

    drafted = rita.post("/b2b/quotes/new/", sent)
    quote = Quote.objects.get()
    assert drafted.headers["Location"] == f"/b2b/quotes/{quote.number}/"
    assert quote.total_amount == Decimal("180.00")

    rita.post(f"/b2b/quotes/{quote.number}/present/", {"valid_until": ""})
    rita.post(f"/b2b/quotes/{quote.number}/revision/", {"reason": "a little less"})
    assert "a little less" in body(rita, f"/b2b/quotes/{quote.number}/")
    rita.post(f"/b2b/quotes/{quote.number}/revise/")
    rita.post("/b2b/quotes/new/", {**sent, "number": quote.number, "price": ["8.60", ""]})
    found = body(rita, f"/b2b/quotes/{quote.number}/")
    assert "was" in found
    assert "Version 2" in found
    rita.post(f"/b2b/quotes/{quote.number}/present/", {"valid_until": ""})
    done = rita.post(f"/b2b/quotes/{quote.number}/accept/", {"units-1": "15", "po_number": "V-7"})

    document = PurchaseOrder.objects.get()
    assert done.headers["Location"] == f"/b2b/purchase-orders/{document.number}/"
    assert (document.po_number, document.total_amount) == ("V-7", Decimal("129.00"))


def test_the_lines_of_a_purchase_order_are_answered_one_by_one(world, office, rita):
    Company.objects.filter(code="vermeer").update(auto_accept=False)
    office.stock("tea", rotterdam=50)
    document = office.buy(tea=10, cup=4)
    answers = {
        "quantity-1": "6",
        "unit_price-1": "10.00",
        "expected_on-1": "2026-12-24",
        "reason-1": "the rest in January",
        "quantity-2": "0",
        "unit_price-2": "10.00",
    }

    address = f"/b2b/purchase-orders/{document.number}/accept/"

    too_many = rita.post(address, {**answers, "quantity-1": "11"})
    assert too_many.status_code == 422
    assert office.fresh(document).order is None

    done = rita.post(address, answers)

    assert done.status_code == 302
    order = office.fresh(document).order
    assert list(order.lines.values_list("sku_code", "quantity")) == [("tea", 6)]
    again = rita.post(address, answers)
    assert again.status_code == 409


def test_a_payment_is_recorded_once_and_never_more_than_is_open(world, office, fin):
    office.stock("tea", rotterdam=5)
    sold = office.fresh(office.buy(tea=2)).order
    office.ship(sold)
    [invoice] = office.invoices(sold)
    address = f"/b2b/invoices/{invoice.number}/payment/"

    assert fin.post(address, {"amount": "21", "reference": "b-1"}).status_code == 409
    assert fin.post(address, {"amount": "5", "reference": "b-1"}).status_code == 302
    assert fin.post(address, {"amount": "5", "reference": "b-1"}).status_code == 302

    invoice = Invoice.objects.get()
    assert (invoice.paid_amount, invoice.open_amount) == (Decimal("5"), Decimal("15"))
    fin.post(address, {"amount": "15", "reference": "b-2"})
    assert Invoice.objects.get().status == "paid"
    assert "Nothing is open" in body(fin, "/b2b/companies/vermeer/")


def test_the_invoice_is_handed_out_once_it_is_drawn(world, office, fin):
    office.stock("tea", rotterdam=5)
    sold = office.fresh(office.buy(tea=2)).order
    office.ship(sold)
    [invoice] = office.invoices(sold)

    assert "Ready in a moment" in body(fin, f"/b2b/invoices/{invoice.number}/file.pdf", status=503)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_queries_for_one_row_and_for_three(world, office, olga, address):
    def more(name):
        office.company(name, name=name.capitalize())
        office.limit("25.00", company=name)
        office.stock("tea", rotterdam=20)
        sold = office.fresh(office.buy(name, tea=1))
        office.ship(sold.order)
        office.buy(name, tea=2)
        office.quote(name, tea=1)

    more("one")
    olga.get(address)
    with CaptureQueriesContext(
        connection,
    ) as single:
        olga.get(address)
    for name in ("two", "three"):
        more(name)
    with CaptureQueriesContext(connection) as several:
        found = olga.get(address)
    assert found.status_code == 200
    assert len(several) == len(single)


def test_a_place_of_the_company_stays_when_it_is_changed(world, office, olga):
    office.company()
    said = {
        "kind": "ship",
        "label": "Café",
        "name": "Vermeer",
        "line1": "Markt 1",
        "city": "Delft",
        "country": "NL",
    }

    olga.post("/b2b/companies/vermeer/address/", said)

    [place] = Company.objects.get().addresses.all()
    assert place.address.line1 == "Markt 1"
    assert PlaceOf("ship", "Café", CAFE).address != place.address


def test_home_counts_what_the_desk_lists_in_one_query(office, django_assert_num_queries):
    office.stock("tea", rotterdam=50)
    office.limit("15.00")
    office.fresh(office.buy(tea=1))
    office.fresh(office.buy(tea=2))
    office.quote(tea=3)
    root = User.objects.create_superuser("root")
    today = timezone.localdate()

    with django_assert_num_queries(1):
        counts = desk_counts(root, today)

    assert counts == desk_of(root, today).counts
    assert counts["holds"] == 1


def test_an_order_says_whose_purchase_order_it_was_to_those_who_look_after_the_company(
    world, office
):
    rita = world.user("rita", role="sales")
    office.company(sales_rep="rita")
    office.stock("tea", rotterdam=9)
    document = office.draft(fields={"po_number": "CV-7"}, tea=2)
    order = office.ship(office.submit(document).order)
    page = f"/orders/{order.number}/"

    told = world.browser(rita).get(page).content.decode()
    other = world.browser(world.user("otto", role="sales")).get(page).content.decode()

    assert f'href="/b2b/purchase-orders/{document.number}/"' in told
    assert "Their number CV-7" in told
    assert 'href="/b2b/invoices/INV-1001/"' in told
    assert "h-business" not in other
