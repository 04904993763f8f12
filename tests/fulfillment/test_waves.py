"""Work that is picked together: made, changed, merged, given back."""

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.errors_waves import (
    CannotPickHere,
    NotFree,
    NothingToPick,
    NotInWave,
    OtherPlaces,
    WaveNotFound,
    WaveTooLarge,
)
from fulfillment.models import FulfillmentOrder, Wave, WaveLine, WaveOrder
from fulfillment.rules.waves import MOST_ORDERS
from fulfillment.states import WaveRule
from inventory.errors import LocationNotFound
from oms.core.books import verify
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders.services import cancel_order
from tests.fulfillment.steps import picked as picked_alone
from tests.fulfillment.steps import released
from tests.fulfillment.waving import (
    KIM,
    OTTO,
    free,
    halts,
    in_waves,
    orders_of,
    picked,
    placed,
    warehouse,
    wave,
)


@pytest.fixture
def floor(world):
    warehouse(world)
    return world


def test_a_wave_holds_its_orders_in_the_order_they_were_named_in(floor):
    first, second = placed(floor, tea=2), placed(floor, cup=1)

    [made] = wave(second, first)

    assert made.number == "WV-1001"
    assert (made.status, made.picker, made.made_by) == ("open", "", "user:otto")
    assert orders_of("WV-1001") == [second, first]
    assert free(floor) == []
    fact = EventRecord.objects.get(name="wave.made")
    assert fact.payload["fulfillment_orders"] == [second, first]
    assert (fact.payload["units"], fact.payload["location"]) == (3, "rotterdam")


def test_the_walk_takes_one_sku_once_for_all_orders_past_the_bins_in_their_turn(floor):
    first, second = placed(floor, tea=2, pot=1), placed(floor, tea=3, cup=1)

    wave(first, second)

    assert halts("WV-1001") == [("A-2", "tea", 5), ("A-1", "cup", 1), ("B-1", "pot", 1)]


def test_work_that_is_in_a_wave_is_in_no_other(floor):
    number, other = placed(floor, tea=1), placed(floor, tea=1)
    wave(number)

    with pytest.raises(NotFree) as refusal:
        wave(number, other)

    assert refusal.value.numbers == [number]
    assert Wave.objects.count() == 1
    assert in_waves() == [(number, "WV-1001")]


def test_work_that_may_not_be_picked_is_in_no_wave(floor):
    held, done, elsewhere = placed(floor, tea=1), placed(floor, tea=1), placed(floor, tea=1)
    services.hold_work(number=held, reason="Ask first", by=OTTO, at=timezone.now())
    services.pick(number=done, by=KIM, at=timezone.now())
    assert free(floor) == [elsewhere]

    for number in (held, done, "FO-9-1"):
        with pytest.raises(NotFree):
            wave(number)
    floor.location("leipzig")
    with pytest.raises(NotFree):
        services.make_waves(location="leipzig", numbers=[elsewhere], by=OTTO, at=timezone.now())

    assert not Wave.objects.exists()


def test_a_wave_of_nothing_of_nowhere_or_too_large_is_refused(floor):
    now = timezone.now()
    with pytest.raises(NothingToPick):
        wave()
    with pytest.raises(LocationNotFound):
        services.make_waves(location="mars", numbers=["FO-1-1"], by=OTTO, at=now)
    with pytest.raises(WaveTooLarge):
        wave(*(f"FO-{n}-1" for n in range(MOST_ORDERS + 1)))

    assert not Wave.objects.exists()


def test_an_order_is_split_over_zones_and_comes_together_again(floor):
    both, one = placed(floor, tea=1, pot=2), placed(floor, jar=1)

    first, second = wave(both, one, rule=WaveRule.ZONE)

    assert (first.zone, orders_of(first.number)) == ("A", [both])
    assert (second.zone, orders_of(second.number)) == ("B", [both, one])
    assert halts(second.number) == [("B-1", "pot", 2), ("B-2", "jar", 1)]

    done = picked(first.number, both, "tea")
    assert (done.status, done.picked) == ("done", 1)
    assert _status(both) == "picking"

    picked(second.number, both, "pot", 2)
    assert _status(both) == "picked"
    assert Wave.objects.get(number=second.number).status == "picking"


def test_one_zone_alone_leaves_the_rest_of_an_order_free(floor):
    both = placed(floor, tea=1, pot=2)

    [made] = wave(both, rule=WaveRule.ZONE, zone="B")

    assert halts(made.number) == [("B-1", "pot", 2)]
    assert free(floor) == [both]
    [rest] = wave(both)
    assert halts(rest.number) == [("A-2", "tea", 1)]


def test_what_is_left_may_be_added_and_taken_back_again(floor):
    first, second = placed(floor, tea=1), placed(floor, cup=1)
    wave(first)
    now = timezone.now()

    services.add_to_wave(number="WV-1001", works=[second], by=OTTO, at=now)
    assert orders_of("WV-1001") == [first, second]
    with pytest.raises(NotFree):
        services.add_to_wave(number="WV-1001", works=[second], by=OTTO, at=now)

    services.take_back(number="WV-1001", work=second, by=OTTO, at=now)
    assert (orders_of("WV-1001"), free(floor)) == ([first], [second])
    with pytest.raises(NotInWave):
        services.take_back(number="WV-1001", work=second, by=OTTO, at=now)

    services.add_to_wave(number="WV-1001", works=[second], by=OTTO, at=now)
    assert orders_of("WV-1001") == [first, second]
    facts = EventRecord.objects.filter(name="wave.changed").order_by("pk")
    assert [fact.payload["how"] for fact in facts] == ["added", "taken_back", "added"]


def test_without_its_last_order_a_wave_is_over(floor):
    number = placed(floor, tea=1)
    wave(number)

    services.take_back(number="WV-1001", work=number, by=OTTO, at=timezone.now())

    assert Wave.objects.get().status == "done"
    assert free(floor) == [number]


def test_a_cancelled_wave_lets_its_orders_go_and_keeps_what_was_picked(floor):
    begun, other = placed(floor, tea=2), placed(floor, cup=1)
    wave(begun, other)
    picked("WV-1001", begun, "tea")

    services.cancel_wave(number="WV-1001", by=OTTO, at=timezone.now())

    assert Wave.objects.get().status == "cancelled"
    assert in_waves() == []
    assert free(floor) == [begun, other]
    assert EventRecord.objects.get(name="wave.cancelled").payload["left"] == 2
    [again] = wave(begun, other)
    assert halts(again.number) == [("A-2", "tea", 1), ("A-1", "cup", 1)]
    assert verify() == []


def test_what_is_over_is_not_changed_any_more(floor):
    number, other = placed(floor, tea=1), placed(floor, cup=1)
    wave(number)
    now = timezone.now()
    services.cancel_wave(number="WV-1001", by=OTTO, at=now)

    refused = [
        lambda: services.cancel_wave(number="WV-1001", by=OTTO, at=now),
        lambda: services.assign_wave(number="WV-1001", picker="kim", by=OTTO, at=now),
        lambda: services.take_back(number="WV-1001", work=number, by=OTTO, at=now),
        lambda: services.add_to_wave(number="WV-1001", works=[other], by=OTTO, at=now),
        lambda: services.take_tote(number="WV-1001", work=number, tote="T-1", by=KIM, at=now),
        lambda: picked("WV-1001", number, "tea"),
    ]
    for verb in refused:
        with pytest.raises(TransitionNotAllowed):
            verb()

    assert _status(number) == "open"
    assert EventRecord.objects.filter(name__startswith="wave.").count() == 2


def test_what_is_left_of_other_waves_is_taken_into_one(floor):
    numbers = [placed(floor, tea=1) for _ in range(3)]
    for number in numbers:
        wave(number)
    picked("WV-1002", numbers[1], "tea")

    merged = services.merge_waves(
        number="WV-1001", others=["WV-1003", "WV-1001"], by=OTTO, at=timezone.now()
    )

    assert orders_of(merged.number) == [numbers[0], numbers[2]]
    assert Wave.objects.get(number="WV-1003").status == "done"
    assert halts("WV-1001") == [("A-2", "tea", 2)]
    with pytest.raises(TransitionNotAllowed):
        services.merge_waves(number="WV-1001", others=["WV-1002"], by=OTTO, at=timezone.now())
    with pytest.raises(WaveNotFound):
        services.merge_waves(number="WV-1001", others=["WV-9"], by=OTTO, at=timezone.now())


def test_waves_of_different_zones_are_not_merged(floor):
    both = placed(floor, tea=1, pot=1)
    wave(both, rule=WaveRule.ZONE)

    with pytest.raises(OtherPlaces):
        services.merge_waves(number="WV-1001", others=["WV-1002"], by=OTTO, at=timezone.now())

    assert orders_of("WV-1002") == [both]


def test_a_wave_is_given_to_who_picks_there(floor):
    floor.user("kim", role="warehouse", at=["rotterdam"])
    floor.user("lea", role="warehouse", at=["leipzig"])
    floor.user("sam", role="support")
    floor.user("otto", role="operations")
    wave(placed(floor, tea=1))
    now = timezone.now()

    for name in ("kim", "otto", ""):
        services.assign_wave(number="WV-1001", picker=name, by=OTTO, at=now)
        assert Wave.objects.get().picker == name
    for name in ("lea", "sam", "nobody"):
        with pytest.raises(CannotPickHere):
            services.assign_wave(number="WV-1001", picker=name, by=OTTO, at=now)

    assert Wave.objects.get().picker == ""
    assert EventRecord.objects.filter(name="wave.assigned").count() == 3


@pytest.mark.parametrize("how", ["cancelled", "picked alone", "moved", "rejected"])
def test_work_that_is_done_with_beside_the_walk_ends_a_wave(floor, how):
    floor.stock("tea", leipzig=5)
    order = floor.place(tea=1)
    [work] = floor.works(order)
    wave(work.number)
    now = timezone.now()

    if how == "cancelled":
        cancel_order(number=order.number, reason="changed", by=OTTO)
    elif how == "picked alone":
        released(work)
        picked_alone(work)
    elif how == "moved":
        services.move_work(number=work.number, location="leipzig", by=OTTO, at=now)
        assert not WaveOrder.objects.exists()
    else:
        services.reject(number=work.number, reason="closed", by=OTTO, at=now)

    assert Wave.objects.get().status == "done"
    assert not WaveLine.objects.filter(is_live=True).exists()
    assert verify() == []


def _status(number):
    return FulfillmentOrder.objects.get(number=number).status
