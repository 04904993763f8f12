"""Two and more reach for the same transfer, or send units past each other, at one moment."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory import services
from inventory.models import Transfer, TransferLine
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders.models import OrderLine
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

EITHER_WAY = [("rotterdam", "leipzig"), ("leipzig", "rotterdam")]


def ask(source, target, units, key):
    return services.request_transfer(
        source=source,
        target=target,
        lines=[services.Wanted("tea", units), services.Wanted("cup", units)],
        key=key,
        by=SYSTEM,
        at=timezone.now(),
    )


def act(service, number, **named):
    def work():
        service(number=number, by=SYSTEM, at=timezone.now(), **named)
        return "done"

    return work


def line_of(transfer, sku="tea"):
    line = TransferLine.objects.get(transfer=transfer, sku__code=sku)
    return line.shipped, line.received, line.over, line.lost


@pytest.fixture
def shop(world):
    for sku in ("tea", "cup"):
        world.stock(sku, rotterdam=100, leipzig=100)
    return world


def total(world, sku):
    return sum(world.on_hand(sku).values())


@pytest.mark.parametrize("rounds", [4, pytest.param(50, marks=pytest.mark.full)])
def test_units_sent_past_each_other_at_once_are_all_there_after(shop, rounds):
    """The immediate transfer takes both stock levels up front, in one order."""

    def back_and_forth(nth):
        source, target = EITHER_WAY[nth % 2]

        def work():
            for _ in range(rounds):
                services.transfer(
                    sku="tea",
                    from_location=source,
                    to_location=target,
                    quantity=1,
                    reason="",
                    by=SYSTEM,
                    at=timezone.now(),
                )
            return "done"

        return work

    assert race([back_and_forth(nth) for nth in range(4)]) == ["done"] * 4
    assert shop.on_hand("tea") == {"leipzig": 100, "rotterdam": 100}
    assert verify() == []


@pytest.mark.parametrize("rounds", [2, pytest.param(50, marks=pytest.mark.full)])
def test_two_sided_transfers_in_both_directions_at_once_end_with_every_unit(shop, rounds):
    def whole_way(nth):
        source, target = EITHER_WAY[nth % 2]

        def work():
            for turn in range(rounds):
                key = f"{nth}-{turn}"
                number = ask(source, target, 3, key).number
                act(services.ship_transfer, number, key=f"s-{key}")()
                broken = 1 if turn == 0 else 0
                tea = services.Came("tea", 3 - broken, damaged=broken)
                counts = [services.Came("cup", 3), tea]
                act(services.receive_transfer, number, counts=counts, key=f"r-{key}")()
            return "done"

        return work

    assert race([whole_way(nth) for nth in range(4)]) == ["done"] * 4
    assert set(Transfer.objects.values_list("status", flat=True)) == {"received"}
    assert (total(shop, "tea"), total(shop, "cup")) == (200, 200)
    assert verify() == []


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.full)])
def test_shipping_and_calling_off_at_once_has_one_winner(shop, rounds):
    for turn in range(rounds):
        transfer = ask("rotterdam", "leipzig", 2, f"k-{turn}")
        outcome = race(
            [
                act(services.ship_transfer, transfer.number, key=f"s-{turn}"),
                act(services.cancel_transfer, transfer.number, reason="late"),
            ]
        )
        assert sorted(outcome) == ["TransitionNotAllowed", "done"]
        transfer.refresh_from_db()
        has_left = outcome[0] == "done"
        assert transfer.status == ("shipped" if has_left else "cancelled")
        assert line_of(transfer) == ((2, 0, 0, 0) if has_left else (0, 0, 0, 0))
    assert verify() == []


def test_a_form_sent_by_four_at_once_is_one_transfer_shipped_and_received_once(shop):
    numbers = race([lambda: ask("rotterdam", "leipzig", 5, "same").number] * 4)
    assert numbers == ["TR-1001"] * 4
    assert shop.available("tea") == {"leipzig": 100, "rotterdam": 95}
    transfer = Transfer.objects.get()

    load = [services.Load("tea", 2)]
    ship = act(services.ship_transfer, transfer.number, key="s", loads=load)
    assert race([ship] * 4) == ["done"] * 4
    assert line_of(transfer) == (2, 0, 0, 0)

    came = [services.Came("tea", 1)]
    receive = act(services.receive_transfer, transfer.number, key="r", counts=came)
    assert race([receive] * 4) == ["done"] * 4
    assert line_of(transfer) == (2, 1, 0, 0)
    assert shop.on_hand("tea") == {"leipzig": 101, "rotterdam": 98}
    assert verify() == []


def test_four_people_cannot_take_in_more_than_left_and_who_waits_is_served_once(world):
    world.stock("tea", rotterdam=10, leipzig=0)
    world.stock("cup", rotterdam=10, leipzig=0)
    transfer = ask("rotterdam", "leipzig", 10, "k")
    world.place(tea=5)
    act(services.ship_transfer, transfer.number, key="s")()

    outcome = race(
        [
            act(
                services.receive_transfer,
                transfer.number,
                key=f"r-{nth}",
                counts=[services.Came("tea", 4)],
            )
            for nth in range(4)
        ]
    )

    assert sorted(outcome) == ["TooManyReceived"] * 2 + ["done"] * 2
    assert line_of(transfer) == (10, 8, 0, 0)
    assert OrderLine.objects.get().allocated == 5
    assert world.available("tea") == {"leipzig": 3, "rotterdam": 0}
    assert verify() == []


def test_the_last_units_are_promised_to_an_order_or_to_a_transfer(world):
    for sku in ("tea", "cup"):
        world.stock(sku, rotterdam=5, leipzig=0)

    def send():
        return ask("rotterdam", "leipzig", 5, "k").status

    def order():
        world.place("1", tea=5)
        return OrderLine.objects.get().allocated

    outcome = race([send, order])

    assert outcome in (["requested", 0], ["InsufficientStock", 5])
    assert world.available("tea") == {"leipzig": 0, "rotterdam": 0}
    assert verify() == []


def test_the_immediate_transfer_takes_both_stock_levels_at_once_before_it_moves_units(shop):
    """Whoever sends the other way waits for both; without it each would hold one and want two."""
    with CaptureQueriesContext(connection) as queries:
        services.transfer(
            sku="tea",
            from_location="rotterdam",
            to_location="leipzig",
            quantity=1,
            reason="",
            by=SYSTEM,
            at=timezone.now(),
        )
    locking = [
        each["sql"]
        for each in queries
        if "NO KEY UPDATE" in each["sql"] and "stocklevel" in each["sql"]
    ]
    taken = locking[0].split("WHERE")[1]
    assert "IN" in taken
    for code in ("rotterdam", "leipzig"):
        assert re.search(rf"\b{shop.location(code).pk}\b", taken)
