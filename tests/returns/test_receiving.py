"""Parcels are received and their units graded; what is restocked can be promised again."""

import pytest
from django.db.models import Sum
from django.utils import timezone

from inventory import services as inventory
from inventory.errors import NotInBin, StockIsSpokenFor
from inventory.invariants import INVARIANTS as STOCK
from inventory.models import Quant
from oms.core.books import _broken
from oms.core.states import TransitionNotAllowed
from orders.invariants import INVARIANTS as ORDERS
from orders.models import OrderLine
from returns import services
from returns.errors import (
    NothingChosen,
    NotInReturn,
    ReceivedElsewhere,
    TooManyInspected,
    TooManyReturned,
)
from returns.invariants import INVARIANTS as RETURNS
from returns.models import Inspection, ReturnAuthorization
from tests.fakes.gateway import gateway as gateway
from tests.returns.conftest import KIM
from tests.returns.keeping_books import counters


def broken_books() -> list[str]:
    every = [*RETURNS, *ORDERS, *STOCK]
    return [str(violation) for each in every for violation in _broken(each)]


def test_parcels_come_one_after_another_and_never_more_than_announced(desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=2).number
    with pytest.raises(TransitionNotAllowed):
        desk.receive(number, tea=1)
    desk.approve(number)

    desk.receive(number, tea=1)
    document = ReturnAuthorization.objects.get()
    assert (document.status, counters(order)) == ("partly_received", [(1, 1)])
    with pytest.raises(TooManyReturned) as refused:
        desk.receive(number, tea=2)
    assert refused.value.expected == 1
    with pytest.raises(NotInReturn):
        desk.receive(number, cup=1)
    with pytest.raises(NothingChosen):
        desk.receive(number, tea=0)
    assert counters(order) == [(1, 1)]

    desk.receive(number, tea=1)
    document.refresh_from_db()
    assert (document.status, counters(order)) == ("received", [(0, 2)])


def test_the_first_parcel_may_arrive_elsewhere_the_next_may_not(world, desk, shipped):
    order = shipped(tea=2)
    world.location("leipzig")
    world.location("ghent")
    number = desk.request(order, tea=2).number
    desk.approve(number)

    def receive(place):
        services.receive_return(
            number=number, units={"tea": 1}, location=place, by=KIM, at=timezone.now()
        )

    receive("leipzig")
    with pytest.raises(ReceivedElsewhere):
        receive("ghent")
    desk.inspect(number, tea=1)

    assert world.available("tea") == {"leipzig": 1, "rotterdam": 0}


def lying(sku="tea"):
    """The units of a SKU by the state they lie in."""
    quants = Quant.objects.filter(level__sku__code=sku)
    return dict(quants.values_list("state").annotate(units=Sum("quantity")).order_by("state"))


@pytest.mark.parametrize(
    ("disposition", "held"),
    [
        ("refurbish", {"quality_control": 1}),
        ("quarantine", {"quarantine": 1}),
        ("scrap", {}),
    ],
)
def test_only_restocked_units_can_be_promised_again(world, desk, shipped, disposition, held):
    order = shipped(tea=2)
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=2)

    desk.inspect(number, disposition, tea=1)
    assert ReturnAuthorization.objects.get().status == "received"
    desk.inspect(number, "restock", tea=1)

    assert ReturnAuthorization.objects.get().status == "inspected"
    assert world.available("tea") == {"rotterdam": 1}
    assert lying() == {"available": 1, **held}
    assert broken_books() == []


def test_units_that_are_held_leave_that_state_when_they_are_graded_anew(world, desk, shipped):
    order = shipped(tea=3)
    waiting = world.place(tea=1, paid=True)
    number = desk.request(order, tea=3).number
    desk.approve(number)
    desk.receive(number, tea=3)
    desk.inspect(number, "quarantine", tea=3)
    assert lying() == {"quarantine": 3}
    assert OrderLine.objects.get(order=waiting).backordered == 1

    desk.inspect(number, "refurbish", tea=2)
    assert lying() == {"quality_control": 2, "quarantine": 1}
    desk.inspect(number, "scrap", "damaged", tea=1)
    assert lying() == {"quality_control": 1, "quarantine": 1}
    desk.inspect(number, "restock", "opened", tea=2)

    assert lying() == {"available": 2, "quarantine": 1}
    assert OrderLine.objects.get(order=waiting).backordered == 0
    assert broken_books() == []


def test_held_units_that_somebody_freed_meanwhile_are_not_graded_anew(world, desk, shipped):
    order = shipped(tea=1)
    number = desk.request(order, tea=1).number
    desk.approve(number)
    desk.receive(number, tea=1)
    desk.inspect(number, "quarantine", tea=1)
    inventory.free_units(
        location="rotterdam",
        sku="tea",
        quantity=1,
        state="quarantine",
        reason="Looked at",
        by=KIM,
        at=timezone.now(),
    )

    with pytest.raises(NotInBin):
        desk.inspect(number, "scrap", "damaged", tea=1)

    assert lying() == {"available": 1}
    assert Inspection.objects.get().standing == 1


def test_only_units_that_were_received_are_graded(world, desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=3).number
    desk.approve(number)
    desk.receive(number, tea=2)

    with pytest.raises(TooManyInspected) as refused:
        desk.inspect(number, tea=3)

    assert (refused.value.requested, refused.value.received) == (3, 2)
    assert not Inspection.objects.exists()
    assert world.available("tea") == {"rotterdam": 0}


def test_restocked_units_go_to_the_order_that_waits_for_them(world, desk, shipped):
    order = shipped(tea=2)
    waiting = world.place(tea=2, paid=True)
    assert OrderLine.objects.get(order=waiting).backordered == 2
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=2)

    desk.inspect(number, tea=2)

    line = OrderLine.objects.get(order=waiting)
    assert (line.backordered, line.allocated) == (0, 2)
    assert world.available("tea") == {"rotterdam": 0}
    assert world.on_hand("tea") == {"rotterdam": 2}


def test_a_grade_may_be_changed_until_the_return_is_settled(world, desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=3).number
    desk.approve(number)
    desk.receive(number, tea=3)
    desk.inspect(number, tea=3)
    assert world.available("tea") == {"rotterdam": 3}

    desk.inspect(number, "scrap", "damaged", tea=2)
    assert world.available("tea") == {"rotterdam": 1}
    desk.inspect(number, "restock", "opened", tea=1)
    assert world.available("tea") == {"rotterdam": 2}

    standing = {(row.condition, row.disposition): 0 for row in Inspection.objects.all()}
    for row in Inspection.objects.all():
        standing[row.condition, row.disposition] += row.standing
    assert standing == {
        ("new", "restock"): 1,
        ("damaged", "scrap"): 1,
        ("opened", "restock"): 1,
    }
    desk.settle(number)
    with pytest.raises(TransitionNotAllowed):
        desk.inspect(number, "scrap", "damaged", tea=1)
    assert broken_books() == []


def test_the_same_grade_again_changes_nothing(world, desk, shipped):
    order = shipped(tea=2)
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=2)
    desk.inspect(number, tea=2)

    desk.inspect(number, tea=2)

    assert Inspection.objects.count() == 1
    assert world.available("tea") == {"rotterdam": 2}


def test_units_promised_meanwhile_cannot_be_taken_off_the_shelf(world, desk, shipped):
    order = shipped(tea=1)
    number = desk.request(order, tea=1).number
    desk.approve(number)
    desk.receive(number, tea=1)
    desk.inspect(number, tea=1)
    world.place(tea=1, paid=True)

    with pytest.raises(StockIsSpokenFor):
        desk.inspect(number, "scrap", "damaged", tea=1)

    assert Inspection.objects.get().standing == 1
    assert world.on_hand("tea") == {"rotterdam": 1}
