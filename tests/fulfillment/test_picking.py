import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import services
from fulfillment.errors import (
    FulfillmentOrderNotFound,
    OnHold,
    ReasonNeeded,
    TooManyUnits,
    UnknownLine,
)
from fulfillment.errors_packing import ExtraUnit, UnknownCode, WrongItem
from fulfillment.rules.counting import Open, spread
from inventory.models import Movement
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders import services as orders
from tests.fulfillment.steps import (
    KIM,
    counters,
    only_work_of,
    picked,
    released,
    status_of,
    units_of,
    work_of,
)


def test_picking_everything_moves_the_work_and_the_order_on(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3)
    work = only_work_of(order)
    released(work)

    picked(work)

    assert status_of(work) == "picked"
    assert units_of(work) == {"tea": (3, 3, 0, 0)}
    assert counters(order) == {"tea": {"allocated": 3, "picked": 3}}
    fact = EventRecord.objects.get(name="fulfillment_order.picked")
    assert (fact.thread, fact.subject, fact.actor) == (order.number, work.number, "user:kim")
    assert fact.payload["units"] == 3
    assert fact.payload["short"] == {}


def test_a_short_pick_is_served_by_the_next_location(world):
    world.stock("tea", rotterdam=5, leipzig=5)
    order = world.place(tea=3)
    work = only_work_of(order)

    picked(work, {"tea": 1}, reason="missing")

    here, there = work_of(order)
    assert (here.location.code, here.status, here.units) == ("rotterdam", "picked", 1)
    assert (there.location.code, there.status, there.units) == ("leipzig", "open", 2)
    assert counters(order) == {"tea": {"allocated": 3, "picked": 1}}


def test_missing_units_leave_the_books_of_the_location_that_misses_them(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3)

    picked(only_work_of(order), {"tea": 1}, reason="missing")

    assert world.on_hand("tea") == {"rotterdam": 3}
    assert world.available("tea") == {"rotterdam": 2}
    adjusted = Movement.objects.get(kind="adjust")
    assert (adjusted.on_hand_delta, adjusted.reserved_delta) == (-2, -2)
    assert adjusted.reason == "missing"
    assert counters(order) == {"tea": {"allocated": 1, "backordered": 2, "picked": 1}}


def test_units_not_picked_for_want_of_time_stay_on_the_books(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3)

    picked(only_work_of(order), {"tea": 2}, reason="no_capacity")

    assert world.on_hand("tea") == {"rotterdam": 5}
    assert world.available("tea") == {"rotterdam": 3}


def test_work_of_which_nothing_is_found_is_rejected(world):
    world.stock("tea", rotterdam=3, leipzig=3)
    order = world.place(tea=3)

    work = only_work_of(order)
    services.pick(number=work.number, lines=[], reason="missing", by=KIM, at=timezone.now())

    here, there = work_of(order)
    assert (here.status, here.units) == ("rejected", 0)
    assert (there.location.code, there.units) == ("leipzig", 3)
    assert EventRecord.objects.filter(name="fulfillment_order.rejected").count() == 1
    assert not EventRecord.objects.filter(name="fulfillment_order.picked").exists()


def test_fewer_units_without_a_reason_are_refused_and_nothing_moves(world):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=3)
    work = only_work_of(order)

    with pytest.raises(ReasonNeeded) as refusal:
        picked(work, {"tea": 2})

    assert refusal.value.missing == {"tea": 1}
    assert status_of(work) == "open"
    assert units_of(work) == {"tea": (3, 0, 0, 0)}


def test_more_units_than_asked_for_are_refused(world):
    world.stock("tea", rotterdam=9)
    work = only_work_of(world.place(tea=3))

    with pytest.raises(TooManyUnits) as refusal:
        picked(work, {"tea": 4})

    assert (refusal.value.requested, refusal.value.left) == (4, 3)
    assert units_of(work) == {"tea": (3, 0, 0, 0)}


def test_a_sku_that_is_not_in_the_work_is_refused(world):
    world.stock("tea", rotterdam=3)
    world.sku("cup")
    work = only_work_of(world.place(tea=3))

    with pytest.raises(UnknownLine):
        picked(work, {"tea": 3, "cup": 1})

    assert units_of(work) == {"tea": (3, 0, 0, 0)}


def test_picking_twice_is_refused(world):
    world.stock("tea", rotterdam=3)
    work = only_work_of(world.place(tea=3))
    picked(work)

    with pytest.raises(TransitionNotAllowed):
        picked(work)

    assert units_of(work) == {"tea": (3, 3, 0, 0)}


def test_a_hold_stops_the_pick(world):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=3)
    work = only_work_of(order)
    orders.hold_order(number=order.number, kind="payment", reason="", by=KIM)

    with pytest.raises(OnHold) as refusal:
        picked(work)

    assert refusal.value.step == "pick"
    assert status_of(work) == "open"


def test_there_is_no_picking_of_work_that_does_not_exist(db):
    with pytest.raises(FulfillmentOrderNotFound):
        services.pick(number="FO-1-1", by=KIM, at=timezone.now())


def scan(work, code):
    return services.pick_one(number=work.number, code=code, by=KIM, at=timezone.now())


def test_scanned_units_are_counted_until_the_last_one_ends_the_pick(world):
    world.stock("tea", rotterdam=3)
    world.stock("cup", rotterdam=3)
    order = world.place(tea=2, cup=1)
    work = only_work_of(order)

    scan(work, "bc-tea")
    assert status_of(work) == "picking"
    scan(work, "CUP")
    assert status_of(work) == "picking"
    scan(work, "tea")

    assert status_of(work) == "picked"
    assert units_of(work) == {"tea": (2, 2, 0, 0), "cup": (1, 1, 0, 0)}
    assert counters(order) == {
        "tea": {"allocated": 2, "picked": 2},
        "cup": {"allocated": 1, "picked": 1},
    }
    assert EventRecord.objects.filter(name="fulfillment_order.picked").count() == 1


@pytest.mark.parametrize(
    ("code", "refusal"), [("bc-tea", ExtraUnit), ("bc-cup", WrongItem), ("4711", UnknownCode)]
)
def test_a_scan_that_does_not_belong_here_counts_nothing(world, code, refusal):
    world.stock("tea", rotterdam=3)
    world.stock("pot", rotterdam=3)
    world.sku("cup")
    work = only_work_of(world.place(tea=1, pot=1))
    scan(work, "bc-tea")

    with pytest.raises(refusal):
        scan(work, code)

    assert units_of(work) == {"tea": (1, 1, 0, 0), "pot": (1, 0, 0, 0)}


def test_the_rest_of_a_scanned_pick_can_be_short(world):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=3)
    work = only_work_of(order)
    scan(work, "tea")

    services.pick(number=work.number, lines=[], reason="missing", by=KIM, at=timezone.now())

    assert status_of(work) == "picked"
    assert units_of(work) == {"tea": (1, 1, 0, 0)}
    assert counters(order) == {"tea": {"allocated": 1, "backordered": 2, "picked": 1}}


skus = st.sampled_from(["a", "b", "c"])
counts = st.lists(st.tuples(skus, st.integers(0, 9)), max_size=6)
rows = st.lists(st.tuples(skus, st.integers(0, 9)), max_size=6)


@given(counts, rows)
def test_every_counted_unit_goes_to_one_line_or_is_over(counted, lacking):
    lines = [Open(key, sku, left) for key, (sku, left) in enumerate(lacking)]

    result = spread(counted, lines)

    for line in lines:
        assert 0 <= result.units.get(line.key, 0) <= line.left
    for wanted in "abc":
        placed = sum(result.units.get(line.key, 0) for line in lines if line.sku == wanted)
        room = sum(line.left for line in lines if line.sku == wanted)
        asked = sum(units for sku, units in counted if sku == wanted)
        assert placed == min(asked, room)
        assert result.over.get(wanted, 0) == asked - placed
