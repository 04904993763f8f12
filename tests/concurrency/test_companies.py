"""Several processes at one company: each effect happens once, credit is not overdrawn."""

from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from b2b import services
from b2b.models import CreditAccount, Invoice, InvoicePayment, PurchaseOrder
from b2b.services.accepting import b2b_channel
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder, Shipment
from oms.core.books import verify
from orders.models import Hold, Order
from tests.b2b.conftest import FINANCE, REP, Office
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(world):
    b2b_channel()
    return Office(world)


def accept(number):
    return services.accept_purchase_order(number=number, by=REP, at=timezone.now()).status


def submit(number):
    document = services.submit_purchase_order(number=number, by=REP, at=timezone.now())
    return Hold.objects.filter(order=document.order, kind="credit").count()


def broken():
    ours = ("credit", "invoice", "documents", "purchase")
    return [each for each in verify() if each.invariant.startswith(ours)]


def test_a_purchase_order_that_two_accept_is_placed_once(office):
    office.stock("tea", rotterdam=99)
    office.company(auto_accept=False)
    document = office.buy(tea=5)

    outcome = race([partial(accept, document.number) for _ in range(3)])

    assert sorted(outcome) == ["TransitionNotAllowed", "TransitionNotAllowed", "accepted"]
    assert Order.objects.count() == 1
    assert office.balances() == (Decimal("50"), 0)


def test_two_orders_race_for_the_credit_and_only_what_fits_goes(office):
    office.stock("tea", rotterdam=99)
    office.limit("100")
    drafts = [office.draft(tea=6) for _ in range(4)]

    held = race([partial(submit, document.number) for document in drafts])

    assert sorted(held) == [0, 1, 1, 1]
    assert PurchaseOrder.objects.filter(status="accepted").count() == 4
    assert office.balances() == (Decimal("60"), 0)
    assert broken() == []


def test_without_the_lock_two_orders_overdraw_the_credit(office, monkeypatch):
    """The control: the same race, with the account read and not locked."""
    office.stock("tea", rotterdam=99)
    office.limit("100")
    drafts = [office.draft(tea=6) for _ in range(4)]

    def unlocked(customer_id):
        account = CreditAccount.objects.select_related("company").get(
            company__customer_id=customer_id
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.5)")
        return account

    monkeypatch.setattr("b2b.services.credit.lock_account_of", unlocked)

    assert sum(race([partial(submit, document.number) for document in drafts])) < 3


def follow(number):
    order = Order.objects.get(number=number)
    for work in FulfillmentOrder.objects.filter(order=order):
        fulfillment.dispatch(
            number=work.number,
            carrier="post",
            tracking_number=f"T-{work.number}",
            by=REP,
            at=timezone.now(),
        )
    services.follow_order(order=number, by=REP, at=timezone.now())
    return True


def test_four_processes_number_invoices_without_a_gap(office):
    office.stock("tea", rotterdam=99)
    orders = [office.buy(f"c-{number}", tea=1).order for number in range(8)]

    def half(some):
        return [follow(order.number) for order in some]

    race([partial(half, orders[start::4]) for start in range(4)])

    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == [f"INV-{1001 + nth}" for nth in range(8)]
    assert broken() == []


def test_one_shipment_that_several_follow_is_invoiced_once(office):
    office.stock("tea", rotterdam=99)
    order = office.buy(tea=1).order
    office.ship(order)
    shipment = Shipment.objects.get()

    def issue():
        return services.issue_invoice(shipment=shipment.number, by=REP, at=timezone.now()).number

    assert race([issue] * 3) == ["INV-1001"] * 3
    assert Invoice.objects.count() == 1


def test_the_same_payment_recorded_by_three_counts_once(office):
    office.stock("tea", rotterdam=99)
    [invoice] = office.invoices(office.ship(office.buy(tea=5).order))

    def pay():
        return services.record_payment(
            invoice=invoice.number,
            amount=Decimal("30"),
            reference="bank-7",
            by=FINANCE,
            at=timezone.now(),
        ).pk

    outcome = race([pay] * 3)

    assert len(set(outcome)) == 1
    assert InvoicePayment.objects.count() == 1
    assert Order.objects.get().captured_amount == Decimal("30")
    assert office.balances() == (0, Decimal("20"))
    assert broken() == []
