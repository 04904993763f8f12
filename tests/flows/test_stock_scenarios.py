"""Behaviour that any order management system should show of stock, case by case.

The cases are facts found in the tests of other systems, told in our own words: saleor/saleor
(BSD-3-Clause, commit 723cd4e) for `alloc`, `split` and most of `res`; the id of each test names its
case. Where a case depends on policy, the test says what ours is.
"""

import pytest
from django.utils import timezone

from inventory import services as inventory
from inventory.errors import InsufficientStock
from inventory.models import Reservation, StockLevel
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders import services as orders
from orders.models import Order
from orders.rules.changes import Action


@pytest.fixture
def strict(world):
    """A channel that takes no order beyond its stock."""
    world.channel("strict", stock_policy="refuse")
    return world


@pytest.fixture(autouse=True)
def books_are_clean(db):
    yield
    assert verify() == []


def allocations(world, order):
    return {work.location.code: work.units for work in world.works(order)}


def reserved(sku):
    levels = StockLevel.objects.filter(sku__code=sku).select_related("location")
    return {level.location.code: level.reserved for level in levels}


def resize(order, units):
    actions = [Action("set_quantity", sku="v", quantity=units)]
    orders.change_order(number=order.number, actions=actions, by=SYSTEM)


def test_alloc_03_what_no_location_has_alone_comes_from_as_few_as_can_serve_it(world):
    """Ours: the closest first, not a fixed order of warehouses; both here, as the case has it."""
    world.stock("v", leipzig=4, rotterdam=3)

    order = world.place(v=5)

    assert allocations(world, order) == {"rotterdam": 3, "leipzig": 2}


def test_alloc_04_what_is_collected_is_allocated_where_it_is_collected(world):
    world.stock("v", rotterdam=4, ghent=3, leipzig=5)

    collected = {"shipping": {"method": "pickup", "pickup_location": "leipzig"}}
    order = world.place(v=5, fields=collected)

    assert allocations(world, order) == {"leipzig": 5}


def test_alloc_07_a_refusal_names_every_sku_that_lacks_and_allocates_nothing(strict):
    strict.stock("v1", rotterdam=7)
    strict.stock("v2", rotterdam=7)

    answer = strict.api("strict").post(
        "/api/v1/orders/",
        strict.order_body("1", v1=100, v2=100),
        format="json",
        headers={"Idempotency-Key": "1"},
    )

    assert answer.status_code == 409
    told = answer.json()
    assert told["type"] == "/problems/insufficient_stock"
    assert {told["sku"], *(each["sku"] for each in told["others"])} == {"v1", "v2"}
    assert told["title"] == "v1: 100 requested, 7 available. v2: 100 requested, 7 available."
    assert (reserved("v1"), reserved("v2")) == ({"rotterdam": 0}, {"rotterdam": 0})
    assert not Order.objects.exists()


def test_alloc_09_an_allocation_that_is_cancelled_is_given_back(world):
    world.stock("v", rotterdam=100)
    order = world.place(v=80)

    orders.cancel_order(number=order.number, reason="", by=SYSTEM)

    assert (world.on_hand("v"), reserved("v")) == ({"rotterdam": 100}, {"rotterdam": 0})


def test_alloc_13_what_comes_in_does_not_touch_what_is_allocated(world):
    world.stock("v", rotterdam=100)
    world.place(v=80)

    world.stock("v", rotterdam=50)

    assert (world.on_hand("v"), reserved("v")) == ({"rotterdam": 150}, {"rotterdam": 80})


def test_split_04_nothing_anywhere_is_a_refusal(strict):
    strict.stock("v", rotterdam=0, leipzig=0)

    with pytest.raises(InsufficientStock, match="v: 5 requested, 0 available"):
        strict.place(v=5, channel="strict")


@pytest.mark.parametrize("full", ["rotterdam", "leipzig"])
def test_split_06_07_the_one_location_that_has_all_serves_all(strict, full):
    strict.stock("v", **{"rotterdam": 0, "leipzig": 0, full: 5})

    order = strict.place(v=5, channel="strict")

    assert allocations(strict, order) == {full: 5}


def test_split_09_one_location_that_has_all_is_better_than_two(strict):
    """Ours: one parcel, though a closer location has some of it."""
    strict.stock("v", rotterdam=2, leipzig=5)

    order = strict.place(v=5, channel="strict")

    assert allocations(strict, order) == {"leipzig": 5}


def test_split_12_no_more_locations_than_are_needed(strict):
    strict.stock("v", rotterdam=3, ghent=3, leipzig=3)

    order = strict.place(v=5, channel="strict")

    assert sorted(allocations(strict, order).values()) == [2, 3]


def test_bo_02_what_one_place_lacks_comes_from_another_before_anybody_waits(world):
    """Ours: what a dropshipper has counts as stock of a location of ours; nobody goes below 0."""
    world.stock("v1", rotterdam=10, leipzig=20)
    world.stock("v2", rotterdam=10)

    order = world.place(v1=15, v2=5)

    lines = {line.sku_code: (line.allocated, line.backordered) for line in order.lines.all()}
    assert lines == {"v1": (15, 0), "v2": (5, 0)}
    assert sum(allocations(world, order).values()) == 20


def test_res_02_more_than_there_is_reserves_nothing(strict):
    strict.stock("i", rotterdam=2)

    with pytest.raises(InsufficientStock, match="i: 3 requested, 2 available"):
        strict.place(i=3, channel="strict")

    assert reserved("i") == {"rotterdam": 0}


def test_res_03_who_may_wait_gets_what_is_there_and_waits_for_the_rest(world):
    """Ours: available never goes below nothing; the rest is backordered on the order."""
    world.stock("i", rotterdam=2)

    order = world.place(i=3)

    assert reserved("i") == {"rotterdam": 2}
    assert world.available("i") == {"rotterdam": 0}
    assert order.lines.get().backordered == 1


def test_res_04_a_reservation_changes_with_its_order_or_stays_as_it_is(strict):
    strict.stock("v", rotterdam=10)
    order = strict.place(v=3, channel="strict")

    after = []
    for units in (7, 2):
        resize(order, units)
        after.append(reserved("v")["rotterdam"])
    with pytest.raises(InsufficientStock):
        resize(order, 11)

    assert [*after, reserved("v")["rotterdam"]] == [7, 2, 2]


def test_res_09_all_bins_together_are_available_less_what_is_reserved(world):
    unit, place = world.sku("v"), world.location("rotterdam")
    inventory.receive(
        arrivals=[
            inventory.Arrival(unit, place, units, bin)
            for bin, units in {"A": 5, "B": 10, "C": 8, "D": 35}.items()
        ],
        reference="opening",
        by=SYSTEM,
        at=timezone.now(),
    )
    world.place(v=29)
    assert world.available("v") == {"rotterdam": 29}

    world.place(v=10)

    assert world.available("v") == {"rotterdam": 19}
    assert sum(Reservation.objects.values_list("quantity", flat=True)) == 39
