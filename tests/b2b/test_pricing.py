"""Which price holds: the company's own, its list's, the catalog's; by quantity and day."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from b2b.rules.pricing import Break, Entry, breaks, pick
from b2b.selectors import company_prices, price_breaks

TODAY = date(2026, 11, 20)


def entry(price, quantity=1, **named):
    return Entry(Decimal(price), quantity, "Wholesale", **named)


def test_the_largest_quantity_that_is_reached_decides():
    rows = [entry("10", 1), entry("9", 12), entry("8", 24)]

    assert [pick(rows, quantity=n, on=TODAY).unit_price for n in (1, 11, 12, 23, 24, 500)] == [
        10, 10, 9, 9, 8, 8,
    ]  # fmt: skip
    offer = pick(rows, quantity=12, on=TODAY)
    assert (offer.origin, offer.next_break) == (
        "Price list Wholesale, from 12",
        Break(24, Decimal("8")),
    )


def test_what_was_agreed_with_the_company_comes_first_even_when_it_is_dearer():
    rows = [entry("8"), entry("9", is_own=True)]
    offer = pick(rows, quantity=1, on=TODAY, catalog_price=Decimal("1"))
    assert (offer.unit_price, offer.origin) == (9, "Own price Wholesale")


def test_a_price_holds_from_its_first_day_to_its_last():
    row = entry("8", valid_from=TODAY, valid_until=TODAY)
    day = timedelta(days=1)

    found = [pick([row], quantity=1, on=TODAY + n * day) for n in (-1, 0, 1)]

    assert [offer and offer.unit_price for offer in found] == [None, 8, None]


def test_without_an_agreement_the_catalog_counts_and_without_both_there_is_none():
    assert pick([], quantity=1, on=TODAY, catalog_price=Decimal("5")).origin == "Catalog price"
    assert pick([], quantity=1, on=TODAY) is None
    dear = [entry("4", 10)]
    offer = pick(dear, quantity=9, on=TODAY, catalog_price=Decimal("5"))
    assert (offer.unit_price, offer.next_break) == (5, Break(10, Decimal("4")))


@given(
    st.lists(
        st.builds(
            Entry,
            unit_price=st.integers(0, 100).map(Decimal),
            min_quantity=st.integers(1, 50),
            list_name=st.just("L"),
            is_own=st.booleans(),
        ),
        max_size=8,
    ),
    st.integers(1, 60),
)
def test_the_breaks_say_what_picking_does(rows, quantity):
    offer = pick(rows, quantity=quantity, on=TODAY)
    reached = [each for each in breaks(rows, on=TODAY) if each.min_quantity <= quantity]
    assert (offer and offer.unit_price) == (reached[-1].unit_price if reached else None)


def test_lines_of_one_sku_reach_a_quantity_together(office):
    office.price("tea", "10.00")
    office.price("tea", "8.00", min_quantity=12)
    office.company(price_list="wholesale")
    half = office.wishes(tea=6)

    document = office.draft(lines=[*half, *half])

    assert document.total_amount == Decimal("96.00")


def test_prices_of_a_page_of_skus_take_two_queries(office, django_assert_num_queries):
    office.price("tea", "8.00")
    company = office.company(price_list="wholesale")
    for skus in (["tea"], ["tea", "cup", "pot"]):
        for sku in skus:
            office.price(sku, "8.00")
        with django_assert_num_queries(2):
            found = company_prices(company, dict.fromkeys(skus, 1), TODAY)
        assert [found[sku].unit_price for sku in skus] == [8] * len(skus)


def test_a_list_in_another_currency_and_another_companys_price_do_not_count(office):
    office.price("tea", "8.00")
    office.company("other")
    office.price("tea", "1.00", company="other")
    company = office.company(price_list="wholesale")

    assert company_prices(company, {"tea": 1}, TODAY)["tea"].unit_price == 8
    assert [each.unit_price for each in price_breaks(company, ["tea"], TODAY)["tea"]] == [8]
    office.price_list(currency="USD")
    assert company_prices(company, {"tea": 1}, TODAY)["tea"].origin == "Catalog price"
