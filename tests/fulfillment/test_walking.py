"""The walk of a wave: taken once for all, put to each, and what is not there goes elsewhere."""

from datetime import date

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import services
from fulfillment.errors import OnHold, ReasonNeeded, TooManyUnits
from fulfillment.errors_waves import AnothersWave, NotInWave, ToteInUse, WrongTote
from fulfillment.models import FulfillmentOrder, Wave
from fulfillment.rules.walking import Spot, Want, walk
from fulfillment.rules.waves import Candidate, Wish, choose
from fulfillment.states import WaveRule
from inventory import services as inventory
from inventory.errors import NotInBin
from inventory.models import Quant
from oms.catalog.models import Sku
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from tests.fulfillment.steps import counters
from tests.fulfillment.waving import (
    ANN,
    KIM,
    OTTO,
    halts,
    number_of,
    picked,
    placed,
    short,
    totes,
    walk_of,
    warehouse,
    wave,
)


@pytest.fixture
def floor(world):
    warehouse(world)
    return world


def status_of(number):
    return FulfillmentOrder.objects.get(number=number).status


def test_units_go_to_each_order_and_the_last_one_ends_the_walk(floor):
    order = floor.place(tea=2)
    first, second = number_of(floor, order), placed(floor, tea=1, cup=1)
    wave(first, second)

    picked("WV-1001", first, "tea", 2, bin="A-2")
    assert (status_of(first), status_of(second)) == ("picked", "open")
    assert counters(order) == {"tea": {"allocated": 2, "picked": 2}}
    picked("WV-1001", second, "tea", bin="A-2")
    assert (status_of(second), Wave.objects.get().status) == ("picking", "picking")
    done = picked("WV-1001", second, "cup", bin="A-1")

    assert (done.status, done.picked, done.short) == ("done", 4, 0)
    assert (done.picker, status_of(second)) == ("kim", "picked")
    assert EventRecord.objects.filter(name="fulfillment_order.picked").count() == 2
    assert EventRecord.objects.get(name="wave.finished").payload["picked"] == 4
    taken = Quant.objects.filter(state="picked").order_by("bin")
    assert [(quant.bin, quant.quantity) for quant in taken] == [("A-1", 1), ("A-2", 2), ("A-2", 1)]
    assert verify() == []


def test_more_than_an_order_wants_is_refused(floor):
    number = placed(floor, tea=2)
    wave(number)
    picked("WV-1001", number, "tea")

    with pytest.raises(TooManyUnits):
        picked("WV-1001", number, "tea", 2)

    assert Wave.objects.get().picked == 1
    assert halts("WV-1001") == [("A-2", "tea", 1)]


def test_the_same_unit_said_twice_at_the_end_counts_once(floor):
    number = placed(floor, tea=1)
    wave(number)
    picked("WV-1001", number, "tea")

    with pytest.raises(TransitionNotAllowed):
        picked("WV-1001", number, "tea")

    assert Wave.objects.get().picked == 1


def test_nobody_picks_the_wave_of_another_before_taking_it_over(floor):
    floor.user("ann", role="warehouse", at=["rotterdam"])
    number = placed(floor, tea=2)
    wave(number, picker="kim")

    with pytest.raises(AnothersWave):
        picked("WV-1001", number, "tea", by=ANN)
    assert status_of(number) == "open"
    services.assign_wave(number="WV-1001", picker="ann", by=OTTO, at=timezone.now())
    picked("WV-1001", number, "tea", by=ANN)
    with pytest.raises(AnothersWave):
        picked("WV-1001", number, "tea", by=KIM)

    assert (Wave.objects.get().picker, Wave.objects.get().picked) == ("ann", 1)


def test_what_is_not_in_the_wave_is_not_picked_with_it(floor):
    number, other = placed(floor, tea=1, pot=1), placed(floor, tea=1)
    wave(number, rule=WaveRule.ZONE, zone="B")

    for work, sku in ((number, "tea"), (other, "tea")):
        with pytest.raises(NotInWave):
            picked("WV-1001", work, sku)
        with pytest.raises(NotInWave):
            short("WV-1001", work, sku)

    assert (status_of(number), status_of(other)) == ("open", "open")


def test_each_order_has_a_tote_and_units_go_into_no_other(floor):
    first, second = placed(floor, tea=1), placed(floor, tea=1)
    wave(first, second, rule=WaveRule.CART)
    assert walk_of("WV-1001").without_tote == walk_of("WV-1001").places
    with pytest.raises(WrongTote):
        picked("WV-1001", first, "tea")

    totes("WV-1001", "t-1", "t-2")
    with pytest.raises(WrongTote) as refusal:
        picked("WV-1001", first, "tea", tote="T-2")

    assert (refusal.value.scanned, refusal.value.expected) == ("T-2", "T-1")
    assert (status_of(first), Wave.objects.get().picked) == ("open", 0)
    picked("WV-1001", first, "tea", tote=" t-1 ")
    assert status_of(first) == "picked"


def test_a_tote_holds_one_order_until_it_is_packed(floor):
    first, second, third = (placed(floor, tea=1) for _ in range(3))
    wave(first, second, rule=WaveRule.CART)
    totes("WV-1001", "T-1", "T-2")
    now = timezone.now()
    with pytest.raises(ToteInUse) as refusal:
        services.take_tote(number="WV-1001", work=second, tote="T-1", by=KIM, at=now)
    assert refusal.value.fulfillment_order == first
    picked("WV-1001", first, "tea", tote="T-1")
    picked("WV-1001", second, "tea", tote="T-2")

    wave(third, rule=WaveRule.CART)
    with pytest.raises(ToteInUse):
        totes("WV-1002", "T-1")
    services.pack(number=first, by=KIM, at=now)
    totes("WV-1002", "T-1")

    assert walk_of("WV-1002").places[0].tote == "T-1"


def test_what_is_not_there_is_asked_of_others_while_the_walk_goes_on(floor):
    floor.stock("tea", leipzig=5)
    order = floor.place(tea=3, cup=1)
    number = number_of(floor, order)
    other = placed(floor, tea=1)
    wave(number, other)
    picked("WV-1001", number, "tea")

    short("WV-1001", number, "tea", 2)

    assert halts("WV-1001") == [("A-2", "tea", 1), ("A-1", "cup", 1)]
    here, there = floor.works(order)
    assert (here.status, here.units) == ("picking", 2)
    assert (there.location.code, there.status, there.units) == ("leipzig", "open", 2)
    assert floor.on_hand("tea") == {"leipzig": 5, "rotterdam": 18}
    fact = EventRecord.objects.get(name="fulfillment_order.short")
    assert (fact.thread, fact.payload["units"], fact.payload["reason"]) == (
        order.number,
        {"tea": 2},
        "missing",
    )
    picked("WV-1001", number, "cup")
    picked("WV-1001", other, "tea")
    done = Wave.objects.get()
    assert (done.status, done.picked, done.short) == ("done", 3, 2)
    assert verify() == []


def test_an_order_of_which_nothing_is_there_is_rejected_and_the_walk_is_over(floor):
    number = placed(floor, tea=1)
    wave(number)

    with pytest.raises(ReasonNeeded):
        short("WV-1001", number, "tea", reason="")
    assert Wave.objects.get().short == 0
    short("WV-1001", number, "tea")

    assert status_of(number) == "rejected"
    assert (Wave.objects.get().status, Wave.objects.get().short) == ("done", 1)


def test_work_on_hold_is_walked_past_and_the_wave_waits_for_it(floor):
    number, other = placed(floor, tea=1), placed(floor, tea=1)
    wave(number, other)
    now = timezone.now()
    services.hold_work(number=number, reason="Ask first", by=OTTO, at=now)

    assert halts("WV-1001") == [("A-2", "tea", 1)]
    assert [place.fulfillment_order.number for place in walk_of("WV-1001").held] == [number]
    with pytest.raises(OnHold):
        picked("WV-1001", number, "tea")
    picked("WV-1001", other, "tea")
    assert Wave.objects.get().status == "picking"

    services.resume_work(number=number, by=OTTO, at=now)
    picked("WV-1001", number, "tea")
    assert Wave.objects.get().status == "done"


def test_each_lot_is_a_stop_and_the_one_that_was_taken_leaves(world):
    world.sku("milk", tracking=Sku.Tracking.LOT)
    place, now = world.location("rotterdam"), timezone.now()
    for bin, lot, day in (("A-1", "young", 6), ("B-1", "old", 1)):
        arrival = inventory.Arrival(world.sku("milk"), place, 2, bin, lot, date(2030, day, 1))
        inventory.receive(arrivals=[arrival], reference="d", by=SYSTEM, at=now)
    number = placed(world, milk=3)
    wave(number)
    stops = [(halt.stop.bin, halt.stop.lot, halt.units) for halt in walk_of("WV-1001").halts]
    assert stops == [("A-1", "young", 1), ("B-1", "old", 2)]

    picked("WV-1001", number, "milk", 2, bin="A-1", lot="young")
    with pytest.raises(NotInBin):
        picked("WV-1001", number, "milk", 1, bin="A-1", lot="never")
    picked("WV-1001", number, "milk", 1, bin="B-1", lot="old")

    taken = Quant.objects.filter(state="picked").order_by("lot")
    assert [(quant.lot, quant.quantity) for quant in taken] == [("old", 1), ("young", 2)]
    assert Wave.objects.get().status == "done"


def test_walks_cost_the_same_queries_for_one_order_and_for_many(floor, django_assert_num_queries):
    wave(placed(floor, tea=1))
    wave(*(placed(floor, tea=1, cup=1, pot=1) for _ in range(3)))

    for number in ("WV-1001", "WV-1002"):
        with django_assert_num_queries(4):
            walk_of(number)


WHEN = timezone.now()
units = st.integers(1, 5)
spots = st.lists(st.tuples(st.integers(1, 3), st.sampled_from("ABC"), st.integers(1, 6)))


@given(st.lists(st.tuples(st.integers(1, 3), units), max_size=8), spots)
def test_every_unit_wanted_is_taken_once_from_where_it_lies(wanted, lying):
    wants = [
        Want(line, level, f"sku-{level}", line, count)
        for line, (level, count) in enumerate(wanted, start=1)
    ]
    stops = walk(wants, [Spot(level, bin, "", count) for level, bin, count in lying])

    got = {want.line_id: 0 for want in wants}
    for stop in stops:
        for put in stop.puts:
            got[put.line_id] += put.units
    assert got == {want.line_id: want.units for want in wants}
    for stop in stops:
        there = sum(n for level, bin, n in lying if (level, bin) == (stop.level_id, stop.bin))
        assert not stop.bin or stop.units <= there
    assert len({(stop.level_id, stop.bin) for stop in stops}) == len(stops)


@given(
    st.lists(st.tuples(units, st.integers(1, 3), st.integers(0, 9)), max_size=12),
    st.sampled_from(WaveRule),
    st.integers(1, 6),
    st.none() | units,
)
def test_a_wave_is_never_larger_than_wished_and_takes_the_most_urgent(rows, rule, most, most_units):
    candidates = [
        Candidate(f"FO-{n:02}", count, lines, WHEN, due=WHEN.replace(microsecond=late))
        for n, (count, lines, late) in enumerate(rows)
    ]
    chosen = choose(candidates, Wish(rule, most, most_units), now=WHEN)

    assert len(chosen) <= most
    assert most_units is None or sum(each.units for each in chosen) <= most_units
    assert chosen == sorted(chosen, key=lambda each: each.turn)
    if rule == WaveRule.SINGLE_LINE:
        assert all(each.lines == 1 for each in chosen)
