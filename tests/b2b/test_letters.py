"""What companies and colleagues are told, in words that are filled in; and when nothing is said."""

from decimal import Decimal

import pytest
from django.utils import timezone

from b2b import letters, services
from oms.messaging.letters import words_of_file
from oms.messaging.letters.writing import check_words, filled_in
from orders.models import Order
from tests.b2b.conftest import BOSS, BUYER, REP

TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.mark.parametrize("kind", letters.LETTERS, ids=lambda kind: kind.key)
def test_every_letter_reads_well_with_its_samples(kind):
    words = words_of_file(kind, "en")
    assert check_words(kind, words) == {}
    filled = filled_in(kind, words, kind.sample)
    assert filled.subject
    assert "{" not in filled.text + filled.subject


def test_an_offer_goes_to_the_company_unless_it_is_off_the_table(office):
    quote = office.quote(tea=24)
    letter = letters.quote_presented(number=quote.number, version=1)

    assert letter.recipients == ("vermeer@cafe.example",)
    assert letter.subject == f"Our quote {quote.number}"
    assert f"24 {TIMES} Tea" in letter.text
    assert "€240.00" in letter.text
    services.withdraw_quote(number=quote.number, reason="No", by=REP, at=timezone.now())
    assert letters.quote_presented(number=quote.number, version=1) is None


def test_a_confirmation_says_what_comes_what_waits_and_what_does_not(office):
    office.stock("tea", rotterdam=2)
    office.company(auto_accept=False)
    document = office.submit(office.draft(fields={"po_number": "4500"}, tea=5, cup=3))
    services.accept_purchase_order(
        number=document.number,
        answers=[services.LineAnswer(2, quantity=1, reason="Nearly sold out")],
        by=REP,
        at=timezone.now(),
    )

    letter = letters.purchase_order_confirmed(number=document.number)

    assert letter.subject == "Confirmation of your purchase order 4500"
    for said in (f"5 {TIMES} Tea", "€60.00", "Nearly sold out", f"2 {TIMES} Cup", f"3 {TIMES} Tea"):
        assert said in letter.text
    assert letter.thread == Order.objects.get().number


def test_the_rep_is_asked_only_while_there_is_something_to_decide(office, world):
    world.user("rita", "sales")
    office.company(sales_rep="rita", auto_accept=False)
    document = office.buy(tea=1)

    letter = letters.purchase_order_to_accept(number=document.number)
    assert letter.recipients == ("rita@oms.example",)
    assert f"/b2b/purchase-orders/{document.number}/" in letter.text
    services.accept_purchase_order(number=document.number, by=REP, at=timezone.now())
    assert letters.purchase_order_to_accept(number=document.number) is None


def test_approvers_are_asked_but_not_whoever_asks(office):
    office.buyer("bo", role="approver", limit="10")
    office.buyer("ada", role="approver")
    buyer = office.company().buyers.get(user__username="bo")
    document = office.submit(office.draft(fields={"buyer": buyer}, tea=2), by=BUYER)
    assert document.status == "pending_approval"

    letter = letters.purchase_order_to_approve(number=document.number, limit="10.00")

    assert letter.recipients == ("ada@oms.example",)
    assert "bo wants to order for €20.00" in letter.text
    services.approve_purchase_order(number=document.number, by=BOSS, at=timezone.now())
    assert letters.purchase_order_to_approve(number=document.number, limit="10.00") is None


def test_a_credit_hold_is_told_to_the_rep_and_those_who_may_release_it(office, world):
    world.user("rita", "sales")
    world.user("fin", "finance")
    office.company(sales_rep="rita", credit_limit=Decimal("10"))
    document = office.buy(tea=5)
    said = {"order": document.order.number, "reason": "50.00 EUR over 10.00 EUR"}

    letter = letters.credit_hold(**said)
    assert letter.recipients == ("fin@oms.example", "rita@oms.example")
    assert document.number in letter.text
    services.release_credit_hold(
        order=document.order.number, reason="fine", by=BOSS, at=timezone.now()
    )
    assert letters.credit_hold(**said) is None


def test_letters_to_a_company_lead_to_the_page_of_its_document(office):
    office.stock("tea", rotterdam=5)
    document = office.fresh(office.buy(tea=5))
    office.ship(document.order)
    [invoice] = office.invoices(document.order)
    quote = office.quote(tea=1)
    for letter, page in (
        (letters.purchase_order_confirmed(number=document.number), f"orders/{document.number}/"),
        (letters.invoice(number=invoice.number), f"invoices/{invoice.number}/"),
        (letters.quote_presented(number=quote.number, version=1), f"quotes/{quote.number}/"),
    ):
        assert f"/b2b/portal/{page}" in letter.text


def test_who_turned_a_purchase_order_down_is_named_when_it_was_not_us(office):
    office.company(auto_accept=False)
    office.buyer("ada", role="approver")
    for by, subject in ((BOSS, "ada did not approve 4501"), (REP, "We cannot supply 4502")):
        fields = {"po_number": subject.rpartition(" ")[2]}
        document = office.submit(office.draft(fields=fields, tea=2))
        services.reject_purchase_order(
            number=document.number, reason="Too much", by=by, at=timezone.now()
        )
        assert letters.purchase_order_rejected(number=document.number).subject == subject


def test_without_an_address_nobody_is_written_to(office):
    services.create_company(code="mute", name="Mute", by=REP, at=timezone.now())
    quote = office.quote("mute", tea=1)
    assert letters.quote_presented(number=quote.number, version=1) is None
