"""Several processes want the last units: exactly as many get them as there are."""

import pytest
from django.db import connection
from django.utils import timezone

from inventory.models import Reservation
from inventory.services import ledger
from oms.core.actors import SYSTEM
from orders import services
from orders.adapters.native.documents import read_order
from orders.models import Order
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def buyer(world, number, units=1):
    wanted = read_order(world.order_body(f"race-{number}", tea=units))
    channel = world.principal("strict")

    def buy():
        placed = services.place_order(wanted=wanted, channel=channel, by=SYSTEM, at=timezone.now())
        return sum(line.allocated for line in placed.lines)

    return buy


def promised():
    return sum(Reservation.objects.values_list("quantity", flat=True))


def test_two_processes_race_for_the_last_unit_and_one_gets_it(world):
    world.channel("strict", stock_policy="refuse")
    world.stock("tea", rotterdam=1)

    outcome = race([buyer(world, number) for number in range(2)])

    assert sorted(outcome, key=str) == [1, "InsufficientStock"]
    assert world.available("tea") == {"rotterdam": 0}
    assert promised() == 1
    assert Order.objects.count() == 1


def test_twelve_buyers_of_five_units_leave_none_over_and_none_sold_twice(world):
    world.channel("strict", stock_policy="refuse")
    world.stock("tea", rotterdam=5)

    outcome = race([buyer(world, number) for number in range(12)])

    assert outcome.count(1) == 5
    assert outcome.count("InsufficientStock") == 7
    assert world.available("tea") == {"rotterdam": 0}
    assert promised() == 5


def test_without_the_guard_the_last_unit_is_sold_twice(world, monkeypatch):
    """The control: the same race, with the condition and the constraint taken away."""
    world.channel("strict", stock_policy="refuse")
    world.stock("tea", rotterdam=1)
    guard = "AND s.reserved + w.reserved + s.held + w.held <= s.on_hand + w.on_hand"
    unguarded = ledger.CHANGE_LEVELS.replace(guard, "")
    assert unguarded != ledger.CHANGE_LEVELS
    monkeypatch.setattr(ledger, "CHANGE_LEVELS", unguarded)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE inventory_stocklevel DROP CONSTRAINT never_promise_a_unit_twice"
        )
    try:
        rounds = 0
        while promised() <= 1 and rounds < 10:
            Reservation.objects.all().update(quantity=0)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE inventory_stocklevel SET reserved = 0")
            race([buyer(world, f"{rounds}-{number}") for number in range(4)])
            rounds += 1
        assert promised() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_stocklevel SET reserved = 0")
            cursor.execute(
                "ALTER TABLE inventory_stocklevel ADD CONSTRAINT never_promise_a_unit_twice "
                "CHECK (reserved <= on_hand - held)"
            )


def test_the_same_key_sent_by_eight_at_once_makes_one_order(world):
    world.stock("tea", rotterdam=50)
    shop = world.api("shop")
    body = world.order_body("1001", tea=1)

    def send():
        answer = shop.post(
            "/api/v1/orders/", body, format="json", headers={"Idempotency-Key": "same"}
        )
        return answer.status_code, answer.json()["number"]

    outcome = race([send] * 8)

    assert sorted(status for status, _ in outcome) == [200] * 7 + [201]
    assert len({number for _, number in outcome}) == 1
    assert Order.objects.count() == 1
    assert world.available("tea") == {"rotterdam": 49}


def test_orders_that_want_the_same_skus_the_other_way_round_do_not_deadlock(world):
    names = [f"s{number}" for number in range(5)]
    for name in names:
        world.stock(name, rotterdam=100)
    channel = world.principal("shop")

    def many(number):
        there = names if number % 2 else names[::-1]
        bodies = [
            read_order(world.order_body(f"x-{number}-{n}", **dict.fromkeys(there, 1)))
            for n in range(5)
        ]

        def buy():
            for wanted in bodies:
                services.place_order(wanted=wanted, channel=channel, by=SYSTEM, at=timezone.now())
            return "done"

        return buy

    assert race([many(number) for number in range(6)]) == ["done"] * 6
    assert world.available("s0") == {"rotterdam": 70}
