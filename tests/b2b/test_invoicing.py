"""Invoices: one per shipment, adding up to the order; paid once, credited, without gaps."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from b2b import errors, services
from b2b.models import CreditNote, Invoice, InvoicePayment
from oms.core.actors import Actor
from oms.core.books import verify
from oms.core.models import EventRecord, Job
from orders import services as orders
from orders.models import Order
from tests.b2b.conftest import FINANCE, REP

KIM = Actor("user", "kim")
OURS = ("credit", "invoice", "documents", "purchase", "money", "orders")


def violations():
    return [each for each in verify() if each.invariant.startswith(OURS)]


def test_what_left_is_invoiced_on_terms_and_the_credit_moves_with_it(office):
    office.stock("tea", rotterdam=9)
    office.company(terms_days=14)
    document = office.buy(tea=5)

    order = office.ship(document.order)

    [invoice] = office.invoices(order)
    assert (invoice.number, invoice.amount) == ("INV-1001", Decimal("50"))
    assert invoice.due_on == invoice.issued_on + timedelta(days=14)
    assert office.balances() == (0, Decimal("50"))
    assert office.fresh(document).status == "invoiced"
    told = EventRecord.objects.get(name="invoice.issued")
    assert (told.subject, told.payload["amount"]) == ("INV-1001", "50.00")
    assert Job.objects.filter(kind="invoice", key="INV-1001").exists()
    assert violations() == []


def test_following_twice_invoices_once(office):
    office.stock("tea", rotterdam=9)
    order = office.ship(office.buy(tea=5).order)

    office.follow(order)
    services.issue_invoice(
        shipment=office.invoices(order)[0].shipment.number, by=REP, at=timezone.now()
    )

    assert Invoice.objects.count() == 1
    assert office.balances() == (0, Decimal("50"))


def test_partial_deliveries_are_invoiced_apart_and_add_up_to_the_cent(office):
    office.stock("tea", rotterdam=1, leipzig=2)
    office.price("tea", "3.333333")
    office.company(price_list="wholesale")
    document = office.buy(tea=3)
    assert document.order.total_amount == Decimal("10.00")

    order = office.ship(document.order)

    assert sorted(invoice.amount for invoice in office.invoices(order)) == [
        Decimal("3.33"),
        Decimal("6.67"),
    ]
    assert office.balances() == (0, Decimal("10.00"))
    assert violations() == []


def test_while_units_wait_the_purchase_order_is_part_delivered(office):
    office.stock("tea", rotterdam=2)
    document = office.buy(tea=5)

    order = office.ship(document.order)

    assert office.fresh(document).status == "part_delivered"
    assert office.balances() == (Decimal("30"), Decimal("20"))

    orders.cancel_order(number=order.number, reason="enough", by=KIM)
    office.follow(order)

    assert office.fresh(document).status == "invoiced"
    assert office.balances() == (0, Decimal("20"))
    assert violations() == []


def test_a_payment_counts_once_and_closes_the_purchase_order(office):
    office.stock("tea", rotterdam=9)
    document = office.buy(tea=5)
    [invoice] = office.invoices(office.ship(document.order))

    first = office.pay(invoice, "20")
    again = office.pay(invoice, "20")
    assert first.pk == again.pk
    assert Invoice.objects.get().status == "part_paid"
    assert office.balances() == (0, Decimal("30"))

    office.pay(invoice, reference="bank-2")

    assert Invoice.objects.get().status == "paid"
    order = Order.objects.get()
    assert (order.captured_amount, order.payment_status) == (Decimal("50"), "paid")
    assert office.fresh(document).status == "closed"
    assert office.balances() == (0, 0)
    assert violations() == []


@pytest.mark.parametrize(
    ("amount", "reference", "refusal"),
    [
        ("50.01", "bank-2", errors.PaymentTooLarge),
        ("0", "bank-2", errors.AmountNotFitting),
        ("-5", "bank-2", errors.AmountNotFitting),
        ("1.001", "bank-2", errors.AmountNotFitting),
        ("21", "bank-1", errors.PaymentDiffers),
        ("5", "", errors.AmountNotFitting),
    ],
)
def test_a_payment_that_cannot_be_is_refused_and_books_nothing(office, amount, reference, refusal):
    office.stock("tea", rotterdam=9)
    [invoice] = office.invoices(office.ship(office.buy(tea=5).order))
    office.pay(invoice, "20", reference="bank-1")

    with pytest.raises(refusal):
        office.pay(invoice, amount, reference=reference)

    assert InvoicePayment.objects.count() == 1
    assert office.balances() == (0, Decimal("30"))


def test_a_paid_order_lets_a_held_one_go(office):
    office.stock("tea", rotterdam=90)
    office.limit("100")
    [invoice] = office.invoices(office.ship(office.buy(tea=9).order))
    held = office.buy(tea=8)
    assert office.holds(held.order) == ["credit"]
    assert Job.objects.filter(kind="credit_room").count() == 1

    office.pay(invoice)
    services.release_what_fits(company="vermeer")

    assert office.holds(held.order) == []
    assert office.balances() == (Decimal("80"), 0)


def test_part_of_an_invoice_is_credited_when_it_is_not_paid(office):
    office.stock("tea", rotterdam=9)
    [invoice] = office.invoices(office.ship(office.buy(tea=5).order))

    note = services.credit_invoice(
        invoice=invoice.number, amount=Decimal("15"), reason="Torn", by=FINANCE, at=timezone.now()
    )

    assert note.number == "CN-1001"
    assert Invoice.objects.get().open_amount == Decimal("35")
    assert office.balances() == (0, Decimal("35"))
    with pytest.raises(errors.PaymentTooLarge):
        services.credit_invoice(
            invoice=invoice.number,
            amount=Decimal("36"),
            reason="Torn",
            by=FINANCE,
            at=timezone.now(),
        )
    assert violations() == []


def test_money_that_goes_back_gets_its_credit_note_once(office):
    office.stock("tea", rotterdam=9)
    document = office.buy(tea=5)
    order = office.ship(document.order)
    [invoice] = office.invoices(order)
    office.pay(invoice)
    orders.grant_refund(
        number=order.number,
        amount=Decimal("12"),
        reason="Broken",
        reference="RMA-1",
        by=FINANCE,
        at=timezone.now(),
    )

    office.follow(order)
    office.follow(order)

    note = CreditNote.objects.get()
    assert (note.amount, note.invoice_id) == (Decimal("12"), invoice.pk)
    assert Invoice.objects.get().open_amount == 0
    assert office.balances() == (0, 0)
    assert violations() == []


def test_an_open_invoice_past_its_day_is_overdue_and_a_paid_one_is_not(office):
    office.stock("tea", rotterdam=9)
    [invoice] = office.invoices(office.ship(office.buy(tea=5).order))
    late = invoice.due_on + timedelta(days=1)

    assert invoice.standing(invoice.due_on) == "issued"
    assert invoice.standing(late) == "overdue"
    office.pay(invoice)
    assert Invoice.objects.get().standing(late) == "paid"
