"""What no longer sells, what is out while orders wait, who waits longest."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from oms.alerts.services import sweep
from oms.alerts.states import Severity
from oms.catalog.models import Sku
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from orders import services
from orders.alerts import (
    SLOW_SELLER,
    STOCK_OUT,
    WAITING_ORDER,
    find_out_of_stock,
    find_slow_sellers,
    find_waiting_orders,
)
from orders.models import Order
from orders.reports import sold_by_month, sold_by_sku

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SLOW = {**SLOW_SELLER.values({}), "least_sold": 10}


def placed(world, at, **units):
    order = world.place(**units)
    Order.objects.filter(pk=order.pk).update(placed_at=at)
    return order


def slow(at=NOON, **thresholds):
    return {each.subject: each for each in find_slow_sellers(at, {**SLOW, **thresholds})}


# ── Slow sellers ────────────────────────────────────────────────────────────────────────────


def test_what_sold_well_and_not_for_ninety_days_is_slow(world):
    world.stock("tea", rotterdam=30)
    Sku.objects.filter(code="tea").update(price="4.50", currency="EUR")
    placed(world, NOON - timedelta(days=200), tea=8)
    placed(world, NOON - timedelta(days=90, seconds=1), tea=2)

    [found] = slow().values()

    seen = found.evidence
    assert (found.subject, seen["sold"], seen["on_hand"]) == ("tea", 10, 30)
    assert (seen["value"], seen["currency"]) == ("135.000000", "EUR")
    assert seen["last_sold_at"] == (NOON - timedelta(days=90, seconds=1)).isoformat()
    told = SLOW_SELLER.tell(seen, SLOW)
    assert told.title == "Tea no longer sells"
    assert told.summary == "10 sold ever, the last on Sat 22 Aug, 30 on hand, €135.00 tied up"


def test_a_sale_at_the_edge_counts_and_one_unit_less_is_not_well(world):
    placed(world, NOON - timedelta(days=90), tea=10)
    placed(world, NOON - timedelta(days=91), cup=9)

    assert slow() == {}


def test_what_was_cancelled_was_never_sold(world):
    placed(world, NOON - timedelta(days=120), tea=10)
    late = placed(world, NOON - timedelta(days=10), tea=5)
    services.cancel_order(number=late.number, reason="No", by=SYSTEM)

    assert slow()["tea"].evidence["sold"] == 10


def test_as_of_a_moment_only_what_was_placed_by_then_counts(world):
    placed(world, NOON - timedelta(days=120), tea=10)
    placed(world, NOON + timedelta(days=1), tea=1)

    assert slow().keys() == {"tea"}
    assert slow(at=NOON + timedelta(days=2)) == {}


def test_what_is_sold_out_can_be_left_alone(world):
    placed(world, NOON - timedelta(days=120), tea=10)

    assert slow().keys() == {"tea"}
    assert slow(least_on_hand=1) == {}


def test_evidence_shows_the_last_twelve_months(world):
    placed(world, datetime(2026, 7, 31, 23, 59, tzinfo=UTC), tea=10)

    months = sold_by_month(skus=["tea"], at=NOON)["tea"]

    assert len(months) == 12
    assert (months[0].month, months[-1].month) == ("2025-12", "2026-11")
    assert {each.month: each.sold for each in months if each.sold} == {"2026-07": 10}
    chart = SLOW_SELLER.tell(slow()["tea"].evidence | {"months": [["2026-07", 10]]}, SLOW).chart
    assert chart.rows == [("07.26", 10)]


def test_sold_by_sku_is_one_query_however_many(world, django_assert_num_queries):
    for n, sku in enumerate(("tea", "cup", "pot"), start=1):
        placed(world, NOON, **{sku: n})
        with django_assert_num_queries(1):
            assert len(sold_by_sku(until=NOON)) == n


# ── Out of stock ────────────────────────────────────────────────────────────────────────────


def test_what_orders_wait_for_and_nobody_has_is_out(world):
    world.stock("tea", rotterdam=1)
    world.stock("cup", rotterdam=0)
    world.place(tea=1)
    first = placed(world, NOON - timedelta(days=4), tea=3)
    world.place(tea=2)

    [found] = find_out_of_stock(NOON, STOCK_OUT.values({}))

    seen = found.evidence
    assert (found.subject, seen["units"], seen["orders"], seen["free"]) == ("tea", 5, 2, 0)
    assert (seen["oldest"], found.severity) == (first.number, Severity.NOW)
    told = STOCK_OUT.tell(seen, STOCK_OUT.values({}))
    assert told.title == "Tea is out of stock, 2 orders wait"
    assert told.summary == f"5 units wanted, the oldest is {first.number}"


def test_stock_that_is_out_is_a_fact_once_and_cleared_when_it_comes(world):
    world.stock("tea", rotterdam=0)
    world.place(tea=2)
    for _ in range(2):
        sweep(kind="stock_out", by=SYSTEM, at=timezone.now())

    [fact] = EventRecord.objects.filter(name="stock.out")
    assert (fact.thread, fact.payload["units"]) == ("tea", 2)

    services.cancel_order(number=Order.objects.get().number, reason="No", by=SYSTEM)
    swept = sweep(kind="stock_out", by=SYSTEM, at=timezone.now())
    assert (swept.cleared, swept.standing) == (1, 0)


# ── Waiting orders ──────────────────────────────────────────────────────────────────────────


def waiting(at=NOON, **thresholds):
    return find_waiting_orders(at, WAITING_ORDER.values(thresholds))


def test_the_oldest_open_orders_say_what_they_wait_for(world):
    world.stock("tea", rotterdam=9)
    held = placed(world, NOON - timedelta(days=20), tea=1)
    services.hold_order(number=held.number, kind="address", reason="", by=SYSTEM)
    short = placed(world, NOON - timedelta(days=6), cup=2)
    ready = placed(world, NOON - timedelta(days=4), tea=1)
    placed(world, NOON - timedelta(days=2), tea=1)

    found = waiting()

    assert [each.subject for each in found] == [held.number, short.number, ready.number]
    said = [WAITING_ORDER.tell(each.evidence, WAITING_ORDER.values({})) for each in found]
    assert [each.summary for each in said] == [
        "On hold: address",
        "2 units wait for stock",
        "Allocated, not picked",
    ]
    assert said[0].title == "Robin Vale waits since Sat 31 Oct"
    assert [each.severity for each in found] == [Severity.NOW, Severity.SOON, Severity.SOON]


def test_of_many_the_oldest_are_told(world):
    world.stock("tea", rotterdam=9)
    old = [placed(world, NOON - timedelta(days=9 - n), tea=1).number for n in range(3)]

    assert [each.subject for each in waiting(most=2)] == old[:2]


def test_a_look_for_waiting_orders_is_one_query(world, django_assert_num_queries):
    world.stock("tea", rotterdam=9)
    for n in (1, 2, 3):
        placed(world, NOON - timedelta(days=9), tea=1)
        with django_assert_num_queries(1):
            assert len(waiting()) == n
