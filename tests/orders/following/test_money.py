"""What a channel says of money stands in our books, once."""

from decimal import Decimal

import pytest

from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import Job
from orders import services
from orders.adapters.parts import (
    Cancellation,
    PaymentState,
    Refund,
)
from orders.models import Hold, OrderLine, Payment
from orders.models import Refund as RefundRow
from tests.orders.following.telling import item, paid, parts

pytestmark = pytest.mark.django_db


def holds(order):
    return sorted(
        Hold.objects.filter(order=order, released_at__isnull=True).values_list("kind", flat=True)
    )


def lines(order):
    found = OrderLine.objects.filter(order=order).order_by("position")
    return [(line.sku_code, line.quantity, line.cancelled, line.allocated) for line in found]


def problems(kept):
    return [(each["key"], each["code"]) for each in kept.problems]


def test_a_sum_of_refunds_counts_those_that_are_told_apart_within_it(world, tell):
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 2), total="20.00"), "payment:1": paid("20.00")})

    tell(
        {
            "refunded": Refund(Decimal("8.00"), "EUR"),
            "refund:7": Refund(Decimal("5.00"), "EUR"),
        }
    )

    assert sorted(tell.order.refunds.values_list("amount", flat=True)) == [
        Decimal("3.000"),
        Decimal("5.000"),
    ]
    assert tell.order.refunded_amount == Decimal("8.00")
    assert verify() == []


def test_a_stated_total_that_differs_holds_the_order_and_shows_the_sum(world, tell):
    world.stock("tea", rotterdam=5)

    tell(parts(item("tea", 2, tax=Decimal("4.20")), total="24.00"))

    [hold] = Hold.objects.all()
    assert hold.kind == "total_mismatch"
    assert hold.reason == (
        "Shopify says 24.00: goods 20.00 \N{MINUS SIGN} discount 0.00 + tax 4.20 + shipping 0.00"
        " = 24.20"
    )
    assert tell.order.total_amount == Decimal("24.20")
    services.release_hold(number=tell.order.number, kind="total_mismatch", by=SYSTEM)
    tell({"head": parts(total="24.00", notes="Ring twice")["head"]})
    assert (holds(tell.order), tell.order.notes) == ([], "Ring twice")


def test_a_total_that_comes_right_lets_the_order_go(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 2), total="24.00"))

    tell(parts(item("tea", 2), total="20.00"))

    assert holds(tell.order) == []


def test_an_order_that_its_channel_still_waits_with_is_held_for_payment(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 2), is_ready=False, state="pending"))
    assert holds(tell.order) == ["payment"]

    tell(parts(item("tea", 2), captured="20.00", state="paid"))

    assert (holds(tell.order), tell.order.payment_status) == ([], "paid")


def test_money_set_aside_is_captured_or_freed_once(world, tell):
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 2)), "payment:1": paid("20.00", PaymentState.AUTHORIZED)})
    assert tell.order.payment_status == "authorized"

    for _ in range(2):
        tell({"payment:1": paid("20.00")}, hour=5)
    tell({"payment:2": paid("1.00", PaymentState.AUTHORIZED)})
    tell({"payment:2": paid("1.00", PaymentState.VOIDED)}, hour=9)

    order = tell.order
    assert (order.captured_amount, order.authorized_amount) == (Decimal(20), Decimal(0))
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["captured", "voided"]
    assert not verify()


def test_stated_sums_are_booked_up_to_what_is_stated(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 2), authorized="20.00", captured="0"))
    tell(parts(item("tea", 2), authorized="0", captured="12.00"))

    kept = tell(parts(item("tea", 2), captured="20.00"))

    assert kept.state == "in_step"
    assert (tell.order.captured_amount, tell.order.authorized_amount) == (Decimal(20), Decimal(0))
    assert not verify()


def test_a_refund_made_in_the_channel_is_booked_once_and_told_to_nobody(world, tell):
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 2)), "payment:1": paid("20.00")})
    letters = Job.objects.filter(kind="mail").count()

    for _ in range(2):
        tell({"refund:9": Refund(Decimal("4.00"), "EUR", reason="Dented")}, hour=4)

    [refund] = RefundRow.objects.all()
    assert (refund.status, refund.amount, refund.gateway_reference) == (
        "succeeded",
        Decimal("4.00"),
        "refund:9",
    )
    assert tell.order.payment_status == "partly_refunded"
    assert Job.objects.filter(kind="mail").count() == letters
    assert not Job.objects.filter(kind="refund").exists()
    assert not verify()


def test_a_refund_of_ours_that_comes_back_is_known(world, tell):
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 2)), "payment:1": paid("20.00")})
    services.cancel_order(number=tell.order.number, reason="Lost", by=SYSTEM)

    tell({"refund:9": Refund(Decimal("20.00"), "EUR")})
    kept = tell({"cancellation": Cancellation()})

    assert RefundRow.objects.count() == 1
    assert tell.order.refunded_amount == Decimal("20.00")
    assert kept.state == "in_step"


def test_a_refund_beyond_what_was_captured_waits_for_the_payment(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 2)))

    kept = tell({"refund:9": Refund(Decimal("20.00"), "EUR")})
    assert (kept.state, problems(kept)) == (
        "behind",
        [("refund:9", "refund_exceeds_payment")],
    )
    kept = tell({"payment:1": paid("20.00")})

    assert (kept.state, kept.problems) == ("in_step", [])
    assert tell.order.refunded_amount == Decimal("20.00")
    assert not verify()


def test_a_cancellation_frees_the_stock_and_moves_no_money(world, tell):
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 2), total="99.00"), "payment:1": paid("20.00")})
    assert holds(tell.order) == ["total_mismatch"]
    letters = Job.objects.filter(kind="mail").count()

    tell({"cancellation": Cancellation(reason="Fraud")})

    assert (tell.order.status, holds(tell.order)) == ("cancelled", [])
    assert world.available("tea") == {"rotterdam": 5}
    assert not RefundRow.objects.exists()
    assert Job.objects.filter(kind="mail").count() == letters
    assert not verify()


def test_a_fee_below_nothing_is_a_discount(world, tell):
    world.stock("tea", rotterdam=5)

    tell(parts(item("tea", 2), item("voucher", 1, "-5.00", ships=False), total="15.00"))

    order = tell.order
    assert (order.total_amount, order.discount_amount) == (Decimal("15.00"), Decimal("5.00"))
    assert (lines(order), holds(order)) == ([("tea", 2, 0, 2)], [])
