"""Holds: reasons an order must not move, several at once, each naming what it stops."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from fulfillment.models import FulfillmentOrder
from oms.core.actors import SYSTEM
from orders import services
from orders.errors import AlreadyHeld, NotHeld, UnknownHold
from orders.models import Hold


def hold(order, kind):
    return services.hold_order(number=order.number, kind=kind, reason="look", by=SYSTEM)


def release(order, kind):
    return services.release_hold(number=order.number, kind=kind, by=SYSTEM)


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=5)
    return world.place(tea=2)


def test_a_hold_stops_steps_at_the_warehouse(order):
    hold(order, "address")

    assert FulfillmentOrder.objects.get().stops == ["pack", "ship"]


def test_what_still_stands_still_stops_after_another_is_released(order):
    hold(order, "address")
    hold(order, "payment")

    release(order, "payment")

    assert FulfillmentOrder.objects.get().stops == ["pack", "ship"]
    assert Hold.objects.filter(released_at__isnull=True).get().kind == "address"


def test_a_second_hold_of_a_kind_is_refused(order):
    hold(order, "fraud")

    with pytest.raises(AlreadyHeld):
        hold(order, "fraud")

    assert Hold.objects.count() == 1


def test_releasing_what_is_not_held_is_refused(order):
    with pytest.raises(NotHeld):
        release(order, "fraud")


def test_a_hold_nobody_knows_is_refused(order):
    with pytest.raises(UnknownHold):
        hold(order, "moon")

    assert Hold.objects.count() == 0


def pay(order, amount):
    """What whoever books money does: the order is locked while it is booked."""
    with transaction.atomic():
        locked = services.lock_order(number=order.number)
        services.record_payment(
            order=locked,
            amount=Decimal(amount),
            method="bank",
            reference=f"t-{amount}",
            by=SYSTEM,
            at=timezone.now(),
        )


def test_a_payment_hold_goes_by_itself_once_all_is_paid_and_not_before(order):
    hold(order, "payment")
    hold(order, "address")

    pay(order, 5)
    assert Hold.objects.filter(released_at__isnull=True).count() == 2
    pay(order, 15)

    assert Hold.objects.filter(released_at__isnull=True).get().kind == "address"
    assert FulfillmentOrder.objects.get().stops == ["pack", "ship"]
    assert Hold.objects.get(kind="payment").released_by == "system:oms"


def test_a_hold_is_late_once_its_clock_has_run_out(order):
    fraud, manual = hold(order, "fraud"), hold(order, "manual")
    assert fraud.due_at - fraud.set_at == timedelta(hours=4)
    assert not fraud.is_late

    fraud.set_at -= timedelta(hours=5)
    manual.set_at -= timedelta(days=900)

    assert fraud.is_late
    assert (manual.due_at, manual.is_late) == (None, False)
