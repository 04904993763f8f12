"""What the packing table suggests, and that freight is reckoned by the same boxes."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from fulfillment import selectors
from fulfillment.models import Box
from fulfillment.selectors.carrying import parcels_of_work
from oms.catalog.models import Sku
from tests.fulfillment.rates import rate, service
from tests.fulfillment.steps import only_work_of, picked

SIZE = ("length_mm", "width_mm", "height_mm")


def sized(world, code, *lengths, weight_g=100):
    world.sku(code)
    fields = dict(zip(SIZE, lengths, strict=True))
    Sku.objects.filter(code=code).update(weight_g=weight_g, **fields)


@pytest.fixture
def kim(world):
    return world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))


def picked_work(world, **units):
    for code in units:
        world.stock(code, rotterdam=9)
    work = only_work_of(world.place(**units))
    picked(work)
    return work


def page_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_table_names_the_box_and_what_it_saves(world, kim):
    sized(world, "tea", 240, 190, 45)
    work = picked_work(world, tea=2)

    page = page_of(kim.get(f"/fulfillment/{work.number}/pack/"))

    assert "S suggested: everything left fits in it." in page
    assert "Against M, the next choice, it saves 8.1 litres." in page


def test_the_table_says_which_units_go_in_which_box(world, kim):
    sized(world, "tea", 480, 340, 200)
    sized(world, "cup", 100, 90, 40)
    work = picked_work(world, tea=2, cup=1)
    scan = f"/fulfillment/{work.number}/pack/scan/"

    page = page_of(kim.get(f"/fulfillment/{work.number}/pack/"))
    assert "2 packages suggested" in page
    assert "Package 1, L open now 1 Tea" in page
    kim.post(scan, {"code": "bc-tea"})
    page = page_of(kim.post(scan, {"code": "bc-cup"}))
    assert "complete: close it" in page
    assert "Close package 1 F8" in page


def test_the_table_leaves_to_a_person_what_nobody_measured(world, kim):
    work = picked_work(world, tea=1)

    page = page_of(kim.get(f"/fulfillment/{work.number}/pack/"))

    assert "Nobody measured Tea: choose a box." in page
    assert "the next choice" not in page


def test_a_box_that_a_person_chose_stays_chosen_and_a_suggested_one_follows(world, kim):
    sized(world, "tea", 240, 190, 45)
    work = picked_work(world, tea=2)
    scan = f"/fulfillment/{work.number}/pack/scan/"

    def box_after(**said):
        answer = kim.post(scan, {"code": "nothing", **said})
        return answer.context["box"]

    assert box_after(box="L", suggested="S") == "L"
    assert box_after(box="L", suggested="L") == "S"
    assert box_after() == "S"


def test_freight_is_for_the_boxes_that_are_suggested(world):
    service("parcel", cm3_per_kg=5000)
    rate("parcel", "5.00", up_to=5_000)
    rate("parcel", "9.00", up_to=20_000)
    Box.objects.create(code="M", length_mm=350, width_mm=250, height_mm=150, weight_g=120)
    Box.objects.create(code="L", length_mm=500, width_mm=350, height_mm=250, weight_g=300)
    selectors.forget_rates()
    sized(world, "tea", 240, 190, 70, weight_g=400)
    world.stock("tea", rotterdam=9)
    work = only_work_of(world.place(tea=2))
    book = selectors.rate_book(revision=selectors.carriage_revision())

    def parcels():
        lines = selectors.lines_of(work)
        return parcels_of_work(work, work.order, lines, book=book, at=timezone.now())

    [before] = parcels()
    assert (before.weight_g, before.lengths_mm) == (920, (350, 250, 150))
    picked(work)
    table = selectors.packing_table(work, at=timezone.now())
    assert [each.box.code for each in table.cartons] == ["M"]
    assert (table.next_boxes, table.suggestion.saved_freight) == ("L", Decimal("4.00"))
    assert table.suggestion.best.freight == Decimal("5.00")
