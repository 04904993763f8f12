"""Where units lie in boxes: judged by an independent eye, and by trying everything."""

import time
from decimal import Decimal
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.rules.boxes import Box
from fulfillment.rules.cartons import (
    MOST_UNITS,
    Units,
    inside_which,
    litres,
    plans_of,
    suggest,
)
from fulfillment.rules.stowing import FILLED_AT_MOST

S, M, L = Box("S", 250, 200, 100, 80), Box("M", 350, 250, 150, 120), Box("L", 500, 350, 250, 300)
SMALL = Box("s", 4, 3, 2), Box("m", 5, 4, 4, max_weight_g=700)


def lengths(most, least=1):
    return st.tuples(*[st.integers(least, most)] * 3)


def kinds(most_units, most_length, *, kinds=4, least=1):
    each = st.tuples(st.integers(1, most_units), lengths(most_length, least), st.integers(0, 400))
    return st.lists(each, min_size=1, max_size=kinds).map(
        lambda found: tuple(Units(key, *kind) for key, kind in enumerate(found))
    )


def assert_right(wanted, plan):
    """Everything is in a box once, whole, beside the others, and no box is too heavy or full."""
    sizes = {each.key: sorted(each.size) for each in wanted}
    grams = {each.key: each.weight_g for each in wanted}
    packed = {each.key: 0 for each in wanted}
    for carton in plan.cartons:
        for key, units in carton.contents.items():
            packed[key] += units
        if carton.box is None:
            assert len(carton.placed) == 1
            continue
        room = carton.box.lengths_mm
        cells = []
        for each in carton.placed:
            assert sorted(each.size) == sizes[each.key]
            ends = [at + size for at, size in zip(each.at, each.size, strict=True)]
            assert all(at >= 0 for at in each.at)
            assert all(end <= most for end, most in zip(ends, room, strict=True))
            cells.append([range(at, end) for at, end in zip(each.at, ends, strict=True)])
        for n, one in enumerate(cells):
            for other in cells[:n]:
                assert any(
                    max(a.start, b.start) >= min(a.stop, b.stop)
                    for a, b in zip(one, other, strict=True)
                )
        inside = sum(grams[each.key] for each in carton.placed)
        assert carton.weight_g == inside + carton.box.weight_g
        assert carton.box.max_weight_g is None or inside <= carton.box.max_weight_g
    assert packed == {each.key: each.quantity for each in wanted}


@given(kinds(4, 260, least=20))
def test_everything_lies_in_a_box_and_nothing_in_another(wanted):
    for plan in plans_of(wanted, (S, Box("M", 350, 250, 150, 120, max_weight_g=900), L)):
        assert_right(wanted, plan)


@pytest.mark.full
@settings(max_examples=2_000, deadline=None)
@given(kinds(12, 300, kinds=5, least=10))
def test_everything_lies_in_a_box_however_much_it_is(wanted):
    for plan in plans_of(wanted, (S, Box("M", 350, 250, 150, 120, max_weight_g=900), L)):
        assert_right(wanted, plan)


def fits_by_trying(units, room):
    """Whether whole millimetres can hold these units, every place and way round tried."""

    def lay(left, taken):
        if not left:
            return True
        for size in set(permutations(left[0])):
            spans = [range(most - length + 1) for most, length in zip(room, size, strict=True)]
            for at in product(*spans):
                cells = set(product(*(range(a, a + b) for a, b in zip(at, size, strict=True))))
                if not cells & taken and lay(left[1:], taken | cells):
                    return True
        return False

    return lay(units, frozenset())


def fewest_by_trying(wanted, boxes):
    """The fewest boxes, by trying every way to share units out; None when one fits no box."""
    units = [(each.size, each.weight_g) for each in wanted for _ in range(each.quantity)]

    def holds(group, box):
        volume = sum(a * b * c for (a, b, c), _ in group)
        most = box.volume if len(group) == 1 else box.volume * FILLED_AT_MOST
        grams = sum(weight for _, weight in group)
        return (
            volume <= most
            and (box.max_weight_g is None or grams <= box.max_weight_g)
            and fits_by_trying(tuple(size for size, _ in group), box.lengths_mm)
        )

    best = None
    for shares in product(range(len(units)), repeat=len(units)):
        groups = [
            [unit for unit, share in zip(units, shares, strict=True) if share == n]
            for n in set(shares)
        ]
        if best is not None and len(groups) >= best:
            continue
        if all(any(holds(group, box) for box in boxes) for group in groups):
            best = len(groups)
    return best


@settings(max_examples=40)
@given(kinds(2, 4, kinds=2).filter(lambda found: sum(each.quantity for each in found) <= 3))
def test_few_units_take_no_box_more_than_trying_everything_finds(wanted):
    fewest = fewest_by_trying(wanted, SMALL)
    if fewest is not None:
        assert len(plans_of(wanted, SMALL)[0].cartons) == fewest


@pytest.mark.full
@settings(max_examples=1_500, deadline=None)
@given(kinds(2, 5, kinds=3).filter(lambda found: sum(each.quantity for each in found) <= 3))
def test_few_units_take_no_box_more_than_trying_everything_finds_in_many_tries(wanted):
    fewest = fewest_by_trying(wanted, SMALL)
    if fewest is not None:
        assert len(plans_of(wanted, SMALL)[0].cartons) == fewest


def test_the_smallest_box_is_taken_and_compared_with_the_next():
    found = suggest([Units(1, 2, (240, 190, 45), 400)], [L, S, M])

    assert found.best.boxes == ("S",)
    assert found.next.boxes == ("M",)
    assert litres(found.saved_volume) == Decimal("8.1")
    assert found.best.cartons[0].weight_g == 880
    assert found.saved_freight is None


def test_a_unit_is_turned_until_it_fits():
    [carton] = suggest([Units(1, 1, (95, 245, 195), 400)], [S]).best.cartons

    assert carton.box == S
    assert carton.placed[0].size == (245, 195, 95)


def test_what_its_volume_would_allow_but_its_length_does_not_takes_a_larger_box():
    assert suggest([Units(1, 1, (450, 20, 20))], [S, M, L]).best.boxes == ("L",)


def test_what_fits_no_one_box_takes_several_each_as_small_as_can_be():
    found = suggest([Units(1, 3, (480, 340, 120), 900), Units(2, 1, (100, 80, 50), 50)], [S, M, L])

    contents = [(each.box.code, each.contents) for each in found.best.cartons]
    assert contents == [("L", {1: 2, 2: 1}), ("L", {1: 1})] or contents == [
        ("L", {1: 2}),
        ("L", {1: 1, 2: 1}),
    ]


def test_a_unit_that_fits_no_box_goes_as_it_is():
    found = suggest([Units(1, 1, (900, 100, 100), 2000), Units(2, 1, (100, 80, 50), 50)], [S, M])

    assert {(each.box.code if each.box else None) for each in found.best.cartons} == {None, "S"}


def test_a_box_holds_no_more_grams_than_it_may():
    weak = Box("S", 250, 200, 100, 80, max_weight_g=500)

    assert suggest([Units(1, 2, (50, 50, 50), 300)], [weak]).best.boxes == ("S", "S")
    assert suggest([Units(1, 2, (50, 50, 50), 300)], [weak, M]).best.boxes == ("M",)


def test_what_nobody_measured_is_left_to_a_person():
    found = suggest([Units(1, 1, (10, 10, 10)), Units(2, 1, (10, None, 10))], [S])

    assert (found.best, found.unmeasured, found.is_weighed) == (None, (2,), False)
    crowd = suggest([Units(1, MOST_UNITS + 1, (10, 10, 10), 5)], [S])
    assert (crowd.best, crowd.is_too_much) == (None, True)


def test_the_cheapest_freight_wins_over_the_fewest_boxes():
    def by_volume(plan):
        dear = any(each.box == L for each in plan.cartons)
        return Decimal("20.00") if dear else Decimal(4 * len(plan.cartons)), "EUR"

    wanted = [Units(1, 2, (340, 240, 140), 900)]
    assert suggest(wanted, [M, L]).best.boxes == ("L",)
    small = suggest(wanted, [M, L], by_volume)

    assert (small.best.boxes, small.best.freight) == (("M", "M"), Decimal(8))
    assert (small.next.boxes, small.saved_freight) == (("L",), Decimal(12))


def test_the_open_package_is_the_first_carton_that_wants_what_is_in_it():
    plan = suggest(
        [Units(1, 1, (480, 340, 200), 900), Units(2, 1, (480, 340, 210), 50)], [S, M, L]
    ).best

    assert [each.contents for each in plan.cartons] == [{1: 1}, {2: 1}]
    assert (inside_which(plan, {}), inside_which(plan, {2: 1}), inside_which(plan, {7: 1})) == (
        0,
        1,
        0,
    )


def test_the_answer_comes_in_bounded_time_and_is_the_same_every_time():
    wanted = tuple(
        Units(key, 6, (31 + 17 * key, 47 + 11 * key, 23 + 7 * key), 100) for key in range(10)
    )
    boxes = tuple(Box(f"B{n}", 150 + 40 * n, 120 + 30 * n, 90 + 20 * n) for n in range(12))

    started = time.process_time()
    first = plans_of(wanted, boxes)
    spent = time.process_time() - started
    plans_of.cache_clear()

    assert plans_of(wanted, boxes) == first
    assert spent < 20
    for plan in first:
        assert_right(wanted, plan)
