"""Return rates, slow sellers, low stock and fulfillment: the figures behind pages and API."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import StockLevel
from oms.core import reports
from oms.core.actors import SYSTEM
from oms.reporting.asking import asked
from oms.reporting.views import charts_of
from orders.models import Order
from returns import services as returns
from returns.services import Wish
from tests.fulfillment.steps import said, shipped, work_of

pytestmark = pytest.mark.django_db


def rows(slug, *measures, **query):
    found = reports.figures(slug, asked(slug, query))
    return [tuple(row[name] for name in ("key", *measures)) for row in found]


def sent(world, number, **units):
    """An order that has left, in one parcel for each location."""
    order = world.place(number, **units)
    parcels = [shipped(work, tracking_number=f"T-{work.number}") for work in work_of(order)]
    return order, parcels


def come_back(order, reason, **units):
    now = timezone.now()
    wishes = [Wish(sku, count, reason=reason) for sku, count in units.items()]
    back = returns.request_return(order=order.number, wishes=wishes, by=SYSTEM, at=now)
    if back.status == "requested":
        returns.approve_return(number=back.number, by=SYSTEM, at=now)
    returns.receive_return(number=back.number, units=units, by=SYSTEM, at=now)


def test_a_return_rate_is_what_came_back_of_what_left(world):
    world.stock("tea", rotterdam=20)
    world.stock("cup", rotterdam=20)
    first, _ = sent(world, "1", tea=4, cup=2)
    sent(world, "2", tea=4)
    world.place("3", tea=4)
    come_back(first, "damaged", tea=2)
    come_back(first, "other", cup=1)

    measures = ("orders", "units", "returned", "rate")
    assert rows("return-rate", *measures, by="sku") == [
        ("tea", 1, 8, 2, Decimal("0.2500")),
        ("cup", 1, 2, 1, Decimal("0.5000")),
    ]
    assert rows("return-rate", *measures, by="reason") == [
        ("damaged", 1, 10, 2, Decimal("0.2000")),
        ("other", 1, 10, 1, Decimal("0.1000")),
    ]
    assert rows("return-rate", *measures, by="channel") == [("shop", 1, 10, 3, Decimal("0.3000"))]


def test_fulfillment_counts_parcels_where_they_left_and_how_soon(world):
    world.stock("tea", rotterdam=20)
    world.stock("cup", newark=20)
    placed_at = timezone.now() - timedelta(hours=5)
    order = world.place("1", tea=2, cup=1, fields={"placed_at": placed_at.isoformat()})
    for work in work_of(order):
        shipped(work, carrier="post", tracking_number=f"T-{work.number}")
    assert Order.objects.get(pk=order.pk).fulfillment_status == "fulfilled"

    assert rows("fulfillment", "orders", "shipments", "units", "hours", "promise_kept") == [
        ("rotterdam", 1, 1, 2, Decimal("5.0"), None),
        ("newark", 1, 1, 1, Decimal("5.0"), None),
    ]
    assert rows("fulfillment", "orders", "shipments", "units", by="country") == [("BE", 1, 2, 3)]
    assert rows("fulfillment", "shipments", by="carrier") == [("post", 2)]


def test_a_promise_is_kept_when_the_parcel_came_in_time(world):
    world.stock("tea", rotterdam=20)
    now = timezone.now()
    for number, days in (("1", 2), ("2", -1)):
        promise = {"deliver_by": (now + timedelta(days=days)).isoformat()}
        order = world.place(number, tea=1, fields={"promise": promise})
        [work] = work_of(order)
        parcel = shipped(work, carrier="post", tracking_number=f"T-{number}")
        said(parcel, "delivered")

    assert rows("fulfillment", "orders", "promise_kept") == [("rotterdam", 2, Decimal("0.5000"))]


def test_low_stock_is_what_is_at_its_reorder_point_with_what_is_coming(world):
    world.stock("tea", rotterdam=5, leipzig=30)
    world.stock("cup", rotterdam=5)
    StockLevel.objects.update(reorder_point=8)

    measures = ("levels", "on_hand", "available", "coming", "missing")
    assert rows("low-stock", *measures) == [("cup", 1, 5, 5, 0, 3), ("tea", 1, 5, 5, 0, 3)]
    assert rows("low-stock", *measures, by="location") == [("rotterdam", 2, 10, 10, 0, 6)]


def test_a_slow_seller_sold_a_hundred_once_and_nothing_in_ninety_days(world):
    world.sku("tea", price="3.00")
    world.stock("tea", rotterdam=120)
    world.stock("cup", rotterdam=120)
    now = timezone.now()
    old, recent = now - timedelta(days=120), now - timedelta(days=60)
    world.place("1", tea=100, cup=99, fields={"placed_at": old.isoformat()})
    world.place("2", cup=1, fields={"placed_at": recent.isoformat()})

    assert rows("slow-sellers", "units", "last_sold", "on_hand", "amount") == [
        ("tea", 100, old.date(), 120, Decimal("360.00"))
    ]
    until = (now + timedelta(days=40)).date().isoformat()
    assert [key for (key,) in rows("slow-sellers", to=until)] == ["tea", "cup"]


@pytest.mark.parametrize(
    ("slug", "queries"),
    [("return-rate", 1), ("fulfillment", 2), ("slow-sellers", 2), ("low-stock", 2)],
)
def test_figures_cost_the_same_queries_for_one_order_and_for_three(
    world, slug, queries, django_assert_num_queries
):
    for count in (1, 3):
        for n in range(count):
            world.stock(f"tea{count}{n}", rotterdam=5)
            sent(world, f"{count}-{n}", **{f"tea{count}{n}": 2})
        reports.figures(slug, asked(slug, {}))
        with django_assert_num_queries(queries):
            reports.figures(slug, asked(slug, {}))


def test_history_is_read_from_the_replica_where_there_is_one(settings):
    settings.REPORTS_DATABASE = "replica"

    assert reports.reading(Order.objects.all()).db == "replica"


def test_charts_draw_money_by_currency_and_count_units_once_for_each_place():
    report = reports.report("fulfillment")
    figures = [("ROT", "EUR", 8, "19.50"), ("EWR", "USD", 2, "7.00"), ("ROT", "", 3, None)]
    found = [
        {"key": place, "currency": currency, "units": units, "amount": amount and Decimal(amount)}
        for place, currency, units, amount in figures
    ]

    drawn = {chart["label"]: chart["rows"] for chart in charts_of(report, found)}

    assert drawn == {
        "Units": [("ROT", 11.0), ("EWR", 2.0)],
        "Freight, EUR": [("ROT", 19.5)],
        "Freight, USD": [("EWR", 7.0)],
    }
