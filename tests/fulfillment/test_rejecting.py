import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.errors import AlreadyOnHold, NothingToSplit, NotOnHold, OnHold, WorkHasBegun
from fulfillment.models import FulfillmentOrder, Package
from inventory.errors import InsufficientStock
from inventory.models import Reservation
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from tests.fulfillment.steps import (
    KIM,
    counters,
    only_work_of,
    packed,
    picked,
    released,
    status_of,
    units_of,
    work_of,
)


def reject(work, reason="closed"):
    return services.reject(number=work.number, reason=reason, by=KIM, at=timezone.now())


def test_rejected_work_goes_to_the_next_location(world):
    world.stock("tea", rotterdam=3, leipzig=3)
    order = world.place(tea=3)

    reject(only_work_of(order))

    here, there = work_of(order)
    assert (here.status, here.units) == ("rejected", 0)
    assert (there.location.code, there.units) == ("leipzig", 3)
    assert world.available("tea") == {"rotterdam": 3, "leipzig": 0}
    assert counters(order) == {"tea": {"allocated": 3}}
    fact = EventRecord.objects.get(name="fulfillment_order.rejected")
    assert fact.payload == {"location": "rotterdam", "reason": "closed", "units": {"tea": 3}}


def test_rejected_work_that_nobody_else_has_is_backordered(world):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=3)

    reject(only_work_of(order))

    assert len(work_of(order)) == 1
    assert counters(order) == {"tea": {"backordered": 3}}


def test_damaged_units_are_written_off_when_work_is_rejected(world):
    world.stock("tea", rotterdam=5)

    reject(only_work_of(world.place(tea=3)), reason="damaged")

    assert world.on_hand("tea") == {"rotterdam": 2}
    assert world.available("tea") == {"rotterdam": 2}


def test_units_in_an_open_package_go_back_when_work_is_rejected(world):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=3)
    work = only_work_of(order)
    picked(work)
    services.scan_unit(number=work.number, code="tea", by=KIM, at=timezone.now())

    reject(work)

    assert not Package.objects.exists()
    assert units_of(work) == {"tea": (0, 0, 0, 0)}
    assert counters(order) == {"tea": {"backordered": 3}}


def test_packed_work_cannot_be_rejected(world):
    world.stock("tea", rotterdam=3)
    work = only_work_of(world.place(tea=3))
    packed(work)

    with pytest.raises(TransitionNotAllowed):
        reject(work)

    assert status_of(work) == "packed"
    assert units_of(work) == {"tea": (3, 3, 3, 0)}


def test_held_work_stops_at_every_step_until_it_is_resumed(world):
    world.stock("tea", rotterdam=3)
    work = only_work_of(world.place(tea=3))
    services.hold_work(number=work.number, reason="Forklift", by=KIM, at=timezone.now())

    for step in (released, picked):
        with pytest.raises(OnHold):
            step(work)
    with pytest.raises(AlreadyOnHold):
        services.hold_work(number=work.number, reason="Again", by=KIM, at=timezone.now())
    services.resume_work(number=work.number, by=KIM, at=timezone.now())
    released(work)

    assert status_of(work) == "released"
    with pytest.raises(NotOnHold):
        services.resume_work(number=work.number, by=KIM, at=timezone.now())


def test_work_moves_to_a_location_that_has_everything(world):
    world.stock("tea", rotterdam=3, leipzig=3)
    order = world.place(tea=3)
    work = only_work_of(order)

    services.move_work(number=work.number, location="leipzig", by=KIM, at=timezone.now())

    moved = only_work_of(order)
    assert moved.location.code == "leipzig"
    assert world.available("tea") == {"rotterdam": 3, "leipzig": 0}
    assert counters(order) == {"tea": {"allocated": 3}}
    fact = EventRecord.objects.get(name="fulfillment_order.moved")
    assert (fact.payload["came_from"], fact.payload["location"]) == ("rotterdam", "leipzig")


def test_work_does_not_move_to_a_location_that_lacks_a_unit(world):
    world.stock("tea", rotterdam=3, leipzig=2)
    work = only_work_of(world.place(tea=3))

    with pytest.raises(InsufficientStock):
        services.move_work(number=work.number, location="leipzig", by=KIM, at=timezone.now())

    assert FulfillmentOrder.objects.get().location.code == "rotterdam"
    assert world.available("tea") == {"rotterdam": 0, "leipzig": 2}


def test_work_that_was_begun_stays_where_it_is(world):
    world.stock("tea", rotterdam=3, leipzig=3)
    work = only_work_of(world.place(tea=3))
    services.pick_one(number=work.number, code="tea", by=KIM, at=timezone.now())

    with pytest.raises((WorkHasBegun, TransitionNotAllowed)):
        services.move_work(number=work.number, location="leipzig", by=KIM, at=timezone.now())


def test_split_units_are_work_of_their_own_at_the_same_location(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3)
    work = only_work_of(order)

    new = services.split_work(
        number=work.number, lines=[services.Counted("tea", 1)], by=KIM, at=timezone.now()
    )

    old, other = work_of(order)
    assert (old.units, other.units, other.number) == (2, 1, new.number)
    assert units_of(old) == {"tea": (2, 0, 0, 0)}
    assert units_of(other) == {"tea": (1, 0, 0, 0)}
    assert world.available("tea") == {"rotterdam": 2}
    assert sorted(Reservation.objects.values_list("quantity", flat=True)) == [1, 2]
    assert counters(order) == {"tea": {"allocated": 3}}


def test_a_split_leaves_something_in_each_part(world):
    world.stock("tea", rotterdam=5)
    work = only_work_of(world.place(tea=3))

    for units in (3,):
        with pytest.raises(NothingToSplit):
            services.split_work(
                number=work.number,
                lines=[services.Counted("tea", units)],
                by=KIM,
                at=timezone.now(),
            )

    assert FulfillmentOrder.objects.count() == 1
