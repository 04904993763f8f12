"""Units inside a location: from bin to bin, held, set free and scrapped, once each."""

from datetime import date

import pytest
from django.utils import timezone

from inventory import services
from inventory.errors import (
    BinNotFound,
    LotIsHeld,
    LotNotFound,
    LotNotNamed,
    NotInBin,
    SameBin,
    SerialTaken,
    StockIsSpokenFor,
)
from inventory.models import Bin, Handling, Lot, Movement, Quant, Zone
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders.services import cancel_order
from tests.concurrency.racing import race

HERE = {"location": "rotterdam", "sku": "tea", "by": SYSTEM}


def put(world, units, bin, lot="", at="rotterdam", sku="tea", expires_on=None):
    arrival = services.Arrival(world.sku(sku), world.location(at), units, bin, lot, expires_on)
    services.receive(arrivals=[arrival], reference="d", by=SYSTEM, at=timezone.now())


def lying(at="rotterdam"):
    rows = Quant.objects.filter(level__location__code=at).order_by("state", "bin", "lot")
    return [(each.state, each.bin, each.lot, each.quantity) for each in rows]


def move(quantity, from_bin="A", to_bin="B", **more):
    services.move_units(
        **HERE, quantity=quantity, from_bin=from_bin, to_bin=to_bin, at=timezone.now(), **more
    )


def hold(quantity, state="damaged", **more):
    services.hold_units(
        **HERE, quantity=quantity, state=state, reason="wet", at=timezone.now(), **more
    )


def test_units_move_with_their_lot_and_what_is_promised_stays_promised(world):
    put(world, 5, "A", "L1")
    world.place(tea=4)

    move(5)

    assert lying() == [("available", "B", "L1", 5)]
    moved = Movement.objects.filter(kind="move").order_by("on_hand_delta")
    assert [(each.bin, each.lot, each.on_hand_delta) for each in moved] == [
        ("A", "L1", -5),
        ("B", "L1", 5),
    ]
    assert world.available("tea") == {"rotterdam": 1}
    assert verify() == []


def test_no_more_is_moved_than_lies_in_that_bin(world):
    put(world, 2, "A")
    put(world, 3, "C")

    with pytest.raises(NotInBin, match="tea: 3 asked for, 2 free in bin A"):
        move(3)
    with pytest.raises(SameBin):
        move(1, to_bin="A")

    assert lying() == [("available", "A", "", 2), ("available", "C", "", 3)]


def test_where_bins_are_laid_out_a_bin_nobody_knows_is_refused(world):
    put(world, 2, "A")
    move(1, to_bin="new")
    assert Bin.objects.filter(code="new").exists()
    zone = Zone.objects.create(location=world.location("rotterdam"), code="P")
    Bin.objects.filter(code="A").update(zone=zone)
    Bin.objects.create(location=world.location("rotterdam"), code="old", is_active=False)

    for bin in ("Z-99", "old"):
        with pytest.raises(BinNotFound, match=f"no bin {bin} at rotterdam"):
            move(1, to_bin=bin)

    assert lying() == [("available", "A", "", 1), ("available", "new", "", 1)]


def test_the_lot_of_a_tracked_sku_is_named_where_several_lie(world):
    world.sku("tea", tracking="lot")
    put(world, 2, "A", "L1")
    put(world, 2, "A", "L2")

    with pytest.raises(LotNotNamed, match="say which lot, L1, L2"):
        move(1)
    move(1, lot="L2")

    assert lying() == [
        ("available", "A", "L1", 2),
        ("available", "A", "L2", 1),
        ("available", "B", "L2", 1),
    ]


def test_the_same_form_twice_does_it_once(world):
    put(world, 5, "A")

    for _ in range(2):
        move(1, key="k1")
        hold(1, key="k2")
        services.scrap_units(
            **HERE, quantity=1, reason="torn", bin="A", at=timezone.now(), key="k3"
        )
        services.free_units(
            **HERE, quantity=1, state="damaged", reason="", at=timezone.now(), key="k4"
        )

    assert lying() == [("available", "A", "", 3), ("available", "B", "", 1)]
    assert Handling.objects.count() == 4
    assert Movement.objects.filter(source_id__isnull=False).count() == 7
    assert verify() == []


def test_held_units_are_promised_to_nobody_and_promised_ones_cannot_be_held(world):
    put(world, 5, "A")
    world.place(tea=2)

    with pytest.raises(StockIsSpokenFor):
        hold(4)
    with pytest.raises(StockIsSpokenFor):
        services.scrap_units(**HERE, quantity=4, reason="torn", at=timezone.now())
    assert lying() == [("available", "A", "", 5)]
    hold(3)

    assert world.available("tea") == {"rotterdam": 0}
    assert lying() == [("available", "A", "", 2), ("damaged", "A", "", 3)]
    assert set(Movement.objects.filter(kind="restate").values_list("reason", flat=True)) == {"wet"}
    assert verify() == []


def test_freed_units_serve_who_waits(world):
    put(world, 2, "A")
    hold(2, "quality_control")
    order = world.place(tea=2)
    assert order.lines.get().backordered == 2

    services.free_units(
        **HERE, quantity=2, state="quality_control", reason="fine", at=timezone.now()
    )

    assert order.lines.get().backordered == 0
    assert lying() == [("available", "A", "", 2)]
    assert world.available("tea") == {"rotterdam": 0}
    assert verify() == []


def test_held_units_change_from_one_hold_to_another_and_are_scrapped(world):
    put(world, 3, "A")
    hold(3, "quarantine")
    hold(2, "damaged", was="quarantine")

    services.scrap_units(**HERE, quantity=2, reason="torn", state="damaged", at=timezone.now())

    assert lying() == [("quarantine", "A", "", 1)]
    assert world.on_hand("tea") == {"rotterdam": 1}
    assert verify() == []


def test_a_blocked_lot_is_held_everywhere_and_as_it_comes(world):
    put(world, 3, "A", "L1")
    put(world, 2, "A", "L2")
    put(world, 2, "X", "L1", at="leipzig")

    held = services.block_lot(sku="tea", lot="L1", reason="recall", by=SYSTEM, at=timezone.now())
    put(world, 1, "A", "L1")

    assert held == {"rotterdam": 3, "leipzig": 2}
    assert lying() == [("available", "A", "L2", 2), ("quarantine", "A", "L1", 4)]
    assert lying("leipzig") == [("quarantine", "X", "L1", 2)]
    assert world.available("tea") == {"rotterdam": 2, "leipzig": 0}
    with pytest.raises(LotIsHeld, match="lot L1 is blocked"):
        services.free_units(
            **HERE, quantity=1, state="quarantine", reason="", lot="L1", at=timezone.now()
        )
    assert verify() == []


def test_a_lot_set_free_serves_who_waits(world):
    put(world, 3, "A", "L1")
    services.block_lot(sku="tea", lot="L1", reason="recall", by=SYSTEM, at=timezone.now())
    order = world.place(tea=2)

    freed = services.unblock_lot(sku="tea", lot="L1", reason="fine", by=SYSTEM, at=timezone.now())

    assert freed == {"rotterdam": 3}
    assert order.lines.get().backordered == 0
    assert Lot.objects.get().blocked_at is None
    assert lying() == [("available", "A", "L1", 3)]
    assert verify() == []


def test_what_of_a_blocked_lot_is_promised_stays_promised_until_it_is_not(world):
    put(world, 3, "A", "L1")
    order = world.place(tea=2)
    services.block_lot(sku="tea", lot="L1", reason="recall", by=SYSTEM, at=timezone.now())
    assert lying() == [("available", "A", "L1", 2), ("quarantine", "A", "L1", 1)]

    cancel_order(number=order.number, reason="", by=SYSTEM)
    assert services.quarantine_unsold(by=SYSTEM, at=timezone.now()) is False

    assert lying() == [("quarantine", "A", "L1", 3)]
    assert verify() == []


def test_what_expired_is_quarantined_and_nothing_else(world):
    put(world, 3, "A", "L1", expires_on=date(2030, 1, 1))
    put(world, 3, "A", "L2", expires_on=timezone.localdate())
    Lot.objects.filter(code="L1").update(expires_on=date(2020, 1, 1))

    for _ in range(2):
        services.quarantine_unsold(by=SYSTEM, at=timezone.now())

    assert lying() == [("available", "A", "L2", 3), ("quarantine", "A", "L1", 3)]
    assert Movement.objects.filter(kind="restate").count() == 2
    with pytest.raises(LotIsHeld, match="lot L1 is expired"):
        services.free_units(
            **HERE, quantity=1, state="quarantine", reason="", lot="L1", at=timezone.now()
        )


def test_a_serial_number_is_one_unit_anywhere(world):
    world.sku("tea", tracking="serial")
    put(world, 1, "A", "S1")

    for units, serial, place in ((1, "S1", "leipzig"), (1, "S1", "rotterdam"), (2, "S2", "ghent")):
        with pytest.raises(SerialTaken):
            put(world, units, "A", serial, at=place)

    assert lying() == [("available", "A", "S1", 1)]
    assert not Lot.objects.filter(code="S2").exists()
    services.scrap_units(**HERE, quantity=1, reason="torn", at=timezone.now())
    put(world, 1, "A", "S1", at="leipzig")
    assert lying("leipzig") == [("available", "A", "S1", 1)]


def test_a_lot_that_does_not_exist_is_not_blocked(world):
    world.sku("tea")
    with pytest.raises(LotNotFound, match="no lot L9 of tea"):
        services.block_lot(sku="tea", lot="L9", reason="", by=SYSTEM, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_one_serial_number_that_comes_to_two_places_at_once_is_taken_in_at_one(world):
    world.sku("tea", tracking="serial")
    for place in ("rotterdam", "leipzig"):
        world.location(place)

    places = ("rotterdam", "leipzig")
    answers = race([lambda at=at: put(world, 1, "A", "S1", at=at) for at in places])

    assert sorted(answers, key=str) == [None, "SerialTaken"]
    assert Quant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_units_that_come_while_their_lot_is_blocked_are_held_either_way(world):
    put(world, 1, "A", "L1")

    def block():
        services.block_lot(sku="tea", lot="L1", reason="recall", by=SYSTEM, at=timezone.now())

    answers = race([block, lambda: put(world, 2, "X", "L1", at="leipzig")])

    assert answers == [None, None]
    assert lying() == [("quarantine", "A", "L1", 1)]
    assert lying("leipzig") == [("quarantine", "X", "L1", 2)]
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_empty_one_bin_at_once_move_each_unit_once(world):
    put(world, 3, "A")
    other = [lambda to=to: move(2, to_bin=to) for to in ("B", "C")]

    assert sorted(race(other), key=str) == [None, "NotInBin"]

    assert sum(each[3] for each in lying()) == 3
    assert ("available", "A", "", 1) in lying()
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_holds_once(world):
    put(world, 5, "A")

    assert race([lambda: hold(2, key="k"), lambda: hold(2, key="k")]) == [None, None]

    assert lying() == [("available", "A", "", 3), ("damaged", "A", "", 2)]
