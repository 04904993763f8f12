"""Line totals put as a price for one unit, and what is taken off besides."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from orders.adapters.amounts import per_unit

D = Decimal


@pytest.mark.parametrize(
    ("total", "units", "code"),
    [("0.04", 45_000, "EUR"), ("10.00", 3, "EUR"), ("-0.04", 45_000, "EUR"), ("7", 99_999, "JPY")],
)
def test_a_line_comes_to_its_total_given_away_or_not(total, units, code):
    price, besides = per_unit(D(total), units, code)

    def rounded(amount):
        return amount.quantize(D(1).scaleb(-{"EUR": 2, "JPY": 0}[code]), ROUND_HALF_UP)

    assert rounded(price * units - besides) == D(total)
    assert rounded(price * units - besides - D(total)) == 0
