"""What becomes of differences: looked into, counted again, entered once, or refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from inventory import services
from inventory.errors import (
    AlreadyCounted,
    BinsNotCounted,
    CorrectedSince,
    CountChanged,
    CountedUnitsArePromised,
    NothingToRecount,
    NotInBin,
    RecountByAnother,
)
from inventory.models import CountLine, Movement, StockCount
from inventory.services import Found
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from tests.fulfillment.steps import only_work_of
from tests.inventory.counting import (
    KIM,
    LEE,
    OTTO,
    approve,
    count,
    finish,
    lines,
    lying,
    put,
    recount,
    request,
)
from tests.inventory.counting import shop as shop
from tests.inventory.test_invariants import corrupt


def test_what_moves_between_counting_and_approval_stays_right(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=4, cup=3)
    finish(number)
    work = only_work_of(shop.place(tea=2))
    fulfillment.pick(number=work.number, by=SYSTEM, at=timezone.now())
    put(shop, "tea", 6, "A-1")

    approve(number)

    assert ("tea", "A-1", 8) in lying()  # 5, one not found, two picked, six more came
    assert verify() == []


def test_a_difference_that_was_corrected_meanwhile_is_not_entered_twice(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=3, cup=3)
    finish(number)
    services.adjust(
        location="rotterdam",
        sku="tea",
        quantity_delta=-2,
        bin="A-1",
        reason="missing",
        by=LEE,
        at=timezone.now() - timedelta(hours=1),
    )
    before = lying()

    with pytest.raises(CorrectedSince, match="tea in bin A-1 was corrected"):
        approve(number)

    assert lying() == before
    recount(number)
    count(number, "A-1", LEE, tea=3)
    assert finish(number).status == "approved"
    assert lying() == before


def test_units_that_are_promised_are_not_taken_away_and_it_says_to_whom(shop):
    order = shop.place(tea=8)
    work = only_work_of(order)
    number = request(bins=["A-1"])
    count(number, "A-1", tea=3, cup=3)
    finish(number)
    before = lying()

    with pytest.raises(CountedUnitsArePromised) as refused:
        approve(number)

    assert refused.value.references == [work.number]
    assert (refused.value.missing, refused.value.available) == (2, 1)
    assert lying() == before
    assert StockCount.objects.get().status == "investigating"


def test_units_found_in_another_bin_make_up_for_those_missing(shop):
    shop.place(tea=9)
    number = request(skus=["tea"])
    count(number, "A-1", tea=3)
    count(number, "B-1", tea=6)
    finish(number)

    approve(number)

    assert lying() == [("cup", "A-1", 3), ("tea", "A-1", 3), ("tea", "B-1", 6)]
    assert not EventRecord.objects.filter(name="stock.received", thread=number).exists()
    assert verify() == []


def test_units_found_go_to_those_who_wait(shop):
    order = shop.place(cup=5)
    number = request(bins=["A-1"])
    count(number, "A-1", tea=5, cup=5)
    finish(number)

    approve(number)

    assert shop.available("cup") == {"rotterdam": 0}
    assert order.lines.get().backordered == 0
    assert verify() == []


def test_more_was_picked_from_the_bin_than_the_count_left_there(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=1, cup=3)
    finish(number)
    work = only_work_of(shop.place(tea=4))
    fulfillment.pick(
        number=work.number,
        lines=[fulfillment.Counted("tea", 4, "A-1")],
        by=SYSTEM,
        at=timezone.now(),
    )

    with pytest.raises(NotInBin, match="tea: 4 asked for, 1 free in bin A-1"):
        approve(number)


def test_a_recount_is_done_by_another_and_keeps_the_first(shop):
    number = request(bins=["A-1", "B-1"])
    count(number, "A-1", tea=3, cup=3)
    count(number, "B-1", tea=4)
    finish(number)

    assert recount(number).status == "counting"
    with pytest.raises(RecountByAnother, match="tea in bin A-1 is counted again by somebody else"):
        count(number, "A-1", KIM, tea=5)
    with pytest.raises(AlreadyCounted, match="cup in bin A-1 was counted by kim"):
        count(number, "A-1", LEE, cup=1)
    count(number, "A-1", LEE, tea=4)
    assert finish(number).status == "investigating"

    line = CountLine.objects.get(level__sku__code="tea", bin="A-1")
    assert (line.first_expected, line.first_counted, line.first_by) == (5, 3, "user:kim")
    assert (line.expected, line.counted, line.counted_by) == (5, 4, "user:lee")
    approve(number)
    assert ("tea", "A-1", 4) in lying()
    assert verify() == []


def test_a_recount_that_finds_everything_approves_itself(shop):
    number = request(bins=["B-1"])
    count(number, "B-1", tea=1)
    finish(number)
    recount(number)
    count(number, "B-1", LEE, tea=4)

    assert finish(number).status == "approved"
    assert not Movement.objects.filter(kind="count").exists()


def test_one_person_counts_a_line_and_may_correct_themselves(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", KIM, done=False, tea=4)
    count(number, "A-1", KIM, done=False, tea=5)

    with pytest.raises(AlreadyCounted, match="tea in bin A-1 was counted by kim"):
        count(number, "A-1", LEE, tea=3)

    assert ("tea", "A-1", 5, 5) in lines()


def test_every_bin_is_counted_before_it_is_handed_in(shop):
    number = request(bins=["A-1", "C-1"])
    count(number, "A-1", tea=5, cup=3)

    with pytest.raises(BinsNotCounted, match="Not done yet in SC-1001: C-1"):
        finish(number)


def test_units_moved_while_they_were_counted_are_marked(shop):
    number = request(bins=["A-1"])
    one = {"number": number, "bin": "A-1", "by": KIM, "found": [Found("tea", 1, is_more=True)]}
    services.record_count(**one, at=timezone.now())
    put(shop, "tea", 1, "A-1")
    services.record_count(**one, at=timezone.now())

    assert CountLine.objects.get(level__sku__code="tea").is_disturbed


def test_approving_twice_enters_it_once(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=3, cup=3)
    finish(number)
    approve(number)

    with pytest.raises(TransitionNotAllowed):
        approve(number)

    assert Movement.objects.filter(kind="count").count() == 1


def test_who_looked_at_an_older_version_is_told(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=3, cup=3)
    seen = StockCount.objects.get().version
    finish(number)

    with pytest.raises(CountChanged):
        approve(number, expected_version=seen)
    with pytest.raises(CountChanged):
        services.ask_recount(number=number, by=OTTO, at=timezone.now(), expected_version=seen)


def test_a_cancelled_count_corrects_nothing(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=3, cup=3)
    finish(number)
    services.cancel_count(number=number, reason="Wrong bin", by=OTTO, at=timezone.now())

    with pytest.raises(TransitionNotAllowed):
        approve(number)
    assert shop.on_hand("tea") == {"rotterdam": 9}
    assert not CountLine.objects.filter(is_open=True).exists()


def test_only_what_differs_is_counted_again(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=5, cup=3)
    finish(number)

    with pytest.raises(TransitionNotAllowed):
        recount(number)
    StockCount.objects.update(status="investigating")
    with pytest.raises(NothingToRecount):
        recount(number)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inventory_countline SET counted = 4 WHERE counted = 3",
        "UPDATE inventory_movement SET source_id = NULL WHERE kind = 'count'",
        "UPDATE inventory_stockcount SET status = 'cancelled'",
    ],
)
def test_a_count_that_the_ledger_does_not_know_is_named(shop, statement):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=3, cup=3)
    finish(number)
    approve(number)
    assert verify(["stock_counts"]) == []

    corrupt(statement)

    assert ("tea", "A-1") in [
        (each.row["sku"], each.row["bin"]) for each in verify(["stock_counts"])
    ]
