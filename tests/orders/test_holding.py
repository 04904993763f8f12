"""Holds: reasons an order must not move, several at once, each naming what it stops."""

import pytest

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
