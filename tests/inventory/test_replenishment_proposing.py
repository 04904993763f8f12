"""What runs low is proposed to its supplier: once, with its reasons, in whole packs."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from inventory import selectors, services
from inventory.models import ReplenishmentLine, ReplenishmentOrder
from inventory.rules.reordering import Position, Shelf, ordered, share_waiting
from inventory.states import ReplenishmentStatus
from inventory.tasks import PROPOSING
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from tests.concurrency.racing import race

few = some.integers(0, 500)


def propose(**named):
    return services.propose_replenishment(by=SYSTEM, at=timezone.now(), **named)


def proposed():
    """Quantities by order and SKU, of the open proposals."""
    lines = ReplenishmentLine.objects.filter(order__status="proposed").select_related("order")
    return {
        (line.order.supplier.code, line.order.location.code, line.sku.code): line.quantity
        for line in lines.order_by("order_id", "sku__code")
    }


# ── The rule ────────────────────────────────────────────────────────────────────────────────


def position(**named):
    return Position(
        **{
            "on_hand": 0,
            "reserved": 0,
            "held": 0,
            "coming": 0,
            "waiting": 0,
            "reorder_point": 0,
            "reorder_up_to": 0,
            **named,
        }
    )


def test_more_is_needed_once_the_reorder_point_is_reached():
    fills = {"reorder_point": 10, "reorder_up_to": 40}
    assert position(on_hand=11, reserved=2, coming=2, **fills).needed == 0
    assert position(on_hand=10, reserved=2, coming=2, **fills).needed == 30


def test_without_a_reorder_point_nothing_is_needed_while_nothing_is_owed():
    assert position(reorder_up_to=40).needed == 0


def test_it_is_filled_to_the_level_wanted_or_to_the_point_itself():
    assert position(on_hand=3, reorder_point=10, reorder_up_to=40).needed == 37
    assert position(on_hand=3, reorder_point=10).needed == 7


def test_units_waited_for_are_needed_without_a_reorder_point():
    assert position(waiting=4).needed == 4
    assert position(waiting=4, coming=4).needed == 0


@given(needed=few, minimum=some.integers(1, 60), pack=some.integers(1, 24))
def test_an_order_is_enough_at_least_the_minimum_and_in_whole_packs(needed, minimum, pack):
    units = ordered(needed, minimum=minimum, pack=pack)

    if needed == 0:
        assert units == 0
    else:
        assert units >= max(needed, minimum)
        assert units % pack == 0
        assert units - pack < max(needed, minimum)


@given(waiting=few, coming=some.lists(few, min_size=1, max_size=4))
def test_every_unit_waited_for_is_asked_of_one_location(waiting, coming):
    shelves = [Shelf(key, units, 10 * key) for key, units in enumerate(coming)]

    shared = share_waiting(waiting, shelves)

    assert sum(shared.values()) == waiting
    covered = sum(min(units, shared.get(key, 0)) for key, units in enumerate(coming))
    assert covered == min(waiting, sum(coming))


# ── Proposing ───────────────────────────────────────────────────────────────────────────────


def test_what_is_low_is_proposed_by_supplier_and_location_with_its_reasons(world):
    world.supplier("leaf", tea={"minimum_quantity": 12, "pack_size": 6, "supplier_sku": "L-9"})
    world.supplier("clay", cup={})
    world.stock("tea", rotterdam=3, leipzig=50)
    world.stock("cup", rotterdam=1, leipzig=1)
    world.reorder("tea", point=10, up_to=20)
    world.reorder("tea", point=10, at="leipzig")
    world.reorder("cup", point=5)
    world.reorder("cup", point=3, at="leipzig")

    made = propose()

    assert proposed() == {
        ("leaf", "rotterdam", "tea"): 18,
        ("clay", "rotterdam", "cup"): 4,
        ("clay", "leipzig", "cup"): 2,
    }
    assert sorted(order.number for order in made) == ["RO-1001", "RO-1002", "RO-1003"]
    line = ReplenishmentLine.objects.get(sku__code="tea")
    assert line.supplier_sku == "L-9"
    assert line.why == {
        "on_hand": 3,
        "reserved": 0,
        "held": 0,
        "coming": 0,
        "waiting": 0,
        "reorder_point": 10,
        "reorder_up_to": 20,
        "needed": 17,
        "minimum": 12,
        "pack": 6,
    }


def test_what_lies_right_at_its_point_is_proposed_and_what_has_no_point_is_not(world):
    world.supplier("leaf", tea={}, cup={})
    world.stock("tea", rotterdam=10, leipzig=11)
    world.stock("cup", rotterdam=0)
    world.reorder("tea", point=10, up_to=20)
    world.reorder("tea", point=10, up_to=20, at="leipzig")
    world.reorder("cup", point=0, up_to=20)

    propose()

    assert proposed() == {("leaf", "rotterdam", "tea"): 10}


def test_proposing_twice_orders_nothing_twice(world):
    world.supplier("leaf", tea={})
    world.reorder("tea", point=10)
    assert len(propose()) == 1

    assert propose() == []

    assert proposed() == {("leaf", "rotterdam", "tea"): 10}
    assert ReplenishmentOrder.objects.count() == 1
    assert EventRecord.objects.filter(name="replenishment.proposed").count() == 1


def test_a_proposal_follows_the_stock_and_ends_when_nothing_is_needed(world):
    world.supplier("leaf", tea={})
    world.reorder("tea", point=10)
    propose()
    world.stock("tea", rotterdam=4)
    propose()
    assert proposed() == {("leaf", "rotterdam", "tea"): 6}

    world.stock("tea", rotterdam=6)
    propose()

    order = ReplenishmentOrder.objects.get()
    assert (order.status, order.end_reason) == ("cancelled", "Nothing is needed any more")
    assert not order.lines.exists()


def test_what_a_person_set_stays(world):
    world.supplier("leaf", tea={}, cup={})
    world.reorder("tea", point=10)
    world.reorder("cup", point=3)
    [order] = propose()
    services.edit_replenishment(
        number=order.number, quantities={"tea": 40, "cup": 0}, by=SYSTEM, at=timezone.now()
    )

    propose()

    assert proposed() == {("leaf", "rotterdam", "cup"): 3, ("leaf", "rotterdam", "tea"): 40}
    world.stock("tea", rotterdam=99)
    propose()
    assert proposed()["leaf", "rotterdam", "tea"] == 40


def test_what_is_coming_counts_and_what_the_supplier_will_not_send_does_not(world):
    order = world.ordered_from_supplier(tea=8)
    world.reorder("tea", point=10)
    propose()
    assert proposed() == {("leaf", "rotterdam", "tea"): 2}

    part = services.Part(3, timezone.localdate())
    services.commit_replenishment(
        number=order.number,
        answers=[services.Answer("tea", [part], is_declined=True)],
        by=SYSTEM,
        at=timezone.now(),
    )
    propose()

    assert proposed() == {("leaf", "rotterdam", "tea"): 7}


def test_units_that_orders_wait_for_are_proposed_too(world):
    world.supplier("leaf", tea={"pack_size": 6})
    world.stock("tea", rotterdam=1, leipzig=0)
    world.reorder("tea", point=2)
    world.place(tea=5)

    propose()

    # 4 wait, and 2 are to be kept
    assert proposed() == {("leaf", "rotterdam", "tea"): 6}
    assert ReplenishmentLine.objects.get().why["waiting"] == 4


def test_units_waited_for_that_are_coming_elsewhere_are_not_ordered_again(world):
    world.stock("tea", rotterdam=0, leipzig=0)
    world.reorder("tea", point=1, at="rotterdam")
    world.ordered_from_supplier(at="leipzig", tea=5)
    world.place(tea=5)

    propose()

    assert proposed() == {("leaf", "rotterdam", "tea"): 1}


def test_a_sku_without_a_supplier_is_on_the_list_of_those_and_in_no_proposal(world):
    world.reorder("tea", point=10)

    assert propose() == []

    assert selectors.without_supplier() == [world.sku("tea").pk]
    world.supplier("leaf", tea={})
    assert selectors.without_supplier() == []
    world.supplier("leaf")
    services.save_supplier(code="leaf", fields={"is_active": False}, by=SYSTEM, at=timezone.now())
    assert selectors.without_supplier() == [world.sku("tea").pk]


def test_only_the_locations_asked_for_are_proposed(world):
    world.supplier("leaf", tea={})
    world.reorder("tea", point=4, at="rotterdam")
    world.reorder("tea", point=5, at="leipzig")

    propose(location_ids=[world.location("leipzig").pk])

    assert proposed() == {("leaf", "leipzig", "tea"): 5}


def test_the_routine_proposes_each_day(world):
    world.supplier("leaf", tea={})
    world.reorder("tea", point=4)

    assert not PROPOSING.run()
    assert not PROPOSING.run()

    assert proposed() == {("leaf", "rotterdam", "tea"): 4}


def test_what_is_approved_is_left_alone_and_no_proposal_any_more(world):
    world.supplier("leaf", tea={})
    world.reorder("tea", point=4)
    [order] = propose()
    services.approve_replenishment(number=order.number, by=SYSTEM, at=timezone.now())

    assert propose() == []

    with pytest.raises(TransitionNotAllowed):
        services.edit_replenishment(
            number=order.number, quantities={"tea": 9}, by=SYSTEM, at=timezone.now()
        )
    assert ReplenishmentLine.objects.get().quantity == 4


@pytest.mark.django_db(transaction=True)
def test_six_workers_propose_at_once_and_one_proposal_stands(world):
    world.supplier("leaf", tea={})
    world.supplier("clay", cup={})
    world.reorder("tea", point=10)
    world.reorder("cup", point=10)

    outcome = race([lambda: len(propose())] * 6)

    assert sorted(outcome) == [0, 0, 0, 0, 0, 2]
    assert proposed() == {("leaf", "rotterdam", "tea"): 10, ("clay", "rotterdam", "cup"): 10}
    assert ReplenishmentOrder.objects.filter(status=ReplenishmentStatus.PROPOSED).count() == 2
