"""What is looked at before units are taken: what lies free, and what is in the hands of whom."""

import pytest

from fulfillment.models import FulfillmentOrderLine
from inventory.models import StockLevel
from inventory.services.choosing import Shelves
from inventory.states import StockState
from tests.fulfillment.steps import only_work_of, picked


@pytest.fixture
def hands(world):
    """Nine tea at one place, of which one and two were picked for two orders."""
    world.stock("tea", rotterdam=9)
    for number, units in (("1", 1), ("2", 2)):
        picked(only_work_of(world.place(number, tea=units)))
    level = StockLevel.objects.get()
    one, two = FulfillmentOrderLine.objects.order_by("pk").values_list("reservation_id", flat=True)
    return level.pk, one, two


def seen(shelves):
    return [(each.state, each.reservation_id, each.units) for each in shelves]


def test_what_others_have_in_hand_is_left_alone(hands):
    level, one, _two = hands

    shelves = Shelves([level], reservations=[one])

    assert seen(shelves) == [("available", None, 6), ("picked", one, 1)]


def test_who_asks_for_nobody_sees_what_lies_free(hands):
    level, _one, _two = hands

    assert seen(Shelves([level], reservations=())) == [("available", None, 6)]


def test_who_counts_sees_all_that_is_in_hands(hands):
    level, one, two = hands

    assert seen(Shelves([level])) == [
        ("available", None, 6),
        ("picked", one, 1),
        ("picked", two, 2),
    ]


def test_units_are_taken_once_and_only_from_whom_they_are_asked(hands):
    level, one, two = hands
    shelves = Shelves([level], reservations=[one, two])

    mine = shelves.take(level, 5, state=StockState.PICKED, reservation_id=two)
    again = shelves.take(level, 5, state=StockState.PICKED, reservation_id=two)
    free = shelves.take(level, 9)

    assert [(each.reservation_id, each.units) for each in mine] == [(two, 2)]
    assert again == []
    assert [(each.state, each.units) for each in free] == [("available", 6)]
    assert seen(shelves) == [("picked", one, 1)]
