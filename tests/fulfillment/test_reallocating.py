"""Units go from one order to another: a named act with a reason, undone until they are picked."""

import pytest
from django.utils import timezone

from fulfillment import errors, services
from fulfillment.models import FulfillmentOrder, Reallocation
from fulfillment.states import ReallocationReason
from oms.core.books import verify
from oms.core.models import EventRecord
from orders import services as orders
from orders.models import OrderLine
from tests.fulfillment.rates import rate, service
from tests.fulfillment.steps import KIM, picked


def placed_on(day):
    return {"placed_at": f"2026-11-{day:02}T12:00:00+00:00"}


@pytest.fixture
def shop(world):
    """One order that has three of four units, and a later one that waits for two."""
    world.stock("tea", rotterdam=3)
    has = world.place(tea=4, fields=placed_on(1))
    waits = world.place(tea=2, fields=placed_on(2))
    return has, waits


def give(has, waits, units=2, sku="tea", work=None, **more):
    return services.reallocate(
        work=work or FulfillmentOrder.objects.filter(order=has).earliest("id").number,
        sku=sku,
        taker=waits.number,
        units=units,
        reason=ReallocationReason.PROMISED_DAY,
        note="Promised by phone",
        by=KIM,
        at=timezone.now(),
        **more,
    )


def undo(moved):
    return services.undo_reallocation(number=moved.number, by=KIM, at=timezone.now())


def counters(*found):
    lines = OrderLine.objects.filter(order__in=found).order_by("order__placed_at", "order_id")
    return [(line.allocated, line.backordered) for line in lines]


def stories():
    facts = EventRecord.objects.filter(name__startswith="reallocation.").order_by("id")
    return [(each.name, each.thread, each.payload["gives"]) for each in facts]


def test_units_go_to_the_order_that_waits_and_the_other_waits_at_its_old_place(world, shop):
    has, waits = shop
    moved = give(has, waits)

    assert counters(has, waits) == [(1, 3), (2, 0)]
    assert moved.number == "RA-1001"
    kept = Reallocation.objects.get()
    assert (kept.giver, kept.taker, kept.units) == (has, waits, 2)
    assert (kept.reason, kept.note, kept.moved_by) == (
        "promised_day",
        "Promised by phone",
        "user:kim",
    )
    [work] = world.works(waits)
    assert (kept.taken_by, work.units, work.location.code) == (work, 2, "rotterdam")
    assert world.works(has)[0].units == 1
    assert stories() == [
        ("reallocation.made", has.number, True),
        ("reallocation.made", waits.number, False),
    ]
    assert world.available("tea") == {"rotterdam": 0}
    assert verify() == []

    third = world.place(tea=1, fields=placed_on(3))
    world.stock("tea", rotterdam=3)
    assert counters(has, third) == [(4, 0), (0, 1)]


def test_work_that_has_nothing_left_is_cancelled(world, shop):
    world.stock("cup", rotterdam=2)
    has = world.place(cup=2)
    waits = world.place(cup=2)

    give(has, waits, sku="cup")

    assert [work.status for work in world.works(has)] == ["cancelled"]
    assert counters(has, waits) == [(0, 2), (2, 0)]
    assert verify() == []


def test_neither_story_names_the_other_order(world, shop):
    has, waits = shop
    give(has, waits)

    for here, there in ((has, waits), (waits, has)):
        for fact in EventRecord.objects.filter(thread=here.number):
            assert there.number not in str(fact.payload)


def test_it_is_undone_once(world, shop):
    has, waits = shop
    moved = give(has, waits)

    undone = undo(moved)

    assert counters(has, waits) == [(3, 1), (0, 2)]
    assert (undone.undone_by, undone.is_undone) == ("user:kim", True)
    assert stories()[2:] == [
        ("reallocation.undone", waits.number, False),
        ("reallocation.undone", has.number, True),
    ]
    assert verify() == []
    with pytest.raises(errors.AlreadyUndone):
        undo(moved)
    assert counters(has, waits) == [(3, 1), (0, 2)]


def test_what_is_picked_is_neither_given_nor_given_back(world, shop):
    has, waits = shop
    moved = give(has, waits)
    picked(moved.taken_by)

    with pytest.raises(errors.NothingToGive) as refused:
        undo(moved)
    assert (refused.value.requested, refused.value.available) == (2, 0)

    picked(moved.given_by)
    later = world.place(tea=1, fields=placed_on(4))
    with pytest.raises(errors.NothingToGive):
        give(has, later, 1)
    assert counters(has, waits, later) == [(1, 3), (2, 0), (0, 1)]
    assert Reallocation.objects.count() == 1
    assert verify() == []


def test_it_is_not_undone_when_the_other_order_waits_no_more(world, shop):
    has, waits = shop
    moved = give(has, waits)
    world.stock("tea", rotterdam=2)

    with pytest.raises(errors.NobodyWaits) as refused:
        undo(moved)

    assert (refused.value.number, refused.value.waiting) == (has.number, 1)
    assert counters(has, waits) == [(3, 1), (2, 0)]


def test_no_more_is_given_than_is_there_or_waited_for(world, shop):
    has, waits = shop
    cases = [
        (errors.NothingToGive, lambda: give(has, waits, 4)),
        (errors.NobodyWaits, lambda: give(has, waits, 3)),
        (errors.NothingToGive, lambda: give(has, waits, 1, sku="cake")),
        (errors.SameOrder, lambda: give(has, has, 1)),
        (errors.FulfillmentOrderNotFound, lambda: give(has, waits, work="FO-1-1")),
        (errors.ReallocationNotFound, lambda: undo(Reallocation(number="RA-1"))),
    ]
    for refusal, act in cases:
        with pytest.raises(refusal):
            act()
    assert counters(has, waits) == [(3, 1), (0, 2)]
    assert stories() == []


def test_an_order_that_is_held_gets_nothing(world, shop):
    has, waits = shop
    orders.hold_order(number=waits.number, kind="fraud", reason="", by=KIM)

    with pytest.raises(errors.HeldBack) as refused:
        give(has, waits)

    assert refused.value.holds == ["fraud"]
    assert counters(has, waits) == [(3, 1), (0, 2)]


def test_nothing_is_given_to_whom_no_service_reaches_from_there(world):
    service("parcel")
    rate("parcel", "5.00", origin_country="NL")
    service("ground", "UPS")
    rate("ground", "9.00", origin_country="US", country="US")
    world.stock("tea", rotterdam=0, newark=2)
    boston = {"name": "Kim", "line1": "1 Main St", "city": "Boston", "country": "US"}
    has = world.place(tea=2, fields={"shipping_address": boston})
    waits = world.place(tea=1)
    assert counters(has, waits) == [(2, 0), (0, 1)]

    with pytest.raises(errors.OutOfReach):
        give(has, waits, 1)

    assert counters(has, waits) == [(2, 0), (0, 1)]
