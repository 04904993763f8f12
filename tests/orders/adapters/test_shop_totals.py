"""Documents of shops whose amounts add up come to their stated total, to the smallest coin."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms.core.money import exponent, rounded, smallest
from tests.orders.adapters import shopify, woocommerce
from tests.orders.adapters.totals import reached

CURRENCIES = st.sampled_from(["JPY", "EUR", "BHD"])
RATES = st.sampled_from([Decimal(n) for n in ("0", "0.06", "0.0825", "0.19", "0.21")])


@st.composite
def bought(draw):
    """A currency, whether tax is in the prices, and lines of a price for one unit, a number of
    them, a discount on all and a rate of tax."""
    currency = draw(CURRENCIES)
    coin = smallest(currency)
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        price = draw(st.integers(0, 50_000)) * coin
        quantity = draw(st.one_of(st.integers(1, 12), st.integers(1, 99_999)))
        goods = price * quantity
        share = draw(st.sampled_from([Decimal(0), Decimal("0.1"), Decimal("0.333"), Decimal(1)]))
        lines.append((price, quantity, rounded(goods * share, currency), draw(RATES)))
    return currency, draw(st.booleans()), lines, draw(st.integers(0, 2_000)) * coin


def tax_of(gross_or_net, rate, included, currency):
    return rounded(gross_or_net * rate / (1 + rate) if included else gross_or_net * rate, currency)


def shopify_order(said):
    currency, included, lines, shipping = said
    total, documents = shipping, []
    for number, (price, quantity, off, rate) in enumerate(lines):
        cost = price * quantity - off
        tax = tax_of(cost, rate, included, currency)
        total += cost if included else cost + tax
        documents.append(
            shopify.line(
                number + 1,
                price=str(price),
                quantity=quantity,
                tax_lines=[{"title": "VAT", "price": str(tax), "rate": float(rate)}],
                discount_allocations=[{"amount": str(off)}] if off else [],
            )
        )
    return shopify.order(
        *documents,
        currency=currency,
        taxes_included=included,
        total_price=str(total),
        shipping_lines=[{"title": "Post", "price": str(shipping)}],
    ), total


def woo_order(said):
    """As the shop does it: every amount rounded by itself, the total from what was not."""
    currency, included, lines, shipping = said
    exact, documents = Decimal(0), []
    for number, (price, quantity, off, rate) in enumerate(lines):
        gross, paid = price * quantity, price * quantity - off
        divisor = 1 + rate if included else Decimal(1)
        net, before = paid / divisor, gross / divisor
        tax = net * rate
        exact += net + (tax if included else rounded(Decimal(0), currency))
        documents.append(
            woocommerce.line(
                number + 1,
                quantity=quantity,
                subtotal=str(rounded(before, currency)),
                total=str(rounded(net, currency)),
                total_tax=str(rounded(tax, currency)),
                price=float(net / quantity),
                taxes=[{"id": 1, "total": str(round(tax, 8))}],
            )
        )
    total = rounded(exact, currency) + shipping
    if not included:
        total += sum(Decimal(line["total_tax"]) for line in documents)
    return woocommerce.order(
        *documents,
        currency=currency,
        prices_include_tax=included,
        shipping_total=str(shipping),
        total=f"{total:.{exponent(currency)}f}",
    ), total


def check_shopify(said):
    document, total = shopify_order(said)
    parts = shopify.parts(document)
    assert reached(parts) == total == parts["head"].total
    for item, (price, quantity, off, rate) in zip(parts["items"].items, said[2], strict=True):
        stated = price * quantity - off
        tax = tax_of(stated, rate, said[1], said[0])
        assert (item.quantity, item.tax) == (quantity, tax)
        assert round(item.unit_price, 6) == item.unit_price
        assert rounded(quantity * item.unit_price - item.discount + item.tax, said[0]) == stated + (
            Decimal(0) if said[1] else tax
        )


@given(bought())
@settings(max_examples=40)
def test_an_order_of_shopify_comes_to_its_total(said):
    check_shopify(said)


@pytest.mark.full
@given(bought())
@settings(max_examples=10_000)
def test_ten_thousand_orders_of_shopify_come_to_their_totals(said):
    check_shopify(said)


@given(bought())
@settings(max_examples=40)
def test_an_order_of_woocommerce_comes_to_its_total(said):
    document, total = woo_order(said)

    assert reached(woocommerce.parts(document)) == total


@pytest.mark.full
@given(bought())
@settings(max_examples=10_000)
def test_ten_thousand_orders_of_woocommerce_come_to_their_totals(said):
    document, total = woo_order(said)

    assert reached(woocommerce.parts(document)) == total
