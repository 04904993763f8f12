"""Counting stock: what was found against what the books said, and what becomes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from inventory import services
from inventory.errors import (
    AlreadyBeingCounted,
    AlreadyCounted,
    BinNotFound,
    BinsNotCounted,
    CorrectedSince,
    CountChanged,
    CountedUnitsArePromised,
    LotNotNamed,
    NothingToCount,
    NothingToRecount,
    NotInBin,
    NotInCount,
    RecountByAnother,
)
from inventory.models import CountBin, CountLine, Movement, Quant, StockCount
from inventory.services import Found
from oms.catalog.errors import UnknownSku
from oms.core.actors import SYSTEM, Actor
from oms.core.books import verify
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from tests.fulfillment.steps import only_work_of
from tests.inventory.test_invariants import corrupt

KIM, LEE, OTTO = Actor("user", "kim"), Actor("user", "lee"), Actor("user", "otto")


def put(world, sku, units, bin, lot=""):
    arrival = services.Arrival(world.sku(sku), world.location("rotterdam"), units, bin, lot)
    services.receive(arrivals=[arrival], reference="d", by=SYSTEM, at=timezone.now())


@pytest.fixture
def shop(world):
    """Tea in two bins, cups beside it, and a bin of nothing."""
    put(world, "tea", 5, "A-1")
    put(world, "tea", 4, "B-1")
    put(world, "cup", 3, "A-1")
    put(world, "jug", 1, "C-1")
    services.adjust(
        location="rotterdam", sku="jug", quantity_delta=-1, reason="", by=SYSTEM, at=timezone.now()
    )
    return world


def request(**scope):
    return services.request_count(location="rotterdam", by=OTTO, at=timezone.now(), **scope).number


def count(number, bin, by=KIM, *, done=True, **units):
    found = [Found(sku, each) for sku, each in units.items()]
    return services.record_count(
        number=number, bin=bin, found=found, is_done=done, by=by, at=timezone.now()
    )


def finish(number):
    return services.finish_count(number=number, by=KIM, at=timezone.now())


def approve(number, by=OTTO, **named):
    return services.approve_count(number=number, by=by, at=timezone.now(), **named)


def recount(number):
    return services.ask_recount(number=number, by=OTTO, at=timezone.now())


def lying():
    rows = Quant.objects.filter(state="available").order_by("level__sku__code", "bin", "lot")
    return [(each.level.sku.code, each.bin, each.quantity) for each in rows]


def lines():
    rows = CountLine.objects.order_by("level__sku__code", "bin")
    return [(each.level.sku.code, each.bin, each.expected, each.counted) for each in rows]


def test_a_count_of_bins_goes_to_all_that_lies_there_and_to_empty_ones(shop):
    number = request(bins=["A-1", "C-1"])

    assert number == "SC-1001"
    assert lines() == [("cup", "A-1", None, None), ("tea", "A-1", None, None)]
    walk = CountBin.objects.order_by("code").values_list("code", flat=True)
    assert list(walk) == ["A-1", "C-1"]


def test_a_count_of_a_sku_goes_to_every_bin_of_it(shop):
    request(skus=["tea"])

    assert [line[:2] for line in lines()] == [("tea", "A-1"), ("tea", "B-1")]


def test_bins_and_skus_together_are_those_skus_in_those_bins(shop):
    request(bins=["A-1"], skus=["tea"])

    assert [line[:2] for line in lines()] == [("tea", "A-1")]


def test_a_sku_that_lies_nowhere_is_looked_for_where_it_usually_lies(shop):
    number = request(skus=["jug"])

    assert lines() == [("jug", "", None, None)]
    count(number, "")
    assert finish(number).status == "approved"


@pytest.mark.parametrize(
    ("scope", "refusal"),
    [
        ({}, NothingToCount),
        ({"bins": ["Z-9"]}, BinNotFound),
        ({"skus": ["kettle"]}, UnknownSku),
    ],
)
def test_what_is_not_there_cannot_be_counted(shop, scope, refusal):
    with pytest.raises(refusal):
        request(**scope)

    assert not StockCount.objects.exists()


def test_a_place_is_counted_in_one_count_at_a_time(shop):
    first = request(bins=["A-1"])

    with pytest.raises(AlreadyBeingCounted, match="tea in bin A-1 is being counted in SC-1001"):
        request(skus=["tea"])
    services.cancel_count(number=first, by=OTTO, at=timezone.now())

    assert request(skus=["tea"]) == "SC-1002"


def test_a_count_without_a_difference_approves_itself_and_moves_nothing(shop):
    number, before = request(bins=["A-1"]), lying()
    count(number, "A-1", tea=5, cup=3)

    assert finish(number).status == "approved"
    assert lying() == before
    assert not Movement.objects.filter(kind="count").exists()
    assert not CountLine.objects.filter(is_open=True).exists()


def test_differences_are_looked_into_and_enter_the_books_when_approved(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=3, cup=4)

    assert finish(number).status == "investigating"
    assert shop.on_hand("tea") == {"rotterdam": 9}
    assert approve(number).count.status == "approved"

    assert lying() == [("cup", "A-1", 4), ("tea", "A-1", 3), ("tea", "B-1", 4)]
    entries = Movement.objects.filter(kind="count").order_by("on_hand_delta")
    assert [(each.on_hand_delta, each.reference, each.bin) for each in entries] == [
        (-2, number, "A-1"),
        (1, number, "A-1"),
    ]
    assert verify() == []


def test_what_is_in_the_bin_and_was_not_counted_is_nothing(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=5)
    finish(number)
    approve(number)

    assert lying() == [("tea", "A-1", 5), ("tea", "B-1", 4)]
    assert shop.on_hand("cup") == {"rotterdam": 0}
    assert verify() == []


def test_units_are_counted_one_scan_after_the_other_by_code_or_barcode(shop):
    number = request(bins=["A-1"])
    for code in ("tea", "bc-tea", "tea"):
        services.record_count(
            number=number,
            bin="A-1",
            found=[Found(code, 1, is_more=True)],
            by=KIM,
            at=timezone.now(),
        )

    assert lines() == [("cup", "A-1", None, None), ("tea", "A-1", 5, 3)]
    assert StockCount.objects.get().status == "counting"


def test_what_nobody_expected_in_a_bin_joins_the_count(shop):
    number = request(bins=["C-1"])
    count(number, "C-1", tea=2)
    finish(number)
    approve(number)

    line = CountLine.objects.get()
    assert (line.is_found, line.expected, line.counted) == (True, 0, 2)
    assert lying()[-1] == ("tea", "C-1", 2)
    assert verify() == []


def test_lots_are_told_apart(shop):
    put(shop, "rice", 2, "D-1", "L1")
    put(shop, "rice", 2, "D-1", "L2")
    number = request(bins=["D-1"])

    with pytest.raises(LotNotNamed, match="rice: say which lot, L1, L2"):
        count(number, "D-1", rice=4)
    services.record_count(
        number=number,
        bin="D-1",
        found=[Found("rice", 2, "L1"), Found("rice", 3, "L2"), Found("rice", 1, "L3")],
        is_done=True,
        by=KIM,
        at=timezone.now(),
    )
    finish(number)
    approve(number)

    assert [each[2] for each in lying() if each[0] == "rice"] == [2, 3, 1]
    assert verify() == []


def test_a_bin_outside_the_count_is_refused(shop):
    number = request(bins=["A-1"])

    with pytest.raises(NotInCount, match="SC-1001 does not go to bin B-1"):
        count(number, "B-1", tea=4)


def test_picked_units_are_not_in_the_bin(shop):
    work = only_work_of(shop.place(tea=2))
    fulfillment.pick(number=work.number, by=SYSTEM, at=timezone.now())
    number = request(bins=["A-1"])
    count(number, "A-1", tea=3, cup=3)

    assert finish(number).status == "approved"


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
