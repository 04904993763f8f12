"""Amounts: rounded in one place, split without losing a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms.core.money import exponent, rounded, split, text, units_share

D = Decimal


@pytest.mark.parametrize(("currency", "places"), [("JPY", 0), ("EUR", 2), ("BHD", 3)])
def test_every_currency_has_its_own_decimals(currency, places):
    assert exponent(currency) == places


def test_an_unknown_currency_is_an_error():
    with pytest.raises(ValueError, match="'XQQ' is not a currency"):
        exponent("XQQ")


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("2.345", "EUR", "2.35"),
        ("2.5", "JPY", "3"),
        ("1.2345", "BHD", "1.235"),
        ("-0.005", "EUR", "-0.01"),
    ],
)
def test_amounts_are_rounded_half_up(amount, currency, shown):
    assert text(D(amount), currency) == shown


def test_what_is_left_over_goes_to_the_parts_that_lost_most():
    assert split(D("10.00"), [1, 1, 1], "EUR") == [D("3.34"), D("3.33"), D("3.33")]
    assert split(D("0.05"), [1, 3], "EUR") == [D("0.01"), D("0.04")]


def test_weights_of_nothing_share_equally():
    assert split(D("1.00"), [0, 0], "EUR") == [D("0.50"), D("0.50")]
    assert split(D("1.00"), [], "EUR") == []


amounts = st.decimals(0, 10**6, places=2)


@given(amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=12))
def test_the_parts_add_up_to_the_whole(amount, weights):
    parts = split(amount, weights, "EUR")

    assert sum(parts) == amount
    assert all(part >= 0 and part == rounded(part, "EUR") for part in parts)


@given(amounts, st.lists(st.integers(1, 9), min_size=1, max_size=10))
def test_units_settled_in_any_steps_add_up_to_the_line(amount, steps):
    of = sum(steps)
    done, given_back = 0, D(0)
    for step in steps:
        share = units_share(amount, step, of, "EUR", after=done)
        assert share >= 0
        given_back += share
        done += step

    assert given_back == amount
