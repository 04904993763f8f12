"""Orders that find their locations by rules that staff published."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.models import SourcingDecision, WaitingLimit
from fulfillment.selectors.measuring import Measured
from fulfillment.services.deciding import measured
from fulfillment.services.goals import Units, goals_of
from fulfillment.tasks import end_waiting
from inventory.models import Location, Lot, Quant, StockLevel
from inventory.selectors import forget_serving_locations, serving_locations
from oms.core.books import verify
from orders.models import Hold
from orders.services import release_hold
from tests.fulfillment.rates import rate, service
from tests.fulfillment.steps import KIM, counters, follow_rules, only_work_of, work_of
from tests.inventory.test_moving import put

CLOSEST = {"name": "Closest", "weights": {"distance": "1"}}


def outcomes():
    [decision] = SourcingDecision.objects.all()
    return {each["name"]: (each["outcome"], each["needs"]) for each in decision.candidates}


def where(order):
    return sorted(
        (work.location.code, line.sku.code, line.quantity)
        for work in work_of(order)
        for line in work.lines.all()
    )


@pytest.fixture
def stocked(world):
    world.stock("tea", rotterdam=5, leipzig=5)
    return world


def limited(**limits):
    return {**CLOSEST, "limits": limits}


def set_at(code, **fields):
    Location.objects.filter(code=code).update(**fields)
    forget_serving_locations()


def test_the_first_routing_that_is_for_an_order_decides(stocked):
    follow_rules({**CLOSEST, "from": ["leipzig"]}, when={"countries": ["BE"]})

    assert where(stocked.place(tea=1)) == [("leipzig", "tea", 1)]
    assert outcomes()["Rotterdam"] == (
        "Not asked in this step",
        "a place among the locations of this step",
    )
    decision = SourcingDecision.objects.get()
    assert (decision.rules_version, decision.routing, decision.step) == (1, "Tea", "Closest")


def test_an_order_that_no_routing_is_for_goes_the_built_in_way(stocked):
    follow_rules({**CLOSEST, "from": ["leipzig"]}, when={"countries": ["US"]})

    assert where(stocked.place(tea=1)) == [("rotterdam", "tea", 1)]


def test_what_one_step_cannot_serve_goes_on_to_the_next(world):
    world.stock("tea", rotterdam=2, leipzig=5)
    follow_rules(
        {**CLOSEST, "name": "Near", "from": ["rotterdam"], "allocate": "part"},
        {**CLOSEST, "name": "Anywhere", "allocate": "part", "parts": 3},
    )

    order = world.place(tea=4)

    assert where(order) == [("leipzig", "tea", 2), ("rotterdam", "tea", 2)]
    assert counters(order)["tea"]["allocated"] == 4
    assert verify() == []


def test_a_step_that_serves_all_or_nothing_leaves_the_units_where_they_are(world):
    world.stock("tea", rotterdam=2)
    follow_rules({**CLOSEST, "allocate": "all"})

    order = world.place(tea=4)

    assert where(order) == []
    assert counters(order)["tea"]["backordered"] == 4
    assert outcomes()["Rotterdam"] == ("Has 2 of 4 units", "2 more of tea")
    assert verify() == []


@pytest.mark.parametrize(
    ("limits", "outcome"),
    [
        ({"max_distance_km": 10}, ("Farther than 10 km: ", " km closer")),
        ({"has_capacity": True}, ("Full today", "room for one more order today")),
        ({"leaves_today": True}, ("Nothing leaves there any more today", "a later cut-off")),
        ({"keep_back": 5}, ("Has none of it", "1 more of tea")),
    ],
)
def test_a_location_outside_the_limits_is_not_asked(world, limits, outcome):
    world.stock("tea", rotterdam=5)
    set_at("rotterdam", daily_capacity=0, cutoff_time=time(0, 0), time_zone="UTC")
    follow_rules(limited(**limits))

    order = world.place(tea=1)

    assert where(order) == []
    said, needs = outcomes()["Rotterdam"]
    assert said.startswith(outcome[0])
    assert needs.endswith(outcome[1])
    assert StockLevel.objects.get().reserved == 0


def test_a_day_has_room_for_so_much_work(stocked):
    set_at("rotterdam", daily_capacity=2)
    follow_rules(limited(has_capacity=True))

    found = [where(stocked.place(tea=1))[0][0] for _ in range(3)]

    assert found == ["rotterdam", "rotterdam", "leipzig"]


def test_work_that_was_given_yesterday_takes_no_room_today(stocked):
    set_at("rotterdam", daily_capacity=1)
    follow_rules(limited(has_capacity=True))
    work = only_work_of(stocked.place(tea=1))
    work.created_at -= timedelta(days=1)
    work.save()

    assert where(stocked.place(tea=1)) == [("rotterdam", "tea", 1)]


def test_a_lot_that_does_not_keep_long_enough_is_not_sent(world):
    put(world, 5, "A-01-1", at="rotterdam", sku="tea", lot="L-1")
    put(world, 5, "A-01-1", at="leipzig", sku="tea", lot="L-2")
    today = timezone.localdate()
    Lot.objects.filter(code="L-1").update(expires_on=today + timedelta(days=10))
    Lot.objects.filter(code="L-2").update(expires_on=today + timedelta(days=90))
    follow_rules(limited(lot_days=30))

    assert where(world.place(tea=1)) == [("leipzig", "tea", 1)]
    assert outcomes()["Rotterdam"] == ("Has none of it", "1 more of tea")


def test_how_long_lots_keep_is_read_once_for_all_locations(world, django_assert_num_queries):
    for code in ("rotterdam", "leipzig"):
        put(world, 5, "A-01-1", at=code, sku="tea", lot=f"L-{code}")
    order = world.place(tea=1)
    places = serving_locations()
    goal = goals_of(order, [Units(line, 1) for line in order.lines.all()])[0]
    measures = measured(order, goal, places, None, timezone.now(), Measured)

    with django_assert_num_queries(1):
        kept = {each.code: measures.lasting(30)[each.pk] for each in places}

    assert {code: sum(units.values()) for code, units in kept.items()} == {
        "leipzig": 5,
        "rotterdam": 4,
    }


def test_whether_it_is_in_time_is_asked_of_all_that_would_be_sent(stocked):
    type(stocked.sku("tea")).objects.update(weight_g=800)
    service("parcel", days=9, methods=("standard",))
    rate("parcel", "5.00", 10_000)
    service("express", "DHL", days=1, methods=("express",))
    rate("express", "9.00", 1_000, origin_country="NL")
    rate("express", "15.00", 10_000, origin_country="DE")
    follow_rules(limited(in_time=True))
    soon = {"promise": {"deliver_by": (timezone.now() + timedelta(days=4)).isoformat()}}

    light = stocked.place(tea=1, fields=soon)
    heavy = stocked.place(tea=3, fields=soon)

    assert where(light) == [("rotterdam", "tea", 1)]
    assert where(heavy) == [("leipzig", "tea", 3)]


def test_running_below_the_reorder_point_has_its_price(stocked):
    StockLevel.objects.filter(location__code="rotterdam").update(reorder_point=5)
    weights = {"distance": "0.01", "stock_out": "2.00"}
    follow_rules({"name": "Careful", "weights": weights})

    assert where(stocked.place(tea=2)) == [("leipzig", "tea", 2)]
    [decision] = SourcingDecision.objects.all()
    told = {each["name"]: each["terms"] for each in decision.candidates}
    assert told["Rotterdam"]["stock_out"] == "4.00 EUR"
    assert "stock_out" not in told["Leipzig"]


def test_two_parcels_are_sent_where_that_costs_less_than_one(world):
    world.stock("tea", rotterdam=1, leipzig=1)
    world.stock("cup", leipzig=1)
    service("parcel")
    rate("parcel", "3.00", origin_country="NL", country="BE")
    rate("parcel", "4.00", origin_country="DE", country="BE")
    rate("parcel", "30.00", up_to=2000, origin_country="DE", country="BE")
    for code in ("tea", "cup"):
        world.sku(code)
    type(world.sku("tea")).objects.update(weight_g=800)
    follow_rules(
        {
            "name": "Cheapest",
            "allocate": "part",
            "parts": 3,
            "weights": {"freight": "1", "split": "2"},
        }
    )

    order = world.place(tea=1, cup=1)

    assert where(order) == [("leipzig", "cup", 1), ("rotterdam", "tea", 1)]
    [decision] = SourcingDecision.objects.all()
    assert decision.reason == ("Rotterdam and Leipzig together cost less than any single location.")
    assert decision.is_proven


def test_a_part_that_is_worth_too_little_is_not_sent_apart(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", leipzig=1)
    step = {**CLOSEST, "allocate": "part", "parts": 2, "part_value_at_least": "50.00"}
    follow_rules(step)

    order = world.place(tea=5, cup=1)

    assert where(order) == [("rotterdam", "tea", 5)]
    assert counters(order)["cup"]["backordered"] == 1
    assert verify() == []


def test_a_parked_order_is_held_for_a_person_and_goes_on_when_let_go(stocked):
    follow_rules(when={"value_at_least": "1.00", "currency": "EUR"}, rest="park")

    order = stocked.place(tea=1)

    [hold] = Hold.objects.filter(order=order)
    assert (hold.kind, hold.reason) == ("routing", "Orders like this are parked for a person.")
    assert (where(order), counters(order)["tea"]) == ([], {})

    release_hold(number=order.number, kind="routing", by=KIM)

    assert where(order) == [("rotterdam", "tea", 1)]
    assert verify() == []


def test_only_what_no_step_serves_is_parked(world):
    world.stock("tea", rotterdam=1)
    follow_rules({**CLOSEST, "allocate": "part"}, rest="park")

    order = world.place(tea=3)

    assert where(order) == [("rotterdam", "tea", 1)]
    assert counters(order)["tea"] == {"allocated": 1}
    assert not only_work_of(order).is_stopped("pick")
    assert verify() == []


def test_what_waits_too_long_is_called_off_once(world):
    world.stock("tea", rotterdam=1)
    follow_rules({**CLOSEST, "allocate": "part"}, cancel_after_days=14)
    order = world.place(tea=3)
    limit = WaitingLimit.objects.get()
    assert limit.ends_at - limit.order.created_at == timedelta(days=14)

    assert end_waiting() is False
    assert counters(order)["tea"] == {"allocated": 1, "backordered": 2}

    then = timezone.now() + timedelta(days=14, minutes=1)
    assert services.end_waiting(number=order.number, at=then) is True
    assert services.end_waiting(number=order.number, at=then) is False

    [line] = order.lines.all()
    assert (line.cancelled, line.backordered) == (2, 0)
    assert where(order) == [("rotterdam", "tea", 1)]
    assert verify() == []


def test_what_came_in_time_is_not_called_off(world):
    follow_rules(CLOSEST, cancel_after_days=14)
    order = world.place(tea=3)
    world.stock("tea", rotterdam=3)
    services.serve_waiting(sku_ids=[world.sku("tea").pk], by=KIM, at=timezone.now())

    then = timezone.now() + timedelta(days=15)
    assert services.end_waiting(number=order.number, at=then) is False
    assert counters(order)["tea"] == {"allocated": 3}


def test_units_that_rules_leave_lie_free_for_the_next_order(world):
    world.stock("tea", rotterdam=3)
    follow_rules(limited(keep_back=2))

    first, second = world.place(tea=1), world.place(tea=1)

    assert (where(first), where(second)) == ([("rotterdam", "tea", 1)], [])
    level = StockLevel.objects.get()
    assert (level.on_hand, level.reserved) == (3, 1)


def test_who_waits_is_served_only_from_where_the_rules_let(stocked):
    follow_rules({**CLOSEST, "from": ["leipzig"]}, when={"tags": ["vip"]})
    StockLevel.objects.update(on_hand=0)
    Quant.objects.all().delete()
    vip = stocked.place(tea=1, fields={"tags": ["vip"]})
    other = stocked.place(tea=1)

    stocked.stock("tea", rotterdam=2)
    assert (where(vip), where(other)) == ([], [("rotterdam", "tea", 1)])

    stocked.stock("tea", leipzig=1)
    assert where(vip) == [("leipzig", "tea", 1)]
