"""Units on their way between two locations: reserved, sent, counted in, each of them once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from inventory import selectors, services
from inventory.errors import (
    InsufficientStock,
    LotNotAsked,
    NothingReceived,
    NothingToTransfer,
    NotInBin,
    NotOnTransfer,
    SameLocation,
    TooManyReceived,
    TooManyShipped,
    TransferChanged,
    TransferNotFound,
)
from inventory.models import Lot, Movement, Quant, Transfer, TransferEntry, TransferLine
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders.models import OrderLine

DAY = timezone.localdate() + timedelta(days=4)


@pytest.fixture(autouse=True)
def target(world):
    return world.location("leipzig")


def ask(source="rotterdam", target="leipzig", key="ask", lots=None, **units):
    lots = lots or {}
    return services.request_transfer(
        source=source,
        target=target,
        lines=[services.Wanted(sku, n, lots.get(sku, "")) for sku, n in units.items()],
        expected_on=DAY,
        key=key,
        by=SYSTEM,
        at=timezone.now(),
    )


def ship(transfer, *loads, key="ship"):
    return services.ship_transfer(
        number=transfer.number,
        loads=list(loads) or None,
        key=key,
        by=SYSTEM,
        at=timezone.now(),
    )


def receive(transfer, *counts, key="in", keep_over=False, **units):
    return services.receive_transfer(
        number=transfer.number,
        counts=[*counts, *(services.Came(sku, n) for sku, n in units.items())],
        key=key,
        keep_over=keep_over,
        by=SYSTEM,
        at=timezone.now(),
    )


def close(transfer, reason="The parcel is gone"):
    return services.close_transfer(
        number=transfer.number, reason=reason, by=SYSTEM, at=timezone.now()
    )


def cancel(transfer):
    return services.cancel_transfer(
        number=transfer.number, reason="Not needed", by=SYSTEM, at=timezone.now()
    )


def figures(transfer, sku="tea"):
    line = TransferLine.objects.get(transfer=transfer, sku__code=sku)
    return line.shipped, line.received, line.over, line.lost, line.in_transit


def status(transfer):
    return Transfer.objects.get(pk=transfer.pk).status


def facts(name):
    rows = EventRecord.objects.filter(name=f"transfer.{name}").order_by("id")
    return [row.payload for row in rows]


def put(world, units, bin="", lot="", expires_on=None, sku="tea"):
    arrival = services.Arrival(
        world.sku(sku), world.location("rotterdam"), units, bin, lot, expires_on
    )
    services.receive(arrivals=[arrival], reference="d", by=SYSTEM, at=timezone.now())


def test_units_are_reserved_then_in_transit_then_there(world):
    world.stock("tea", rotterdam=10, leipzig=1)

    transfer = ask(tea=6)
    assert (transfer.number, transfer.status) == ("TR-1001", "requested")
    assert world.available("tea") == {"leipzig": 1, "rotterdam": 4}
    assert world.on_hand("tea") == {"leipzig": 1, "rotterdam": 10}

    ship(transfer)
    assert status(transfer) == "shipped"
    assert world.on_hand("tea") == {"leipzig": 1, "rotterdam": 4}
    assert world.available("tea") == {"leipzig": 1, "rotterdam": 4}
    assert figures(transfer) == (6, 0, 0, 0, 6)
    assert verify() == []

    receive(transfer, tea=6)
    assert status(transfer) == "received"
    assert world.on_hand("tea") == {"leipzig": 7, "rotterdam": 4}
    assert figures(transfer) == (6, 6, 0, 0, 0)
    assert [
        (each.kind, each.on_hand_delta, each.reserved_delta)
        for each in Movement.objects.filter(reference=transfer.number).order_by("id")
    ] == [("reserve", 0, 6), ("transfer_out", -6, -6), ("transfer_in", 6, 0)]
    assert facts("requested")[0]["units"] == {"tea": 6}
    assert facts("shipped")[0] | {"complete": True, "units": {"tea": 6}} == facts("shipped")[0]
    assert facts("received")[0]["complete"] is True
    assert verify() == []


def test_a_transfer_in_parts_ends_received_when_every_unit_came(world):
    world.stock("tea", rotterdam=10)
    world.stock("cup", rotterdam=3)
    transfer = ask(tea=6, cup=3)

    ship(transfer, services.Load("tea", 4), key="1")
    receive(transfer, tea=3, key="2")
    assert status(transfer) == "part_received"
    ship(transfer, key="3")
    assert status(transfer) == "part_received"
    assert figures(transfer) == (6, 3, 0, 0, 3)
    assert figures(transfer, "cup") == (3, 0, 0, 0, 3)
    receive(transfer, tea=3, cup=3, key="4")

    assert status(transfer) == "received"
    assert [fact["complete"] for fact in facts("shipped")] == [False, True]
    assert [fact["complete"] for fact in facts("received")] == [False, True]
    assert verify() == []


def test_the_same_form_sent_twice_counts_once(world):
    world.stock("tea", rotterdam=10)

    assert ask(tea=6).pk == ask(tea=6).pk
    transfer = Transfer.objects.get()
    for _ in range(2):
        ship(transfer, services.Load("tea", 2), key="a")
    for _ in range(2):
        receive(transfer, tea=1, key="b")

    assert figures(transfer) == (2, 1, 0, 0, 1)
    assert world.on_hand("tea") == {"leipzig": 1, "rotterdam": 8}
    assert verify() == []


def test_more_than_is_free_is_refused_and_nothing_changed(world):
    world.stock("tea", rotterdam=10)
    world.stock("cup", rotterdam=0)
    world.place(tea=7)

    with pytest.raises(InsufficientStock) as refused:
        ask(tea=4)

    assert (refused.value.requested, refused.value.available) == (4, 3)
    with pytest.raises(InsufficientStock) as refused:
        ask(tea=4, cup=1)
    assert str(refused.value) == ("tea: 4 requested, 3 available. cup: 1 requested, 0 available.")
    assert not Transfer.objects.exists()
    assert world.available("tea") == {"rotterdam": 3}
    assert ask(tea=3).number == "TR-1001"


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"target": "rotterdam", "tea": 1}, SameLocation),
        ({}, NothingToTransfer),
        ({"tea": 0}, NothingToTransfer),
    ],
)
def test_a_transfer_of_nothing_or_to_itself_is_refused(world, asked, refusal):
    world.stock("tea", rotterdam=1, leipzig=0)
    with pytest.raises(refusal):
        ask(**asked)
    assert not Transfer.objects.exists()


def test_lots_go_along_the_first_to_expire_first(world):
    world.location("leipzig")
    put(world, 2, "A-1", "young", date(2030, 6, 1))
    put(world, 3, "B-1", "old", date(2030, 1, 1))
    transfer = ask(tea=4)

    ship(transfer)
    receive(transfer, services.Came("tea", 1, lot="young"), key="1")
    receive(transfer, tea=3, key="2")

    there = Quant.objects.filter(level__location__code="leipzig").order_by("lot")
    assert [(each.lot, each.quantity) for each in there] == [("old", 3), ("young", 1)]
    left = Quant.objects.filter(level__location__code="rotterdam")
    assert [(each.bin, each.lot, each.quantity) for each in left] == [("A-1", "young", 1)]
    assert Lot.objects.get(code="old").expires_on == date(2030, 1, 1)
    assert verify() == []


def test_a_lot_that_is_asked_for_is_the_one_that_leaves(world):
    world.location("leipzig")
    put(world, 2, "A-1", "young", date(2030, 6, 1))
    put(world, 3, "B-1", "old", date(2030, 1, 1))
    with pytest.raises(NotInBin):
        ask(tea=3, lots={"tea": "young"})
    transfer = ask(tea=2, lots={"tea": "young"})

    with pytest.raises(LotNotAsked):
        ship(transfer, services.Load("tea", 1, lot="old"))
    with pytest.raises(NotInBin):
        ship(transfer, services.Load("tea", 1, bin="B-1"))
    assert status(transfer) == "requested"
    ship(transfer)

    assert [(e.lot, e.units) for e in TransferEntry.objects.all()] == [("young", 2)]
    assert verify() == []


def test_damaged_units_arrive_held(world):
    world.stock("tea", rotterdam=5, leipzig=0)
    transfer = ask(tea=5)
    ship(transfer)

    receive(transfer, services.Came("tea", 3, damaged=2))

    assert world.on_hand("tea") == {"leipzig": 5, "rotterdam": 0}
    assert world.available("tea") == {"leipzig": 3, "rotterdam": 0}
    assert facts("received")[0]["damaged"] == {"tea": 2}
    assert status(transfer) == "received"
    assert verify() == []


def test_more_than_is_in_transit_is_refused_unless_somebody_keeps_it(world):
    world.stock("tea", rotterdam=5)
    transfer = ask(tea=5)
    ship(transfer, services.Load("tea", 3))

    with pytest.raises(TooManyReceived) as refused:
        receive(transfer, tea=4)
    assert refused.value.facts["expected"] == 3
    assert figures(transfer) == (3, 0, 0, 0, 3)
    assert world.on_hand("tea") == {"rotterdam": 2}

    receive(transfer, tea=4, keep_over=True)
    assert figures(transfer) == (3, 4, 1, 0, 0)
    assert status(transfer) == "part_received"
    assert verify() == []


def test_what_never_came_is_lost_and_what_never_left_is_free_again(world):
    world.stock("tea", rotterdam=10)
    transfer = ask(tea=8)
    ship(transfer, services.Load("tea", 5))
    receive(transfer, tea=2)

    close(transfer)

    assert status(transfer) == "closed"
    assert figures(transfer) == (5, 2, 0, 3, 0)
    assert world.available("tea") == {"leipzig": 2, "rotterdam": 5}
    assert (facts("closed")[0]["lost"], facts("closed")[0]["kept"]) == ({"tea": 3}, {"tea": 3})
    assert selectors.inbound() == []
    assert verify() == []
    for act in (close, cancel):
        with pytest.raises(TransitionNotAllowed):
            act(transfer)
    with pytest.raises(TransitionNotAllowed):
        ship(transfer, key="late")
    with pytest.raises(TransitionNotAllowed):
        receive(transfer, tea=1, key="late")
    assert figures(transfer) == (5, 2, 0, 3, 0)


def test_a_transfer_called_off_gives_its_units_back(world):
    world.stock("tea", rotterdam=10)
    transfer = ask(tea=8)

    cancel(transfer)

    assert status(transfer) == "cancelled"
    assert world.available("tea") == {"rotterdam": 10}
    with pytest.raises(TransitionNotAllowed):
        ship(transfer)
    assert world.on_hand("tea") == {"rotterdam": 10}
    assert facts("cancelled")[0]["reason"] == "Not needed"
    assert verify() == []


def test_one_that_left_is_not_called_off(world):
    world.stock("tea", rotterdam=10)
    transfer = ask(tea=8)
    ship(transfer, services.Load("tea", 1))
    with pytest.raises(TransitionNotAllowed):
        cancel(transfer)
    assert world.available("tea") == {"rotterdam": 2}


def test_what_does_not_fit_the_transfer_is_refused_and_nothing_moves(world):
    world.stock("tea", rotterdam=10)
    world.stock("cup", rotterdam=10)
    transfer = ask(tea=4)

    for loads, refusal in (
        ([services.Load("tea", 5)], TooManyShipped),
        ([services.Load("tea", 3), services.Load("tea", 2)], TooManyShipped),
        ([services.Load("cup", 1)], NotOnTransfer),
        ([services.Load("tea", 0)], NothingToTransfer),
    ):
        with pytest.raises(refusal):
            ship(transfer, *loads)
    with pytest.raises(TransitionNotAllowed):
        receive(transfer, tea=1)
    ship(transfer)
    with pytest.raises(NotOnTransfer):
        receive(transfer, cup=1)
    with pytest.raises(NothingReceived):
        receive(transfer, tea=0)
    with pytest.raises(TransferChanged):
        services.close_transfer(
            number=transfer.number, reason="x", expected_version=1, by=SYSTEM, at=timezone.now()
        )
    with pytest.raises(TransferNotFound):
        services.cancel_transfer(number="TR-9", reason="x", by=SYSTEM, at=timezone.now())

    assert figures(transfer) == (4, 0, 0, 0, 4)
    assert world.on_hand("tea") == {"rotterdam": 6}
    assert verify() == []


def test_who_waits_is_served_as_units_come_and_only_once(world):
    world.stock("tea", rotterdam=5, leipzig=0)
    transfer = ask(tea=5)
    ship(transfer)
    world.place(tea=3)
    assert OrderLine.objects.get().allocated == 0

    receive(transfer, tea=5)
    receive(transfer, tea=5)

    assert OrderLine.objects.get().allocated == 3
    assert world.available("tea") == {"leipzig": 2, "rotterdam": 0}
    assert verify() == []


def test_what_is_in_transit_is_coming_and_not_ordered_twice(world):
    world.stock("tea", rotterdam=10, leipzig=0)
    world.supplier("leaf", tea={})
    world.reorder("tea", 5, at="leipzig")
    leipzig = world.location("leipzig").pk
    transfer = ask(tea=5)

    def proposed():
        services.propose_replenishment(by=SYSTEM, at=timezone.now())
        return [each.status for each in selectors.replenishment_orders([leipzig])]

    def coming():
        found = selectors.inbound([world.sku("tea").pk])
        return [(each.units, each.expected_on, each.is_committed) for each in found]

    assert coming() == [(5, None, False)]
    assert proposed() == []
    ship(transfer, services.Load("tea", 2))
    assert coming() == [(2, DAY, True), (3, None, False)]
    assert selectors.inbound()[0].location_id == leipzig
    assert proposed() == []
    receive(transfer, tea=1)
    assert coming() == [(1, DAY, True), (3, None, False)]
    assert proposed() == []

    close(transfer)
    assert coming() == []
    assert proposed() == ["proposed"]


def test_customers_are_promised_the_day_of_what_is_in_transit(world):
    world.stock("tea", rotterdam=5, leipzig=0)
    transfer = ask(tea=5)
    tea = world.sku("tea").pk
    ship(transfer, services.Load("tea", 2))

    arriving = selectors.arriving([tea], today=timezone.localdate())[tea]
    assert [(each.units, each.expected_on) for each in arriving] == [(2, DAY), (3, None)]
