"""A return is settled for what came, in the right amount, and its money moves once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from oms.core import jobs
from oms.core.states import TransitionNotAllowed
from orders.errors import AmountDoesNotFit, RefundExceedsPayment
from orders.models import MoneyEntry, Order, Refund
from returns.errors import (
    ReturnChanged,
    SettlementChanged,
)
from returns.models import ReturnAuthorization, ReturnLine
from tests.fakes.gateway import gateway as gateway
from tests.returns.keeping_books import counters


def test_a_return_is_settled_for_what_came_and_lets_the_rest_go(desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=3).number
    desk.approve(number)
    desk.receive(number, tea=1)
    with pytest.raises(TransitionNotAllowed):
        desk.settle(number)
    desk.inspect(number, tea=1)

    settled = desk.settle(number)

    assert settled.refund_amount == 10
    assert counters(order) == [(0, 1)]
    assert desk.request(order, tea=2).number == number[:-1] + "2"


def test_another_amount_may_go_back_up_to_what_is_left_of_the_payments(desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=1).number
    desk.approve(number)
    desk.receive(number, tea=1)
    desk.inspect(number, tea=1)
    line = ReturnLine.objects.get()

    for amount, refusal in [
        ("30.01", RefundExceedsPayment),
        ("-1.00", AmountDoesNotFit),
        ("1.005", AmountDoesNotFit),
    ]:
        with pytest.raises(refusal), transaction.atomic():
            desk.settle(number, amounts={line.pk: Decimal(amount)})
    assert ReturnAuthorization.objects.get().status == "inspected"
    assert not Refund.objects.exists()

    desk.settle(number, amounts={line.pk: Decimal("12.34")})

    assert Refund.objects.get().amount == Decimal("12.34")
    assert Order.objects.get().refunded_amount == Decimal("12.34")


def test_nothing_to_give_back_settles_without_a_refund(desk, shipped):
    order = shipped(tea=1, paid=False)

    settled = desk.all_the_way(order, tea=1)

    assert (settled.status, settled.refund_amount) == ("settled", 0)
    assert not Refund.objects.exists()
    assert not MoneyEntry.objects.filter(kind="refund").exists()


def test_who_agreed_to_another_amount_is_asked_again(desk, shipped):
    order = shipped(tea=2)
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=1)
    desk.inspect(number, tea=1)
    version = ReturnAuthorization.objects.get().version
    desk.receive(number, tea=1)
    desk.inspect(number, tea=1)

    with pytest.raises(SettlementChanged) as refused:
        desk.settle(number, expected_amount=Decimal("10.00"))
    assert (refused.value.expected, refused.value.actual) == ("10.00", "20.00")
    with pytest.raises(ReturnChanged):
        desk.settle(number, expected_version=version)

    assert not Refund.objects.exists()


def test_the_last_judge_is_the_database(desk, shipped):
    desk.request(shipped(tea=2), tea=1)
    line = ReturnLine.objects.filter()

    for wrong in ({"received": 2}, {"inspected": 1}, {"settled": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            line.update(**wrong)


def test_a_gateway_return_closes_when_its_money_has_moved(world, desk, gateway, shipped):
    world.channel("shop", payment_gateway="stripe")
    gateway.capture("ch_1", 2000)
    settled = desk.all_the_way(shipped(tea=2), tea=2)
    assert settled.status == "settled"
    assert Refund.objects.get().status == "granted"

    jobs.drain("refund")

    settled.refresh_from_db()
    assert (settled.status, Refund.objects.get().status) == ("closed", "succeeded")
