"""Counts against picks, against counts, and against each other: the books stay right."""

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from inventory import services
from inventory.models import AdjustmentLimit, CountLine, Movement, Quant, StockCount
from oms.core.actors import SYSTEM, Actor
from oms.core.books import verify
from tests.concurrency.racing import race
from tests.inventory.test_counts import KIM, LEE, OTTO, count, finish, put, request

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(world):
    put(world, "tea", 6, "A-1")
    return world


def free():
    rows = Quant.objects.filter(state="available")
    return sum(rows.values_list("quantity", flat=True))


def test_a_bin_is_counted_while_it_is_picked_from(shop):
    """Whichever comes first, what was counted is held against what the books said just then."""
    [work] = shop.works(shop.place(tea=2))
    number = request(bins=["A-1"])

    def pick():
        fulfillment.pick(number=work.number, by=SYSTEM, at=timezone.now())

    def look():
        return count(number, "A-1", tea=4)[0].expected

    [_, seen] = race([pick, look])

    assert seen in (6, 4)
    assert finish(number).status == ("approved" if seen == 4 else "investigating")
    if seen == 4:
        assert free() == 4
    assert verify() == []


def test_a_count_is_approved_while_its_bin_is_picked_from(shop):
    [work] = shop.works(shop.place(tea=2))
    number = request(bins=["A-1"])
    count(number, "A-1", tea=5)
    finish(number)

    def pick():
        fulfillment.pick(number=work.number, by=SYSTEM, at=timezone.now())
        return "picked"

    def approve():
        return services.approve_count(number=number, by=OTTO, at=timezone.now()).count.status

    assert race([pick, approve]) == ["picked", "approved"]
    assert free() == 3
    assert verify() == []


def test_missing_units_and_a_new_order_have_one_winner(shop):
    """Five of six are missing, and somebody orders four: one of the two is refused or waits."""
    number = request(bins=["A-1"])
    count(number, "A-1", tea=1)
    finish(number)

    def order():
        return shop.place(tea=4).lines.get().backordered

    def approve():
        return services.approve_count(number=number, by=OTTO, at=timezone.now()).count.status

    assert race([order, approve]) in ([0, "CountedUnitsArePromised"], [3, "approved"])
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

    def approving(name):
        by = Actor("user", name)
        return lambda: services.approve_count(number=number, by=by, at=timezone.now()).count.status

    outcome = race([approving("otto"), approving("ada")])

    assert sorted(outcome) == ["TransitionNotAllowed", "approved"]
    assert Movement.objects.filter(kind="count").count() == 1
    assert shop.on_hand("tea") == {"rotterdam": 4}
    assert verify() == []


def test_the_same_units_are_counted_away_and_adjusted_away_only_once(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=4)
    finish(number)

    def adjust():
        services.adjust(
            location="rotterdam",
            sku="tea",
            bin="A-1",
            quantity_delta=-2,
            reason="missing",
            by=LEE,
            at=timezone.now(),
        )
        return "adjusted"

    def approve():
        return services.approve_count(number=number, by=OTTO, at=timezone.now()).count.status

    outcome = race([adjust, approve])

    assert outcome in (["adjusted", "CorrectedSince"], ["adjusted", "approved"])
    assert shop.on_hand("tea") == {"rotterdam": 4 if outcome[1] == "CorrectedSince" else 2}
    assert verify() == []


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
