"""Two make a wave of the same work, or reach for the same unit: one wins, the other is told."""

from functools import partial

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.models import FulfillmentOrderLine, Wave, WaveLine
from oms.core.books import verify
from orders.services import cancel_order
from tests.concurrency.racing import race
from tests.fulfillment.waving import ANN, KIM, OTTO, in_waves, picked, placed, warehouse, wave

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_make_waves_of_the_same_orders_and_no_order_is_in_two(world):
    warehouse(world)
    numbers = [placed(world, tea=1) for _ in range(4)]

    def make(part, by):
        return wave(*part, by=by)[0].number

    outcome = race(
        [
            partial(make, numbers[:3], OTTO),
            partial(make, list(reversed(numbers[1:])), ANN),
            partial(make, numbers, KIM),
        ]
    )

    assert sorted(each for each in outcome if each != "NotFree") == ["WV-1001"]
    assert outcome.count("NotFree") == 2
    inside = [number for number, _ in in_waves()]
    assert len(inside) == len(set(inside)) == WaveLine.objects.count()
    assert Wave.objects.count() == 1


def test_two_pick_the_last_unit_of_a_wave_and_one_has_it(world):
    warehouse(world)
    number = placed(world, tea=1)
    wave(number)

    outcome = race([partial(_status, number), partial(_status, number)])

    assert sorted(outcome) == ["TransitionNotAllowed", "done"]
    assert (Wave.objects.get().picked, FulfillmentOrderLine.objects.get().picked) == (1, 1)
    assert verify() == []


def _status(number):
    return picked("WV-1001", number, "tea").status


def test_an_order_is_cancelled_while_it_is_picked_in_a_wave_that_is_cancelled(world):
    warehouse(world)
    order = world.place(tea=2)
    [work] = world.works(order)
    wave(work.number)

    def cancel_order_now():
        cancel_order(number=order.number, reason="changed", by=OTTO)

    def cancel_wave_now():
        services.cancel_wave(number="WV-1001", by=OTTO, at=timezone.now())

    outcome = race([partial(_status, work.number), cancel_order_now, cancel_wave_now])

    assert set(outcome) <= {"picking", "done", "cancelled", None, "TransitionNotAllowed",
                            "TooManyUnits", "NotInWave"}  # fmt: skip
    assert Wave.objects.get().status in {"cancelled", "done"}
    assert in_waves() == []
    assert verify() == []
