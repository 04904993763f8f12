"""Units come in while others order, and hands reach for the same units: the queue holds."""

import random

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.models import FulfillmentOrder, Reallocation
from fulfillment.states import ReallocationReason
from inventory.models import StockLevel
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders.models import OrderLine
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def placed_on(day):
    return {"placed_at": f"2026-11-{day:02}T12:00:00+00:00"}


def units_of(sku):
    """What each order has and waits for, the oldest first."""
    lines = OrderLine.objects.filter(sku_code=sku).order_by("order__placed_at", "order_id")
    return [(line.allocated, line.backordered) for line in lines]


def assert_first_in_first_served(found):
    """Nobody has a unit while one before them waits."""
    waits = [at for at, (_, backordered) in enumerate(found) if backordered]
    if waits:
        assert all(allocated == 0 for allocated, _ in found[waits[0] + 1 :])


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.full)])
def test_a_receipt_is_for_those_who_wait_however_many_order_meanwhile(world, rounds):
    dice = random.Random(12)
    for nth in range(rounds):
        sku = f"tea-{nth}"
        world.stock(sku, rotterdam=0)
        for day in range(1, 4):
            world.place(f"{sku}-old-{day}", fields=placed_on(day), **{sku: dice.randint(1, 3)})
        waiting = sum(backordered for _, backordered in units_of(sku))
        come = [dice.randint(1, 5), dice.randint(1, 5)]

        def receive(units, sku=sku):
            world.stock(sku, rotterdam=units)

        def order(late, units, sku=sku):
            world.place(f"{sku}-new-{late}", fields=placed_on(20 + late), **{sku: units})

        works = [lambda units=units: receive(units) for units in come]
        wanted = [dice.randint(1, 3) for _ in range(2)]
        works += [lambda late=late, n=n: order(late, n) for late, n in enumerate(wanted)]
        assert set(race(works)) == {None}

        found = units_of(sku)
        served = sum(allocated for allocated, _ in found)
        assert served == min(sum(come), waiting + sum(wanted))
        assert_first_in_first_served(found[:3])
        if sum(backordered for _, backordered in found[:3]):
            assert all(allocated == 0 for allocated, _ in found[3:])
        level = StockLevel.objects.get(sku__code=sku)
        assert (level.on_hand, level.reserved) == (sum(come), served)
    assert verify() == []


def test_two_people_give_the_same_units_away_or_back_and_one_does(world):
    world.stock("tea", rotterdam=2)
    has = world.place("has", tea=2, fields=placed_on(1))
    [work] = world.works(has)
    takers = [world.place(f"waits-{n}", tea=2, fields=placed_on(2 + n)) for n in range(2)]

    def give(taker):
        return services.reallocate(
            work=work.number,
            sku="tea",
            taker=taker.number,
            units=2,
            reason=ReallocationReason.MISTAKE,
            by=SYSTEM,
            at=timezone.now(),
        ).number

    def undo():
        services.undo_reallocation(number="RA-1001", by=SYSTEM, at=timezone.now())
        return "undone"

    outcome = race([lambda taker=taker: give(taker) for taker in takers])
    assert sorted(outcome) == ["NothingToGive", "RA-1001"]
    assert sorted(units_of("tea")) == [(0, 2), (0, 2), (2, 0)]

    assert sorted(race([undo, undo])) == ["AlreadyUndone", "undone"]
    assert units_of("tea") == [(2, 0), (0, 2), (0, 2)]
    assert verify() == []


def test_giving_units_away_and_picking_them_has_one_winner(world):
    world.stock("tea", rotterdam=2)
    has = world.place("has", tea=2, fields=placed_on(1))
    waits = world.place("waits", tea=2, fields=placed_on(2))
    [work] = world.works(has)

    def give():
        services.reallocate(
            work=work.number,
            sku="tea",
            taker=waits.number,
            units=2,
            reason=ReallocationReason.MISTAKE,
            by=SYSTEM,
            at=timezone.now(),
        )
        return "given"

    def pick():
        services.pick(number=work.number, by=SYSTEM, at=timezone.now())
        return "picked"

    outcome = race([give, pick])

    work = FulfillmentOrder.objects.get(pk=work.pk)
    if outcome[0] == "given":
        assert outcome[1] == "TransitionNotAllowed"
        assert (work.status, units_of("tea")) == ("cancelled", [(0, 2), (2, 0)])
    else:
        assert outcome == ["NothingToGive", "picked"]
        assert (work.status, units_of("tea")) == ("picked", [(2, 0), (0, 2)])
        assert not Reallocation.objects.exists()
    assert verify() == []
