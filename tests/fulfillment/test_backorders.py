"""Units that come in go to those who wait, oldest order first, in the same transaction."""

import pytest

from oms.core.actors import SYSTEM
from oms.core.jobs import drain
from oms.core.models import Job
from orders import services
from orders.models import OrderLine


def waiting():
    lines = OrderLine.objects.order_by("order__placed_at", "order_id")
    return [(line.allocated, line.backordered) for line in lines]


def placed_on(day):
    return {"placed_at": f"2026-11-{day:02}T12:00:00+00:00"}


def test_the_oldest_order_is_served_first_and_in_part(world):
    world.stock("tea", rotterdam=0)
    world.place(tea=3, fields=placed_on(3))
    world.place(tea=4, fields=placed_on(1))
    assert waiting() == [(0, 4), (0, 3)]

    world.stock("tea", rotterdam=5)

    assert waiting() == [(4, 0), (1, 2)]
    assert world.available("tea") == {"rotterdam": 0}


def test_units_left_over_are_free_for_the_next(world):
    world.stock("tea", rotterdam=0)
    world.place(tea=3)

    world.stock("tea", rotterdam=5)

    assert waiting() == [(3, 0)]
    assert world.available("tea") == {"rotterdam": 2}


def test_an_order_whose_hold_stops_allocating_is_passed_over_until_released(world):
    world.stock("tea", rotterdam=0)
    first = world.place(tea=3, fields=placed_on(1))
    world.place(tea=3, fields=placed_on(2))
    services.hold_order(number=first.number, kind="fraud", reason="", by=SYSTEM)

    world.stock("tea", rotterdam=3)

    assert waiting() == [(0, 3), (3, 0)]


def test_the_new_work_has_a_number_of_its_own(world):
    world.stock("tea", rotterdam=1)
    order = world.place(tea=3)

    world.stock("tea", rotterdam=2)

    numbers = [f"FO-{order.number[3:]}-{nth}" for nth in (1, 2)]
    found = world.works(order)
    assert [work.number for work in found] == numbers
    assert [work.units for work in found] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_units_that_a_cancelled_order_leaves_go_to_the_one_that_waits(world):
    world.stock("tea", rotterdam=3)
    first = world.place(tea=3, fields=placed_on(1))
    world.place(tea=2, fields=placed_on(2))
    assert waiting() == [(3, 0), (0, 2)]

    services.cancel_order(number=first.number, reason="changed", by=SYSTEM)
    assert drain("backorders") == 1

    assert waiting() == [(0, 0), (2, 0)]
    assert world.available("tea") == {"rotterdam": 1}


def test_a_cancellation_that_helps_nobody_asks_for_no_work(world):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=3)

    services.cancel_order(number=order.number, reason="changed", by=SYSTEM)

    assert not Job.objects.filter(kind="backorders").exists()
