"""Many reach for the same units: every one of them goes to one of them, whoever is first.

Each guard has its control: the same race with the guard taken away, which must end badly.
"""

import itertools
import random
from collections import Counter
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import Barrier, Event
from threading import BrokenBarrierError

import pytest
from django.db import connection
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.services import drawing
from inventory import services as inventory
from inventory.models import Quant, StockLevel
from inventory.services import adjusting, ledger, reserving
from oms.core import batch
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders.models import Order
from tests.concurrency.racing import once_after, race

pytestmark = pytest.mark.django_db(transaction=True)

OFTEN = pytest.mark.full
NEVER_TWICE = "AND s.reserved + w.reserved + s.held + w.held <= s.on_hand + w.on_hand"
IN_ONE_ORDER = "SELECT s.id, w.on_hand, w.reserved, w.held\n"
BY_KEY = "ORDER BY s.id FOR NO KEY UPDATE"
ALL_MOVED = "SELECT (SELECT count(*) FROM emptied) + (SELECT count(*) FROM changed)"


def changed(statement, *changes):
    """A statement with parts replaced that are there."""
    for old, new in changes:
        assert old in statement
        statement = statement.replace(old, new)
    return statement


@contextmanager
def no_constraint():
    """The database does not judge whether a unit is promised twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE inventory_stocklevel DROP CONSTRAINT never_promise_a_unit_twice"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_stocklevel SET reserved = 0")
            cursor.execute(
                "ALTER TABLE inventory_stocklevel ADD CONSTRAINT never_promise_a_unit_twice "
                "CHECK (reserved <= on_hand - held)"
            )


def put(world, sku, units, bin="", lot=""):
    arrival = inventory.Arrival(world.sku(sku), world.location("rotterdam"), units, bin, lot)
    inventory.receive(arrivals=[arrival], reference="d", by=SYSTEM, at=timezone.now())


def at_rotterdam(service, sku, **named):
    service(location="rotterdam", sku=sku, **named, reason="race", by=SYSTEM, at=timezone.now())


take_away = partial(at_rotterdam, inventory.adjust)


@pytest.mark.parametrize(
    ("buyers", "units", "rounds"), [(32, 16, 1), pytest.param(200, 100, 50, marks=OFTEN)]
)
def test_exactly_as_many_buyers_are_served_as_there_are_units(world, buyers, units, rounds):
    """Not one too many, and not one too few: over HTTP, from twenty processes at once."""
    world.channel("strict", stock_policy="refuse")
    shop = world.api("strict")
    at_once = min(20, buyers // 4)

    def buying(turn, nth):
        bodies = [
            world.order_body(f"{turn}-{number}", **{f"tea{turn}": 1})
            for number in range(nth, buyers, at_once)
        ]

        def buy():
            found = Counter()
            for body in bodies:
                key = {"Idempotency-Key": body["external_id"]}
                answer = shop.post("/api/v1/orders/", body, format="json", headers=key)
                found[answer.status_code, answer.json().get("type")] += 1
            return found

        return buy

    assert shop.get("/api/v1/stock/").status_code == 200  # what is imported is here before we fork
    for turn in range(rounds):
        world.stock(f"tea{turn}", rotterdam=units)
        answers = sum(race([buying(turn, nth) for nth in range(at_once)]), Counter())
        assert answers == {
            (201, None): units,
            (409, "/problems/insufficient_stock"): buyers - units,
        }
        assert world.available(f"tea{turn}") == {"rotterdam": 0}
    assert Order.objects.count() == units * rounds
    assert verify() == []


SKUS = [f"s{number}" for number in range(20)]


def orders_of_five(world, processes, each):
    """Works that place orders of five of twenty SKUs; every second one names them backwards."""
    dice = random.Random(1)
    for sku in SKUS:
        world.stock(sku, rotterdam=1000)
    world.channel("shop")

    wanted = [dice.sample(SKUS, 5) for _ in range(each)]

    def many(nth):

        def buy():
            with connection.cursor() as cursor:
                cursor.execute("SET deadlock_timeout = '20ms'")
            for number, skus in enumerate(wanted):
                named = skus[::-1] if nth % 2 else skus
                world.place(f"{nth}-{number}", **dict.fromkeys(named, 1))
            return "done"

        return buy

    return [many(nth) for nth in range(processes)]


def slowly(monkeypatch, order=BY_KEY):
    """Stock levels are locked one after the other, with time between; a deadlock is told."""
    slow = changed(
        ledger.CHANGE_LEVELS,
        (IN_ONE_ORDER, f"{IN_ONE_ORDER.strip()}, pg_sleep(0.005)\n"),
        (BY_KEY, order),
    )
    monkeypatch.setattr(ledger, "CHANGE_LEVELS", slow)
    monkeypatch.setattr(batch, "RETRIED", batch.RETRIED - {"40P01"})


@pytest.mark.parametrize(("processes", "each"), [(4, 2), pytest.param(8, 50, marks=OFTEN)])
def test_orders_that_name_their_skus_in_any_order_never_deadlock(
    world, monkeypatch, processes, each
):
    slowly(monkeypatch)

    outcome = race(orders_of_five(world, processes, each))

    assert outcome == ["done"] * processes
    promised = sum(StockLevel.objects.values_list("reserved", flat=True))
    assert promised == processes * each * 5
    assert verify() == []


@OFTEN
def test_without_one_order_of_locks_they_do(world, monkeypatch):
    slowly(monkeypatch, "ORDER BY hashint8(s.id + pg_backend_pid()) FOR NO KEY UPDATE")

    assert "OperationalError" in race(orders_of_five(world, 4, 6))


ORDERED_OR_ADJUSTED = (["ordered", "StockIsSpokenFor"], ["InsufficientStock", None])


def ordering(world, sku, units, number):
    def order():
        world.place(number, channel="strict", **{sku: units})
        return "ordered"

    return order


@pytest.mark.parametrize("rounds", [1, pytest.param(50, marks=OFTEN)])
def test_units_are_promised_or_taken_off_the_books(world, rounds):
    """Both want the same three; the constraint of the database is never what says no."""
    world.channel("strict", stock_policy="refuse")
    for turn in range(rounds):
        sku = f"tea{turn}"
        world.stock(sku, rotterdam=3)
        adjust = partial(take_away, sku, quantity_delta=-3)

        outcome = race([ordering(world, sku, 3, f"o{turn}"), adjust])

        assert outcome in ORDERED_OR_ADJUSTED
        assert world.available(sku) == {"rotterdam": 0}
    assert verify() == []


def adjusted_after_the_order_looked(world, monkeypatch):
    world.channel("strict", stock_policy="refuse")
    world.stock("tea", rotterdam=3)
    looked, adjusted = Event(), Event()
    monkeypatch.setattr(drawing, "supply", once_after(drawing.supply, looked, adjusted))

    def adjust():
        assert looked.wait(20)
        take_away("tea", quantity_delta=-3)
        adjusted.set()

    return race([ordering(world, "tea", 3, "1"), adjust])


def test_units_that_go_after_the_order_looked_are_not_promised(world, monkeypatch):
    assert adjusted_after_the_order_looked(world, monkeypatch) == ["InsufficientStock", None]
    assert world.available("tea") == {"rotterdam": 0}
    assert not Order.objects.exists()


@OFTEN
def test_without_the_condition_they_are(world, monkeypatch):
    unguarded = changed(ledger.CHANGE_LEVELS, (NEVER_TWICE, ""))
    monkeypatch.setattr(ledger, "CHANGE_LEVELS", unguarded)
    with no_constraint():
        assert adjusted_after_the_order_looked(world, monkeypatch) == ["ordered", None]
        assert world.available("tea") == {"rotterdam": -3}


def blocked(sku):
    inventory.block_lot(sku=sku, lot="L1", reason="", by=SYSTEM, at=timezone.now())


def counted_empty(sku):
    now = timezone.now()
    number = inventory.request_count(
        location="rotterdam", pairs=[(sku, "A-1")], by=SYSTEM, at=now
    ).number
    inventory.record_count(number=number, bin="A-1", found=[], is_done=True, by=SYSTEM, at=now)
    if inventory.finish_count(number=number, by=SYSTEM, at=now).status == "investigating":
        inventory.approve_count(number=number, by=SYSTEM, at=now)


GONE = {
    "moved": lambda sku: at_rotterdam(
        inventory.move_units, sku, quantity=2, from_bin="A-1", to_bin="B-1"
    ),
    "blocked": blocked,
    "held": lambda sku: at_rotterdam(
        inventory.hold_units, sku, quantity=2, bin="A-1", state="damaged"
    ),
    "scrapped": lambda sku: at_rotterdam(inventory.scrap_units, sku, quantity=2, bin="A-1"),
    "adjusted": lambda sku: take_away(sku, quantity_delta=-2, bin="A-1"),
    "counted": counted_empty,
}
LEFT = {"moved": 4, "blocked": 2, "held": 2, "scrapped": 2, "adjusted": 2, "counted": 2}
"""Units of six that are still for sale when two of them are picked."""


def ready_to_pick(world, sku):
    """Two units in the bin that is picked from first, four in another; two are promised."""
    put(world, sku, 2, "A-1", "L1")
    put(world, sku, 4, "C-1", "L2")
    [work] = world.works(world.place(f"of-{sku}", **{sku: 2}))

    def pick():
        fulfillment.pick(number=work.number, by=SYSTEM, at=timezone.now())
        return "picked"

    return pick


def units(sku, state):
    rows = Quant.objects.filter(level__sku__code=sku, state=state)
    return sum(rows.values_list("quantity", flat=True))


@pytest.mark.parametrize(
    ("rounds", "names"),
    [(1, ["moved", "blocked", "counted"]), pytest.param(50, list(GONE), marks=OFTEN)],
)
def test_units_are_picked_while_others_reach_into_the_same_bin(world, rounds, names):
    for turn, name in itertools.product(range(rounds), names):
        sku = f"{name}{turn}"
        pick = ready_to_pick(world, sku)

        outcome = race([pick, partial(GONE[name], sku)])

        assert outcome in (["picked", None], ["picked", "NotInBin"]), name
        assert units(sku, "picked") == 2
        was_first = outcome[1] == "NotInBin"
        assert units(sku, "available") in ((4,) if was_first else (LEFT[name], 4)), name
    assert verify() == []


def gone_after_the_picker_looked(world, monkeypatch, name):
    pick = ready_to_pick(world, name)
    looked, gone = Event(), Event()

    def reach():
        assert looked.wait(20)
        GONE[name](name)
        gone.set()

    with monkeypatch.context() as patch:
        patch.setattr(reserving, "Shelves", once_after(reserving.Shelves, looked, gone))
        return race([pick, reach])


def test_units_that_left_the_bin_after_the_picker_looked_are_taken_elsewhere(world, monkeypatch):
    for name in GONE:
        assert gone_after_the_picker_looked(world, monkeypatch, name) == ["picked", None]
        assert units(name, "picked") == 2
        assert units(name, "available") == LEFT[name]
    assert verify() == []


@OFTEN
def test_without_the_proof_they_are_taken_where_they_no_longer_lie(world, monkeypatch):
    unproven = changed(
        ledger.CHANGE_QUANTS,
        (ALL_MOVED, "SELECT (SELECT count(*) FROM wanted) AS all_the_same --"),
        ("\n     + (SELECT count(*) FROM added)", ""),
    )
    monkeypatch.setattr(ledger, "CHANGE_QUANTS", unproven)

    for name in GONE:
        gone_after_the_picker_looked(world, monkeypatch, name)

    wrong = {each.row["level"].split()[1] for each in verify(["stock_quants"])}
    assert wrong == set(GONE)


def sent_past_each_other(world, monkeypatch):
    """Two immediate transfers, each of which has locked what it takes before the other goes on."""
    world.stock("tea", rotterdam=9, leipzig=9)
    both = Barrier(2)

    def shelves(*args):
        with suppress(BrokenBarrierError):
            both.wait(0.4)
        return real(*args)

    real = adjusting.Shelves
    monkeypatch.setattr(adjusting, "Shelves", shelves)
    monkeypatch.setattr(batch, "RETRIED", batch.RETRIED - {"40P01"})

    def send(source, target):
        def work():
            with connection.cursor() as cursor:
                cursor.execute("SET deadlock_timeout = '20ms'")
            inventory.transfer(
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

    return race([send("rotterdam", "leipzig"), send("leipzig", "rotterdam")])


def test_transfers_that_cross_wait_for_one_another(world, monkeypatch):
    assert sent_past_each_other(world, monkeypatch) == ["done", "done"]
    assert world.on_hand("tea") == {"rotterdam": 9, "leipzig": 9}


@OFTEN
def test_without_taking_both_stock_levels_first_they_deadlock(world, monkeypatch):
    real = adjusting.lock

    def only_one(levels):
        return [] if "location" in str(levels.query.where) else real(levels)

    monkeypatch.setattr(adjusting, "lock", only_one)

    assert "OperationalError" in sent_past_each_other(world, monkeypatch)
