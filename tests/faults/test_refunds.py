"""Hundreds of refunds while replies are lost, the gateway forgets keys and workers are killed.

Our books and the gateway's must agree afterwards: each refund moved exactly once, or, where the
gateway declined it, not at all. The control shows what happens without looking first.
"""

import random
from decimal import Decimal

import pytest
from django.utils import timezone

from oms.core import jobs
from oms.core.actors import SYSTEM
from oms.core.models import Job
from orders import services
from orders.gateways_stripe import Stripe
from orders.models import MoneyEntry, Order, Payment, Refund
from tests.fakes.gateway import gateway as gateway

COUNTS = [40, pytest.param(400, marks=pytest.mark.full)]
MOST_ROUNDS = 60


class Killed(BaseException):
    """A worker that dies: nothing catches it, nothing is put down."""


@pytest.fixture
def killer(monkeypatch):
    """Kill the worker now and then: before it asks the gateway, and after the gateway has paid."""

    def arm(seed: int, chance: float) -> None:
        dice = random.Random(seed)
        ask = Stripe.refund

        def refund(self, wanted):
            if dice.random() < chance:
                raise Killed
            moved = ask(self, wanted)
            if dice.random() < chance:
                raise Killed
            return moved

        monkeypatch.setattr(Stripe, "refund", refund)

    return arm


def drain_until_done() -> None:
    """Let workers come and go until no refund is left to send."""
    for _ in range(MOST_ROUNDS):
        Job.objects.filter(kind="refund").update(due_at=jobs.AT_ONCE, lease_until=None)
        try:
            while jobs.drain("refund", limit=1000, seconds=120):
                Job.objects.filter(kind="refund").update(due_at=jobs.AT_ONCE)
        except Killed:
            continue
        if not Job.objects.filter(kind="refund", state="waiting").exists():
            return
    raise AssertionError("refunds are still waiting")


def grant_many(world, gateway, count: int) -> None:
    """Grant `count` refunds of 3.00, twenty to an order."""
    world.channel("shop", payment_gateway="stripe")
    for nth in range(0, count, 20):
        reference = f"ch_{nth}"
        gateway.capture(reference, 20 * 1000)
        payment = {"method": "card", "status": "captured", "amount": "200.00"}
        order = world.place(tea=20, fields={"payments": [{**payment, "reference": reference}]})
        for _ in range(20):
            services.grant_refund(
                number=order.number,
                amount=Decimal("3.00"),
                reason="Goodwill",
                reference="RMA-1",
                by=SYSTEM,
                at=timezone.now(),
            )


@pytest.mark.django_db
@pytest.mark.parametrize("count", COUNTS)
def test_every_refund_moves_once_whatever_dies(world, gateway, killer, count, monkeypatch):
    gateway.book.seconds_to_forget = 0
    gateway.now_and_then(7, lose_reply=0.15, fail_before=0.1, fail_after=0.1, decline=0.05)
    grant_many(world, gateway, count)
    killer(11, 0.02)

    drain_until_done()

    refunds = list(Refund.objects.all())
    assert {each.status for each in refunds} <= {"succeeded", "rejected"}
    for refund in refunds:
        moved = gateway.book.paid_back(str(refund.key))
        assert len(moved) == (1 if refund.status == "succeeded" else 0), refund
    succeeded = [each for each in refunds if each.status == "succeeded"]
    assert 0 < len(succeeded) < count
    ours = sum(each.amount for each in succeeded)
    assert sum(each.refunded for each in gateway.book.charges.values()) == ours * 100
    assert sum(each.refunded_amount for each in Order.objects.all()) == ours
    assert sum(each.refund_committed_amount for each in Payment.objects.all()) == ours
    entries = MoneyEntry.objects.filter(kind="refund")
    assert (entries.count(), sum(each.amount for each in entries)) == (len(succeeded), -ours)


@pytest.mark.django_db
def test_without_looking_first_customers_are_paid_twice(world, gateway, monkeypatch):
    monkeypatch.setattr(Stripe, "find", lambda self, wanted: None)
    gateway.book.seconds_to_forget = 0
    gateway.now_and_then(7, lose_reply=0.3)
    grant_many(world, gateway, 20)

    drain_until_done()

    doubled = [
        refund
        for refund in Refund.objects.all()
        if len(gateway.book.paid_back(str(refund.key))) > 1
    ]
    assert doubled
