"""Money back: granted once, moved once, whatever the gateway does."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from oms.core import jobs
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.models import EventRecord, Job
from orders import services
from orders.errors import AmountDoesNotFit, RefundedAmountChanged, RefundExceedsPayment
from orders.models import MoneyEntry, Order, OrderLine, Payment, Refund
from orders.services import RefundPart
from tests.fakes.gateway import gateway as gateway

KIM = Actor("user", "kim")
pytestmark = pytest.mark.django_db


def grant(order, amount, **kwargs):
    return services.grant_refund(
        number=order.number,
        amount=Decimal(amount),
        reason="Goodwill",
        reference=kwargs.pop("reference", "RMA-1"),
        by=KIM,
        at=timezone.now(),
        **kwargs,
    )


@pytest.fixture
def paid(world):
    """An order of 20.00, captured by hand."""
    return world.place(tea=2, paid=True)


@pytest.fixture
def carded(world, gateway):
    """An order of 20.00, captured by a gateway that we can reach."""
    world.channel("shop", payment_gateway="stripe")
    gateway.capture("ch_1", 2000)
    return world.place(tea=2, paid=True)


def drain() -> None:
    Job.objects.filter(kind="refund").update(due_at=jobs.AT_ONCE, lease_until=None)
    jobs.drain("refund")


def nothing_granted(order) -> bool:
    committed = Payment.objects.filter(refund_committed_amount__gt=0, order=order)
    return not Refund.objects.exists() and not committed.exists()


def test_money_that_came_by_hand_goes_back_at_once(paid):
    line = OrderLine.objects.get(order=paid)

    [refund] = grant(paid, "12.50", lines=[RefundPart(line.pk, 1, Decimal("10.00"))])

    paid.refresh_from_db()
    line.refresh_from_db()
    assert refund.number == "RF-1001"
    assert (refund.status, refund.amount) == ("succeeded", Decimal("12.50"))
    assert (paid.refunded_amount, paid.payment_status) == (Decimal("12.50"), "partly_refunded")
    assert line.refunded_amount == 10
    assert MoneyEntry.objects.get(kind="refund").amount == Decimal("-12.50")
    fact = EventRecord.objects.get(name="refund.succeeded")
    assert (fact.thread, fact.subject) == (paid.number, "RF-1001")
    assert fact.payload["amount"] == "12.50"


def test_more_than_was_captured_is_refused(paid):
    with pytest.raises(RefundExceedsPayment) as refused:
        grant(paid, "20.01")

    assert (refused.value.requested, refused.value.refundable) == ("20.01", "20.00")
    assert nothing_granted(paid)


@pytest.mark.parametrize("amount", ["0", "-1", "0.005"])
def test_an_amount_the_currency_does_not_have_is_refused(paid, amount):
    with pytest.raises(AmountDoesNotFit):
        grant(paid, amount)

    assert nothing_granted(paid)


def test_a_decision_on_an_older_figure_is_refused(paid):
    grant(paid, "10.00", expected_refunded=Decimal(0))

    with pytest.raises(RefundedAmountChanged) as refused:
        grant(paid, "10.00", expected_refunded=Decimal(0))

    assert (refused.value.expected, refused.value.actual) == ("0.00", "10.00")
    assert Refund.objects.count() == 1


def test_a_refund_is_spread_over_the_payments_in_their_order(world):
    payments = [
        {"method": "card", "status": "captured", "amount": "5.00", "reference": "a"},
        {"method": "gift", "status": "captured", "amount": "15.00", "reference": "b"},
    ]
    order = world.place(tea=2, fields={"payments": payments})
    line = OrderLine.objects.get(order=order)

    refunds = grant(order, "12.00", lines=[RefundPart(line.pk, 1, Decimal("12.00"))])

    assert [(each.payment.reference, each.amount) for each in refunds] == [("a", 5), ("b", 7)]
    assert [each.number for each in refunds] == ["RF-1001", "RF-1002"]
    parts = [(part.quantity, part.amount) for each in refunds for part in each.lines.all()]
    assert parts == [(1, 5), (0, 7)]


def test_an_overpayment_goes_back_and_what_came_back_as_goods_does_not_count(paid):
    grant(paid, "10.00", reference="RMA-1")
    order = Order.objects.get(pk=paid.pk)
    order.cancelled_amount = Decimal("10.00")

    [refund] = services.refund_overpayment(
        order=order, by=KIM, at=timezone.now(), reason="Cancelled"
    )

    assert (refund.amount, refund.reference) == (10, paid.number)
    again = services.refund_overpayment(order=order, by=KIM, at=timezone.now(), reason="Again")
    assert again == []


def test_completing_twice_books_once(paid):
    [refund] = grant(paid, "5.00")

    services.complete_refund(number=refund.number, gateway_reference="", by=KIM)

    paid.refresh_from_db()
    assert paid.refunded_amount == 5
    assert MoneyEntry.objects.filter(kind="refund").count() == 1


def test_a_gateway_refund_waits_for_its_job_and_is_booked_when_it_moved(carded, gateway):
    [refund] = grant(carded, "12.00")
    carded.refresh_from_db()
    assert (refund.status, carded.refunded_amount) == ("granted", 0)
    assert gateway.book.refunds == []

    drain()

    refund.refresh_from_db()
    carded.refresh_from_db()
    [paid_back] = gateway.book.paid_back(str(refund.key))
    assert (refund.status, refund.gateway_reference) == ("succeeded", paid_back["id"])
    assert paid_back["amount"] == 1200
    assert carded.refunded_amount == 12
    assert not Job.objects.filter(kind="refund").exists()


def test_a_lost_reply_is_in_doubt_and_then_found_not_sent_again(carded, gateway):
    replies = iter(["lose_reply"])
    gateway.misbehave = lambda: next(replies, "nothing")
    gateway.book.seconds_to_forget = 0
    [refund] = grant(carded, "10.00")

    drain()
    refund.refresh_from_db()
    assert refund.status == "in_doubt"
    assert "Unreachable" in refund.last_error

    drain()
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert len(gateway.book.paid_back(str(refund.key))) == 1
    assert gateway.book.posts == 1


def test_a_decline_frees_the_money_for_another_way(carded, gateway):
    gateway.misbehave = lambda: "decline"
    line = OrderLine.objects.get(order=carded)
    [refund] = grant(carded, "10.00", lines=[RefundPart(line.pk, 1, Decimal("10.00"))])

    drain()

    refund.refresh_from_db()
    line.refresh_from_db()
    assert refund.status == "rejected"
    assert "card_declined" in refund.last_error
    assert Payment.objects.get().refund_committed_amount == 0
    assert line.refunded_amount == 0
    assert not MoneyEntry.objects.filter(kind="refund").exists()
    fact = EventRecord.objects.get(name="refund.failed")
    assert fact.payload["reference"] == "RMA-1"
    gateway.misbehave = lambda: "nothing"
    [again] = grant(carded, "20.00")
    drain()
    again.refresh_from_db()
    assert again.status == "succeeded"


def test_already_refunded_by_us_is_adopted(carded, gateway, monkeypatch):
    """The first look-up misses what the gateway has in its books a moment later."""
    [refund] = grant(carded, "20.00")
    gateway.refund(
        {"charge": "ch_1", "amount": "2000", "metadata[oms_key]": str(refund.key)}, "other-key"
    )
    pages = iter([{"data": [], "has_more": False}])
    real = gateway.page
    monkeypatch.setattr(gateway, "page", lambda query: next(pages, None) or real(query))

    drain()

    refund.refresh_from_db()
    assert (refund.status, refund.gateway_reference) == ("succeeded", "re_1")


def test_already_refunded_by_someone_else_is_rejected(carded, gateway):
    gateway.refund({"charge": "ch_1", "amount": "2000"}, "dashboard")
    [refund] = grant(carded, "20.00")

    drain()

    refund.refresh_from_db()
    assert refund.status == "rejected"
    assert "not by us" in refund.last_error


@pytest.mark.parametrize("changed", [{"amount": 999}, {"currency": "usd"}])
def test_another_amount_or_currency_stops_for_a_person(carded, gateway, changed):
    gateway.changed = changed
    [refund] = grant(carded, "10.00")

    drain()

    refund.refresh_from_db()
    carded.refresh_from_db()
    assert refund.status == "in_doubt"
    assert "not 10.00 EUR" in refund.last_error
    assert Job.objects.get(kind="refund").state == "dead"
    assert carded.refunded_amount == 0


def test_a_gateway_that_is_down_leaves_the_refund_in_doubt_until_it_is_back(carded, gateway):
    gateway.down = True
    [refund] = grant(carded, "10.00")
    for _ in range(3):
        drain()
    refund.refresh_from_db()
    assert refund.status == "in_doubt"
    assert Job.objects.get(kind="refund").attempts == 3

    gateway.down = False
    drain()

    refund.refresh_from_db()
    assert refund.status == "succeeded"


def test_a_refund_that_failed_at_the_bank_later_is_rejected(carded, gateway):
    gateway.changed = {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    [refund] = grant(carded, "10.00")

    drain()

    refund.refresh_from_db()
    assert (refund.status, refund.last_error) == ("rejected", "expired_or_canceled_card")


def test_a_refund_the_bank_is_still_moving_is_looked_at_again(carded, gateway):
    gateway.changed = {"status": "pending"}
    [refund] = grant(carded, "10.00")
    drain()
    refund.refresh_from_db()
    assert refund.status == "sending"

    gateway.book.refunds[0]["status"] = "succeeded"
    drain()

    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert gateway.book.posts == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_refunds_that_together_are_too_much_one_is_granted(world):
    order = world.place(tea=2, paid=True)

    def try_to() -> str:
        try:
            grant(order, "12.00")
            return "granted"
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(lambda _: try_to(), range(2)))

    assert said == ["granted", "refund_exceeds_payment"]
    assert Refund.objects.count() == 1
    assert Payment.objects.get().refund_committed_amount == 12


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_press_refund_on_the_same_figure_one_is_heard(world):
    order = world.place(tea=2, paid=True)

    def press() -> str:
        try:
            grant(order, "5.00", expected_refunded=Decimal(0))
            return "granted"
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(lambda _: press(), range(2)))

    assert said == ["granted", "refunded_amount_changed"]
    assert Order.objects.get().refunded_amount == 5


def test_a_channel_reads_its_own_refunds_only(world, paid):
    [refund] = grant(paid, "12.00")
    mine, other = world.api("shop", scopes=["orders"]), world.api("market", scopes=["orders"])

    [row] = mine.get(f"/api/v1/refunds/?order={paid.number}&status=succeeded").json()["results"]

    assert row["number"] == refund.number
    assert (row["order"], row["amount"], row["currency"]) == (paid.number, "12.00", "EUR")
    assert (row["status"], row["method"]) == ("succeeded", "manual")
    assert other.get("/api/v1/refunds/").json()["results"] == []
    assert other.get(f"/api/v1/refunds/{refund.number}/").status_code == 404
    assert mine.get("/api/v1/refunds/?status=nonsense").status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_refunds_costs_two_queries(world, paid, rows, django_assert_num_queries):
    for _ in range(rows):
        grant(paid, "1.00")
    api = world.api("shop", scopes=["orders"])

    with django_assert_num_queries(2):
        assert len(api.get("/api/v1/refunds/").json()["results"]) == rows
