"""Where units are taken from, and where they are while they are on their way out."""

from datetime import date

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.services.counting import Counted
from inventory import services as inventory
from inventory.errors import NotInBin
from inventory.models import Movement, Quant
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders.services import cancel_order
from tests.fulfillment.steps import only_work_of, picked


@pytest.fixture
def shelves(world):
    """Six tea in three bins of two lots: the younger one lies first on the walk."""

    def put(units, bin, lot="", expires_on=None):
        arrival = inventory.Arrival(
            world.sku("tea"), world.location("rotterdam"), units, bin, lot, expires_on
        )
        inventory.receive(arrivals=[arrival], reference="d", by=SYSTEM, at=timezone.now())

    put(2, "A-1", "young", date(2030, 6, 1))
    put(1, "B-1", "old", date(2030, 1, 1))
    put(3, "C-1", "old", date(2030, 1, 1))
    return world


def lying():
    rows = Quant.objects.order_by("state", "bin", "lot")
    return [(each.state, each.bin, each.lot, each.quantity) for each in rows]


def pick(work, *lines, reason=""):
    counted = [Counted(*line) for line in lines] or None
    services.pick(number=work.number, lines=counted, reason=reason, by=SYSTEM, at=timezone.now())


def test_the_lot_that_expires_first_is_taken_first_as_the_walk_goes(shelves):
    work = only_work_of(shelves.place(tea=5))

    picked(work)

    assert lying() == [
        ("available", "A-1", "young", 1),
        ("picked", "A-1", "young", 1),
        ("picked", "B-1", "old", 1),
        ("picked", "C-1", "old", 3),
    ]
    assert verify() == []


def test_what_was_picked_is_what_leaves_lot_by_lot(shelves):
    first = only_work_of(shelves.place("1", tea=1))
    second = only_work_of(shelves.place("2", tea=1))
    pick(first, ("tea", 1, "A-1", "young"))
    pick(second, ("tea", 1, "B-1", "old"))

    services.pack(number=second.number, by=SYSTEM, at=timezone.now())
    services.ship(number=second.number, by=SYSTEM, at=timezone.now())

    [gone] = Movement.objects.filter(kind="ship")
    assert (gone.bin, gone.lot, gone.on_hand_delta, gone.reserved_delta) == ("B-1", "old", -1, -1)
    assert lying() == [
        ("available", "A-1", "young", 1),
        ("available", "C-1", "old", 3),
        ("picked", "A-1", "young", 1),
    ]
    assert verify() == []


def test_picked_units_of_a_cancelled_order_are_back_in_their_bins(shelves):
    order = shelves.place(tea=3)
    before = lying()
    pick(only_work_of(order), ("tea", 1, "A-1"), ("tea", 2, "C-1"))

    cancel_order(number=order.number, reason="", by=SYSTEM)

    assert lying() == before
    assert list(
        Movement.objects.filter(kind="put_back", on_hand_delta__gt=0)
        .order_by("bin")
        .values_list("bin", "lot", "on_hand_delta")
    ) == [("A-1", "young", 1), ("C-1", "old", 2)]
    assert verify() == []


def test_units_missing_from_a_shelf_leave_the_shelf_they_were_looked_for_in(shelves):
    work = only_work_of(shelves.place(tea=4))

    pick(work, ("tea", 3), reason="missing")

    assert ("available", "A-1", "young", 2) in lying()
    assert shelves.on_hand("tea") == {"rotterdam": 5}
    assert verify() == []


def test_a_bin_that_the_books_think_empty_is_believed(shelves):
    """The picker stands before the shelf; the books take the units where they know of them."""
    work = only_work_of(shelves.place(tea=1))

    pick(work, ("tea", 1, "Z-9"))

    assert ("picked", "B-1", "old", 1) in lying()
    assert verify() == []


def test_another_lot_of_a_tracked_sku_is_refused(shelves):
    sku = shelves.sku("tea")
    sku.tracking = "lot"
    sku.save()
    work = only_work_of(shelves.place(tea=2))
    before = lying()

    with pytest.raises(NotInBin, match="tea: 2 asked for, 1 free in bin B-1, lot old"):
        pick(work, ("tea", 2, "B-1", "old"))

    assert lying() == before


def test_goods_that_nobody_led_through_the_floor_leave_as_they_would_be_picked(shelves):
    work = only_work_of(shelves.place(tea=2))

    services.dispatch(number=work.number, by=SYSTEM, at=timezone.now())

    assert lying() == [("available", "A-1", "young", 2), ("available", "C-1", "old", 2)]
    assert verify() == []


def test_units_are_taken_away_from_the_bin_that_was_named_or_not_at_all(shelves):
    named = {"location": "rotterdam", "sku": "tea", "reason": "found", "by": SYSTEM}

    with pytest.raises(NotInBin, match="tea: 2 asked for, 1 free in bin B-1"):
        inventory.adjust(**named, quantity_delta=-2, bin="B-1", at=timezone.now())
    inventory.adjust(**named, quantity_delta=-2, bin="A-1", at=timezone.now())

    assert lying() == [("available", "B-1", "old", 1), ("available", "C-1", "old", 3)]
    assert verify() == []


def block(lot):
    inventory.block_lot(sku="tea", lot=lot, reason="recalled", by=SYSTEM, at=timezone.now())


def test_picked_units_of_a_lot_that_was_blocked_meanwhile_come_back_into_quarantine(shelves):
    order = shelves.place(tea=1)
    pick(only_work_of(order), ("tea", 1, "B-1", "old"))
    block("old")

    cancel_order(number=order.number, reason="", by=SYSTEM)

    assert ("quarantine", "B-1", "old", 1) in lying()
    assert shelves.available("tea") == {"rotterdam": 2}
    assert verify() == []


def test_a_lot_that_must_not_be_sold_is_picked_last(shelves):
    """Promised units cannot be held; others are taken for them as long as there are some."""
    first, _second = (only_work_of(shelves.place(tea=2)) for _ in range(2))
    block("old")

    picked(first)

    assert [each for each in lying() if each[0] == "picked"] == [("picked", "A-1", "young", 2)]
    assert verify() == []
