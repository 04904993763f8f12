"""Counts against picks, against counts, and against each other: the books stay right."""

from multiprocessing import Event

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from inventory import services
from inventory.models import AdjustmentLimit, CountLine, Movement, Quant, StockCount
from inventory.services import adjusting
from inventory.services.counts import approving as approvals
from oms.core.actors import SYSTEM, Actor
from oms.core.books import verify
from tests.concurrency.racing import race
from tests.inventory.counting import KIM, LEE, OTTO, count, finish, put, request

pytestmark = pytest.mark.django_db(transaction=True)


ROUNDS = pytest.mark.parametrize("rounds", [1, pytest.param(50, marks=pytest.mark.full)])


@pytest.fixture
def shop(world):
    put(world, "tea", 6, "A-1")
    return world


def each_of(world, rounds):
    """A SKU for each round, of which six lie in a bin of its own."""
    for turn in range(rounds):
        put(world, f"tea{turn}", 6, f"A-{turn}")
        yield f"tea{turn}", f"A-{turn}"


def ordered(world, sku, units):
    order = world.place(f"of-{sku}", **{sku: units})
    return order, world.works(order)


def free(sku):
    rows = Quant.objects.filter(state="available", level__sku__code=sku)
    return sum(rows.values_list("quantity", flat=True))


@ROUNDS
def test_a_bin_is_counted_while_it_is_picked_from(world, rounds):
    """Whichever comes first, what was counted is held against what the books said just then."""
    for sku, bin in each_of(world, rounds):
        _, [work] = ordered(world, sku, 2)
        number = request(bins=[bin])

        def pick(number=work.number):
            fulfillment.pick(number=number, by=SYSTEM, at=timezone.now())

        def look(number=number, bin=bin, sku=sku):
            return count(number, bin, **{sku: 4})[0].expected

        [_, seen] = race([pick, look])

        assert seen in (6, 4)
        assert finish(number).status == ("approved" if seen == 4 else "investigating")
        assert free(sku) == 4
    assert verify() == []


@ROUNDS
def test_a_count_is_approved_while_its_bin_is_picked_from(world, rounds):
    for sku, bin in each_of(world, rounds):
        _, [work] = ordered(world, sku, 2)
        number = request(bins=[bin])
        count(number, bin, **{sku: 5})
        finish(number)

        def pick(number=work.number):
            fulfillment.pick(number=number, by=SYSTEM, at=timezone.now())
            return "picked"

        assert race([pick, approving(number)]) == ["picked", "approved"]
        assert free(sku) == 3
    assert verify() == []


def approving(number, by=OTTO):
    return lambda: services.approve_count(number=number, by=by, at=timezone.now()).count.status


@ROUNDS
def test_missing_units_and_a_new_order_have_one_winner(world, rounds):
    """Five of six are missing, and somebody orders four: one of the two is refused or waits."""
    for sku, bin in each_of(world, rounds):
        number = request(bins=[bin])
        count(number, bin, **{sku: 1})
        finish(number)

        def order(sku=sku):
            return ordered(world, sku, 4)[0].lines.get().backordered

        outcome = race([order, approving(number)])

        assert outcome in ([0, "CountedUnitsArePromised"], [3, "approved"])
    assert verify() == []


def test_two_people_count_one_line_and_the_first_has_it(shop):
    number = request(bins=["A-1"])
    services.start_count(number=number, by=OTTO, at=timezone.now())

    def counting(who, units):
        return lambda: count(number, "A-1", who, done=False, tea=units)[0].counted

    outcome = race([counting(KIM, 5), counting(LEE, 4)])

    assert outcome in ([5, "AlreadyCounted"], ["AlreadyCounted", 4])
    line = CountLine.objects.get()
    assert (line.counted, line.counted_by) in ((5, "user:kim"), (4, "user:lee"))


def test_two_counts_are_asked_for_one_bin_and_one_is_made(shop):
    asking = [lambda: request(bins=["A-1"]), lambda: request(skus=["tea"])]

    outcome = race(asking)

    assert sorted(outcome) == ["AlreadyBeingCounted", "SC-1001"]
    assert StockCount.objects.count() == 1


def test_a_count_is_approved_twice_at_once_and_entered_once(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=4)
    finish(number)

    outcome = race([approving(number), approving(number, Actor("user", "ada"))])

    assert sorted(outcome) == ["TransitionNotAllowed", "approved"]
    assert Movement.objects.filter(kind="count").count() == 1
    assert shop.on_hand("tea") == {"rotterdam": 4}
    assert verify() == []


@ROUNDS
def test_the_same_units_are_counted_away_and_adjusted_away_only_once(world, rounds):
    for sku, bin in each_of(world, rounds):
        number = request(bins=[bin])
        count(number, bin, **{sku: 4})
        finish(number)

        outcome = race([adjusting_away(sku, bin), approving(number)])

        assert outcome in (["adjusted", "CorrectedSince"], ["adjusted", "approved"])
        left = 4 if outcome[1] == "CorrectedSince" else 2
        assert world.on_hand(sku) == {"rotterdam": left}
    assert verify() == []


def adjusting_away(sku, bin):
    def adjust():
        services.adjust(
            location="rotterdam",
            sku=sku,
            bin=bin,
            quantity_delta=-2,
            reason="missing",
            by=LEE,
            at=timezone.now(),
        )
        return "adjusted"

    return adjust


def approved_while_it_is_adjusted(shop, monkeypatch):
    """The adjustment has its stock level, and half a second later its units."""
    number = request(bins=["A-1"])
    count(number, "A-1", tea=4)
    finish(number)
    taken, never = Event(), Event()

    def shelves(*args):
        taken.set()
        never.wait(0.5)
        return real(*args)

    real = adjusting.Shelves
    monkeypatch.setattr(adjusting, "Shelves", shelves)

    def approve():
        assert taken.wait(20)
        return approving(number)()

    return race([adjusting_away("tea", "A-1"), approve])


def test_a_count_waits_for_the_adjustment_that_is_being_made(shop, monkeypatch):
    outcome = approved_while_it_is_adjusted(shop, monkeypatch)

    assert outcome == ["adjusted", "CorrectedSince"]
    assert shop.on_hand("tea") == {"rotterdam": 4}


@pytest.mark.full
def test_without_its_lock_it_takes_the_same_units_away_again(shop, monkeypatch):
    monkeypatch.setattr(approvals, "lock", list)

    outcome = approved_while_it_is_adjusted(shop, monkeypatch)

    assert outcome == ["adjusted", "approved"]
    assert shop.on_hand("tea") == {"rotterdam": 2}


def test_a_correction_is_approved_and_declined_at_once_and_one_holds(shop):
    shop.supplier("leaf", tea={"cost": 4, "currency": "EUR"})
    AdjustmentLimit.objects.create(currency="EUR", amount=1)
    asked = services.correct_stock(
        location="rotterdam", sku="tea", quantity_delta=-2, reason="", by=KIM, at=timezone.now()
    )
    named = {"number": asked.number, "at": timezone.now()}

    outcome = race(
        [
            lambda: services.approve_adjustment(**named, by=OTTO).status,
            lambda: services.decline_adjustment(**named, by=LEE).status,
        ]
    )

    assert outcome in (["approved", "TransitionNotAllowed"], ["TransitionNotAllowed", "declined"])
    assert shop.on_hand("tea") == {"rotterdam": 4 if outcome[0] == "approved" else 6}
    assert verify() == []
