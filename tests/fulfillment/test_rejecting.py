import pytest
from django.db.models import Sum
from django.utils import timezone

from fulfillment import services
from fulfillment.errors import (
    AlreadyOnHold,
    FulfillmentOrderNotFound,
    NothingToReject,
    NothingToSplit,
    NotOnHold,
    NotTheSame,
    OnHold,
    TooManyUnits,
    WorkHasBegun,
)
from fulfillment.models import FulfillmentOrder, Package
from inventory import services as inventory
from inventory.errors import InsufficientStock
from inventory.models import Quant, Reservation
from oms.core.books import verify
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


def reject(work, reason="closed", lines=None):
    return services.reject(
        number=work.number, reason=reason, lines=lines, by=KIM, at=timezone.now()
    )


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


def said(sku, units):
    return [services.Counted(sku, units)]


def test_some_units_are_rejected_and_the_rest_stays(world):
    world.stock("tea", rotterdam=3, leipzig=3)
    world.stock("cup", rotterdam=1)
    order = world.place(tea=3, cup=1)
    work = only_work_of(order)
    picked(work, {"tea": 3, "cup": 1})

    reject(work, lines=said("tea", 1))

    here, there = work_of(order)
    assert units_of(here) == {"tea": (2, 2, 0, 0), "cup": (1, 1, 0, 0)}
    assert units_of(there) == {"tea": (1, 0, 0, 0)}
    assert (status_of(here), there.location.code) == ("picked", "leipzig")
    assert counters(order)["tea"] == {"allocated": 3, "picked": 2}
    assert verify() == []


def test_rejecting_what_was_not_found_ends_the_picking_of_the_rest(world):
    world.stock("tea", rotterdam=3)
    work = only_work_of(world.place(tea=3))
    services.pick_one(number=work.number, code="tea", by=KIM, at=timezone.now())

    reject(work, lines=said("tea", 2))

    assert (status_of(work), units_of(work)) == ("picked", {"tea": (1, 1, 0, 0)})


def test_units_in_a_package_are_not_rejected_one_by_one(world):
    world.stock("tea", rotterdam=3)
    work = only_work_of(world.place(tea=3))
    picked(work)
    for _ in range(2):
        services.scan_unit(number=work.number, code="tea", by=KIM, at=timezone.now())

    with pytest.raises(TooManyUnits):
        reject(work, lines=said("tea", 2))
    with pytest.raises(NothingToReject):
        reject(work, lines=[])

    assert units_of(work) == {"tea": (3, 3, 2, 0)}


def test_where_none_is_here_at_all_nobody_is_promised_it_until_somebody_looked(world):
    world.stock("tea", rotterdam=10, leipzig=9)
    other = only_work_of(world.place(tea=2))
    order = world.place(tea=3)

    reject(only_work_of(order), reason="none_here")

    assert world.on_hand("tea") == {"rotterdam": 10, "leipzig": 9}
    assert world.available("tea") == {"rotterdam": 0, "leipzig": 6}
    held = Quant.objects.get(state="quarantine")
    assert (held.quantity, held.level.location.code) == (8, "rotterdam")
    assert work_of(order)[1].location.code == "leipzig"
    assert units_of(other) == {"tea": (2, 0, 0, 0)}
    assert only_work_of(world.place(tea=1)).location.code == "leipzig"
    assert verify() == []
    inventory.free_units(
        location="rotterdam",
        sku="tea",
        quantity=8,
        state="quarantine",
        reason="Behind the door",
        by=KIM,
        at=timezone.now(),
    )
    assert world.available("tea") == {"rotterdam": 8, "leipzig": 5}


def test_a_short_pick_of_which_none_is_here_holds_that_sku_only(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    order = world.place(tea=2, cup=2)
    work = only_work_of(order)

    picked(work, {"tea": 2, "cup": 1}, reason="none_here")

    assert world.available("tea") == {"rotterdam": 3}
    assert world.available("cup") == {"rotterdam": 0}
    assert world.on_hand("cup") == {"rotterdam": 5}
    assert counters(order)["cup"] == {"allocated": 1, "picked": 1, "backordered": 1}
    assert verify() == []


def test_picked_units_of_a_sku_that_is_held_are_held_with_it(world):
    world.stock("tea", rotterdam=5)
    work = only_work_of(world.place(tea=3))
    picked(work)

    reject(work, reason="none_here")

    assert list(Quant.objects.values_list("state").annotate(units=Sum("quantity"))) == [
        ("quarantine", 5)
    ]
    assert verify() == []


def merge(work, other):
    return services.merge_work(number=work.number, other=other.number, by=KIM, at=timezone.now())


def split(work, sku, units):
    return services.split_work(
        number=work.number, lines=said(sku, units), by=KIM, at=timezone.now()
    )


def test_what_was_split_is_merged_again(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    order = world.place(tea=3, cup=1)
    work = only_work_of(order)
    new = split(work, "tea", 2)

    merge(work, new)

    old, gone = work_of(order)
    assert (old.units, gone.units, gone.status) == (4, 0, "cancelled")
    assert units_of(old) == {"tea": (3, 0, 0, 0), "cup": (1, 0, 0, 0)}
    assert counters(order) == {"tea": {"allocated": 3}, "cup": {"allocated": 1}}
    assert world.available("tea") == {"rotterdam": 2}
    fact = EventRecord.objects.get(name="fulfillment_order.merged")
    assert (fact.payload["merged"], fact.payload["units"]) == (new.number, {"tea": 2})
    assert verify() == []
    packed(old)
    assert status_of(old) == "packed"


def test_a_line_that_the_work_had_not_comes_along(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    order = world.place(tea=3, cup=1)
    work = only_work_of(order)
    new = split(work, "cup", 1)

    merge(new, work)

    assert units_of(new) == {"cup": (1, 0, 0, 0), "tea": (3, 0, 0, 0)}
    assert verify() == []


def test_only_work_that_is_alike_and_that_nobody_began_is_merged(world):
    world.stock("tea", rotterdam=5, leipzig=5)
    order = world.place(tea=4)
    work = only_work_of(order)
    new, third = split(work, "tea", 1), split(work, "tea", 1)
    stranger = only_work_of(world.place(tea=1))

    for other in (stranger, work):
        with pytest.raises(FulfillmentOrderNotFound):
            merge(work, other)
    released(new)
    with pytest.raises(NotTheSame, match="state"):
        merge(work, new)
    services.hold_work(number=third.number, reason="Wet", by=KIM, at=timezone.now())
    with pytest.raises(NotTheSame, match="hold"):
        merge(work, third)
    services.resume_work(number=third.number, by=KIM, at=timezone.now())
    services.move_work(number=third.number, location="leipzig", by=KIM, at=timezone.now())
    with pytest.raises(NotTheSame, match="location"):
        merge(work, third)
    picked(new)
    with pytest.raises(TransitionNotAllowed):
        merge(work, new)

    assert [each.units for each in work_of(order)] == [2, 1, 1]


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
