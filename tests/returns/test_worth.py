"""Any sequence of partial returns and cancellations adds up to exactly what was paid."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms.core.money import ZERO, smallest, units_share
from orders.models import Order, OrderLine
from returns.rules.worth import worth

currencies = st.sampled_from(["EUR", "JPY", "BHD"])


@given(
    currency=currencies,
    minor=st.integers(0, 10**9),
    steps=st.lists(st.tuples(st.booleans(), st.integers(1, 9)), min_size=1, max_size=12),
)
def test_every_sequence_of_returns_and_cancellations_adds_up(currency, minor, steps):
    paid = minor * smallest(currency)
    units = sum(count for _, count in steps)
    cancelled = returned = 0
    total = ZERO

    for is_return, count in steps:
        if is_return:
            part = worth(
                paid=paid, units=count, of=units, settled_before=returned, currency=currency
            )
            returned += count
        else:
            part = units_share(paid, count, units, currency, after=cancelled)
            cancelled += count
        assert part >= 0
        assert part == part.quantize(smallest(currency))
        total += part

    assert total == paid


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1), (1, 2), (3,)])
def test_parts_of_a_real_order_add_up_to_the_cent(world, desk, shipped, parts):
    order = shipped(
        tea=3,
        price="3.333333",
        fields={"discount": "0.01", "shipping": {"method": "post", "amount": "2.00"}},
    )
    line = OrderLine.objects.get(order=order)
    assert line.paid_amount == Decimal("9.99")

    back = [desk.all_the_way(order, tea=count).refund_amount for count in parts]

    line.refresh_from_db()
    assert sum(back) == Decimal("9.99")
    assert line.refunded_amount == Decimal("9.99")
    assert Order.objects.get().refunded_amount == Decimal("9.99")
