"""Counting stock: what is counted, bin by bin, and what a difference is."""

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from inventory import services
from inventory.errors import (
    AlreadyBeingCounted,
    BinNotFound,
    LotNotNamed,
    NothingToCount,
    NotInCount,
)
from inventory.models import CountBin, CountLine, Movement, StockCount
from inventory.services import Found
from oms.catalog.errors import UnknownSku
from oms.core.actors import SYSTEM
from oms.core.books import verify
from tests.fulfillment.steps import only_work_of
from tests.inventory.counting import (
    KIM,
    OTTO,
    approve,
    count,
    finish,
    lines,
    lying,
    put,
    request,
)
from tests.inventory.counting import shop as shop


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
