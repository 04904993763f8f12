"""The portal without scripts: what a buyer approves, follows, pays and is offered."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from b2b import services
from b2b.models import Buyer, PurchaseOrder
from b2b.services import LineWish
from tests.b2b.conftest import REP
from tests.b2b.portal_pages import HOME, body, grid, hand_in, only_draft, words
from tests.b2b.portal_pages import bo as bo

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(world, office):
    return world.browser(office.buyer("ada", role="admin").user)


@pytest.mark.parametrize("page", ["", "orders/?view=all", "invoices/?view=all", "quotes/?view=all"])
def test_pages_cost_the_same_for_three_documents_as_for_one(world, office, bo, page):
    counts = []
    office.stock("tea", rotterdam=90)
    for more in (1, 2):
        for _ in range(more):
            document = office.fresh(office.buy(tea=1))
            office.ship(document.order)
            office.buy(cup=1)
            office.quote(tea=3)
        bo.get(HOME + page)
        with CaptureQueriesContext(connection) as asked:
            assert bo.get(HOME + page).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 18


# ── Limits, approval, credit ────────────────────────────────────────────────────────────────


def test_over_the_spending_limit_somebody_else_agrees_and_never_whoever_asked(world, office, ada):
    world.sku("TEA-01", price=Decimal("10.00"), currency="EUR")
    cy = office.buyer("cy", role="approver", limit="40")
    his = world.browser(cy.user)
    his.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
    draft = only_draft()
    assert "Needs approval" in body(his, f"{HOME}order/{draft.number}/review/")

    hand_in(his, draft)

    draft.refresh_from_db()
    assert draft.status == "pending_approval"
    assert his.post(f"{HOME}orders/{draft.number}/approve/").status_code == 404
    assert draft.number in body(ada, HOME)
    assert draft.number not in body(his, HOME).split("Under way")[0]
    ada.post(f"{HOME}orders/{draft.number}/approve/")
    draft.refresh_from_db()
    assert (draft.status, draft.approved_by) == ("accepted", "user:ada")


def test_what_was_turned_down_says_why_and_is_handed_in_again(world, office, ada):
    world.sku("TEA-01", price=Decimal("10.00"), currency="EUR")
    bo = world.browser(office.buyer("bo", limit="40").user)
    bo.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
    draft = only_draft()
    hand_in(bo, draft)
    ada.post(f"{HOME}orders/{draft.number}/turn-down/", {"reason": "Too much tea"})
    assert "Too much tea" in body(bo, f"{HOME}orders/{draft.number}/")

    bo.post(f"{HOME}order/", grid(("TEA-01", "4"), step="keep", number=draft.number))
    hand_in(bo, draft)

    draft.refresh_from_db()
    assert (draft.status, draft.total_amount) == ("accepted", Decimal("40"))


def test_more_than_the_credit_is_said_before_and_held_after(office, bo):
    office.limit("20.00")
    bo.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
    draft = only_draft()
    assert "More than your credit" in body(bo, f"{HOME}order/{draft.number}/review/")

    hand_in(bo, draft)

    draft.refresh_from_db()
    assert office.holds(draft.order) == ["credit"]
    for page in (HOME, f"{HOME}orders/", f"{HOME}orders/{draft.number}/"):
        assert "On hold for credit" in body(bo, page)
    assert "5 on hold" in body(bo, page)


def test_what_waits_for_us_says_why(office, bo):
    services.change_company(
        code="vermeer", changes={"auto_accept": False}, by=REP, at=timezone.now()
    )
    bo.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
    draft = only_draft()
    hand_in(bo, draft)
    told = body(bo, f"{HOME}orders/{draft.number}/")
    assert "We look at it" in told
    assert "looks at every order" in told


def test_an_order_is_called_off_by_whose_it_is_or_who_approves(world, office, bo, ada):
    cy = world.browser(office.buyer("cy").user)
    services.change_company(
        code="vermeer", changes={"auto_accept": False}, by=REP, at=timezone.now()
    )
    bo.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
    draft = only_draft()
    hand_in(bo, draft)
    assert cy.post(f"{HOME}orders/{draft.number}/cancel/", {"reason": "x"}).status_code == 404
    assert bo.post(f"{HOME}orders/{draft.number}/cancel/", {}).status_code == 422

    ada.post(f"{HOME}orders/{draft.number}/cancel/", {"reason": "Closed for winter"})

    draft.refresh_from_db()
    assert draft.status == "cancelled"
    assert "Closed for winter" in body(bo, f"{HOME}orders/{draft.number}/")


# ── Where it is, and what is owed ───────────────────────────────────────────────────────────


def test_each_line_says_where_it_is_in_plain_words(world, office, bo):
    world.stock("TEA-01", rotterdam=3)
    document = office.fresh(office.buy(**{"TEA-01": 5}))
    told = body(bo, f"{HOME}orders/{document.number}/")
    assert "3 being prepared" in told
    assert "2 waiting for stock" in told

    office.ship(document.order)
    told = body(bo, f"{HOME}orders/{document.number}/")
    assert "3 on the way" in told
    assert "T-FO" in told


def test_an_invoice_says_what_to_name_and_its_paper_comes_when_it_is_made(world, office, bo):
    world.stock("TEA-01", rotterdam=5)
    document = office.fresh(office.buy(**{"TEA-01": 5}))
    office.ship(document.order)
    [invoice] = office.invoices(document.order)

    assert invoice.number in body(bo, f"{HOME}invoices/")
    assert "€50.00" in body(bo, HOME)
    assert "Name this with your payment" in body(bo, f"{HOME}invoices/{invoice.number}/")
    assert "is being made" in body(bo, f"{HOME}invoices/{invoice.number}/file.pdf", status=503)
    invoice.file.save("x.pdf", SimpleUploadedFile("x.pdf", b"%PDF-1.7"))
    paper = bo.get(f"{HOME}invoices/{invoice.number}/file.pdf")
    assert b"".join(paper.streaming_content) == b"%PDF-1.7"
    office.pay(invoice)
    assert invoice.number in body(bo, f"{HOME}invoices/?view=paid")
    assert "Name this" not in body(bo, f"{HOME}invoices/{invoice.number}/")


# ── Quotes ──────────────────────────────────────────────────────────────────────────────────


def test_a_quote_is_asked_for_with_hopes_and_withdrawn(office, bo):
    rows = grid(("TEA-01", "100"), step="submit", note="For the opening")
    asked = bo.post(f"{HOME}quotes/ask/", {**rows, "price": ["7.50"]})

    page = asked.headers["Location"]
    told = body(bo, page)
    assert "7.50" in told
    assert "For the opening" in told
    bo.post(f"{page}withdraw/")
    assert "Withdrawn" in body(bo, page)
    assert bo.post(f"{page}withdraw/").status_code == 404


def test_an_offer_is_taken_in_part_and_becomes_an_order_at_its_prices(world, office, bo):
    quote = office.quote(price="9.00", tea=24, cup=6)
    page = f"{HOME}quotes/{quote.number}/"
    assert quote.number in body(bo, HOME)
    assert "9.00" in body(bo, page)

    more = {"units-1": "25", "units-2": "0", "ship_to": "Café", "version": "1"}
    assert bo.post(f"{page}accept/", more).status_code == 422
    done = bo.post(f"{page}accept/", {**more, "units-1": "20", "po_number": "V-7"})

    document = PurchaseOrder.objects.get()
    assert done.headers["Location"] == f"{HOME}orders/{document.number}/"
    assert (document.status, document.total_amount) == ("accepted", Decimal("180"))
    assert (document.buyer.user.username, document.po_number) == ("bo", "V-7")


def test_changes_are_asked_for_and_a_draft_of_ours_is_not_shown(office, bo):
    quote = office.quote(price="9.00", tea=24)
    page = f"{HOME}quotes/{quote.number}/"
    bo.post(f"{page}otherwise/", {"reason": "8.80 and we take it"})
    assert "8.80 and we take it" in body(bo, page)
    services.revise_quote(number=quote.number, by=REP, at=timezone.now())
    services.draft_quote(
        company="vermeer",
        lines=[LineWish("tea", 24, Decimal("1.23"))],
        number=quote.number,
        by=REP,
        at=timezone.now(),
    )

    for address in (page, f"{HOME}quotes/?view=all"):
        told = body(bo, address)
        assert "1.23" not in told
        assert "29.52" not in told
        assert "€216.00" in told or "216.00" in told
    assert bo.get(f"{page}accept/").status_code == 404


def test_what_was_on_the_page_is_accepted_and_nothing_newer(office, bo):
    quote = office.quote(price="9.00", tea=24)
    services.request_revision(number=quote.number, reason="More", by=REP, at=timezone.now())
    services.revise_quote(number=quote.number, by=REP, at=timezone.now())
    services.present_quote(number=quote.number, by=REP, at=timezone.now())

    late = {"units-1": "24", "ship_to": "Café", "version": "1"}
    answer = bo.post(f"{HOME}quotes/{quote.number}/accept/", late)

    assert answer.status_code == 409
    assert "version 1 is no longer on offer" in words(answer)
    assert not PurchaseOrder.objects.exists()


def test_an_offer_whose_last_day_passed_is_over(office, bo):
    quote = office.quote(price="9.00", tea=24)
    quote.__class__.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    page = f"{HOME}quotes/{quote.number}/"
    assert "This offer is over" in body(bo, page)
    assert bo.get(f"{page}accept/").status_code == 404


def test_an_offer_is_declined(office, bo):
    quote = office.quote(price="9.00", tea=24)
    bo.post(f"{HOME}quotes/{quote.number}/decline/", {"reason": "Found cheaper"})
    quote.refresh_from_db()
    assert (quote.status, quote.reason) == ("lost", "Found cheaper")


# ── People ──────────────────────────────────────────────────────────────────────────────────


def test_people_are_looked_after_by_the_companys_administrators_alone(office, bo, ada):
    assert "ada" in body(ada, f"{HOME}people/")
    for page in ("people/", "people/invite/", "people/ada/"):
        body(bo, HOME + page, status=404)
    body(ada, f"{HOME}people/ada/", status=404)

    said = {"role": "approver", "spending_limit": "250.00", "is_active": "on"}
    ada.post(f"{HOME}people/bo/", said)
    buyer = Buyer.objects.get(user__username="bo")
    assert (buyer.role, buyer.spending_limit_amount) == ("approver", Decimal("250"))

    ada.post(f"{HOME}people/bo/", {"role": "buyer"})
    body(bo, HOME, status=404)
