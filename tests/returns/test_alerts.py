"""SKUs that come back more often than they should."""

from decimal import Decimal

import pytest
from django.utils import timezone

from oms.alerts.states import Severity
from returns.alerts import RETURN_RATE, find_return_rates
from returns.reports import return_rates

RATE = {**RETURN_RATE.values({}), "least_sold": 10}


@pytest.fixture
def bring_back(world, desk):
    """Ship units of a SKU and take some of them back."""

    def make(sku, sold, back, reason="damaged"):
        world.stock(sku, rotterdam=sold)
        order = desk.ship(world.place(paid=True, **{sku: sold}))
        if back:
            number = desk.request(order, reason=reason, **{sku: back}).number
            desk.approve(number)
            desk.receive(number, **{sku: back})

    return make


def found(**thresholds):
    return {
        each.subject: each for each in find_return_rates(timezone.now(), {**RATE, **thresholds})
    }


def test_more_than_a_tenth_of_what_sold_well_is_too_much_and_a_tenth_is_not(bring_back):
    bring_back("tea", 20, 3)
    bring_back("cup", 20, 2)
    bring_back("pot", 9, 9)

    [(sku, each)] = found().items()

    seen = each.evidence
    assert (sku, seen["sold"], seen["returned"], seen["rate"]) == ("tea", 20, 3, "0.150")
    assert seen["overall"] == "0.286"
    assert seen["reasons"] == [("damaged", 3)]
    assert each.severity == Severity.SOON
    told = RETURN_RATE.tell(seen, RATE)
    assert told.title == "15 % of Tea come back"
    assert told.summary == ("3 of 20 came back, against 28.6 % over all. It arrived damaged (3)")
    assert (20, 3) in [row[1:] for row in told.chart.rows]


def test_what_was_only_announced_has_not_come_back(world, desk):
    world.stock("tea", rotterdam=20)
    order = desk.ship(world.place(paid=True, tea=20))
    desk.approve(desk.request(order, tea=19).number)

    assert found() == {}


def test_the_worst_come_first_and_twice_the_threshold_is_for_now(bring_back):
    bring_back("tea", 20, 3)
    bring_back("cup", 20, 5)

    each = found()

    assert list(each) == ["cup", "tea"]
    assert each["cup"].severity == Severity.NOW


def test_rates_are_one_query_however_many(bring_back, django_assert_num_queries):
    for n, sku in enumerate(("tea", "cup", "pot"), start=1):
        bring_back(sku, 10, 2)
        with django_assert_num_queries(1):
            rates = return_rates(until=timezone.now(), above=Decimal("0.1"))
        assert len(rates.rows) == n
    with django_assert_num_queries(3):
        assert len(found()) == 3
