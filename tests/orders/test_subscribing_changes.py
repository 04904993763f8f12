"""Deliveries that are paused, skipped or changed: once, or from now on."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from oms.core.actors import SYSTEM
from orders import services
from orders.errors import (
    TooLateToChange,
)
from orders.models import Cycle, CycleLine, Order
from orders.rules.contracts import WantedLine
from tests.orders.subscribing import START, ahead, at, attend_all, placed, through, weekly


def test_nothing_is_placed_while_it_is_paused_and_nothing_made_up_for(world):
    subscription = weekly(world)
    number = subscription.number
    services.pause_subscription(number=number, until=date(2027, 2, 1), by=SYSTEM, at=at(5))
    assert ahead(number) == [(1, date(2027, 2, 1))]
    through(at(5), at(31))
    assert placed(number) == []

    through(at(1, 2), at(8, 2))

    assert placed(number) == [
        (1, date(2027, 2, 1), f"{number}-1"),
        (2, date(2027, 2, 8), f"{number}-2"),
    ]


def test_a_delivery_that_is_fixed_is_not_placed_once_it_is_paused(world):
    subscription = weekly(world)
    attend_all(at(10))
    assert Cycle.objects.get().status == "locked"
    services.pause_subscription(number=subscription.number, by=SYSTEM, at=at(10, hour=13))
    through(at(11), at(25))
    assert Order.objects.count() == 0

    services.resume_subscription(number=subscription.number, by=SYSTEM, at=at(26))
    assert ahead(subscription.number) == [(1, date(2027, 2, 1))]


def test_resumed_early_it_comes_on_its_old_days(world):
    subscription = weekly(world)
    number = subscription.number
    services.pause_subscription(number=number, until=date(2027, 3, 1), by=SYSTEM, at=at(5))
    services.resume_subscription(number=number, by=SYSTEM, at=at(6))
    assert ahead(number) == [(1, date(2027, 1, 11))]


def test_a_skipped_delivery_leaves_the_others_on_their_days(world):
    subscription = weekly(world)
    number = subscription.number
    services.skip_delivery(number=number, by=SYSTEM, at=START)
    assert ahead(number) == [(2, date(2027, 1, 18))]
    services.skip_delivery(number=number, by=SYSTEM, at=START)
    assert ahead(number) == [(3, date(2027, 1, 25))]
    services.unskip_delivery(number=number, by=SYSTEM, at=START)
    assert ahead(number) == [(1, date(2027, 1, 11))]
    through(START, at(25))
    assert [each[:2] for each in placed(number)] == [
        (1, date(2027, 1, 11)),
        (3, date(2027, 1, 25)),
    ]


def test_what_is_fixed_can_be_neither_skipped_nor_changed(world):
    subscription = weekly(world)
    number, late = subscription.number, at(10)
    with pytest.raises(TooLateToChange) as caught:
        services.skip_delivery(number=number, by=SYSTEM, at=late)
    assert caught.value.until_at == "2027-01-10T06:00:00+00:00"
    with pytest.raises(TooLateToChange):
        services.change_lines(
            number=number, lines=[WantedLine("tea", 9)], once=True, by=SYSTEM, at=late
        )
    with pytest.raises(TooLateToChange):
        services.change_address(
            number=number, ship_to=subscription.ship_to, once=True, by=SYSTEM, at=late
        )
    assert (ahead(number), CycleLine.objects.count()) == ([(1, date(2027, 1, 11))], 0)


def units_of(number):
    orders = Order.objects.filter(external_id__startswith=f"{number}-").order_by("id")
    return [
        [(line.sku_code, line.quantity, line.unit_price) for line in order.lines.order_by("id")]
        for order in orders
    ]


def test_a_change_holds_once_or_from_now_on(world):
    world.sku("cup", price=Decimal("3"), currency="EUR")
    subscription = weekly(world)
    number = subscription.number
    lines = [WantedLine("tea", 1), WantedLine("cup", 4)]
    services.change_lines(number=number, lines=lines, once=True, by=SYSTEM, at=START)
    through(START, at(18))
    services.change_lines(
        number=number, lines=[WantedLine("cup", 1)], once=False, by=SYSTEM, at=at(19)
    )
    through(at(19), at(25))

    assert units_of(number) == [
        [("tea", 1, 10), ("cup", 4, 3)],
        [("tea", 2, 10)],
        [("cup", 1, 3)],
    ]


def test_an_address_once_and_from_now_on(world):
    subscription = weekly(world)
    number, home = subscription.number, subscription.ship_to
    away = replace(home, line1="Kaai 1")
    services.change_address(number=number, ship_to=away, once=True, by=SYSTEM, at=START)
    through(START, at(18))
    services.change_address(
        number=number, ship_to=replace(home, line1="Kaai 2"), once=False, by=SYSTEM, at=at(19)
    )
    through(at(19), at(25))
    assert [order.ship_to.line1 for order in Order.objects.order_by("id")] == [
        "Kaai 1",
        "Molenstraat 27",
        "Kaai 2",
    ]


def test_an_address_changed_after_it_is_fixed_holds_for_the_ones_after(world):
    subscription = weekly(world)
    attend_all(at(10))
    moved = replace(subscription.ship_to, line1="Kaai 2")
    services.change_address(
        number=subscription.number, ship_to=moved, once=False, by=SYSTEM, at=at(10, hour=13)
    )
    through(at(11), at(18))
    streets = [order.ship_to.line1 for order in Order.objects.order_by("id")]
    assert streets == ["Molenstraat 27", "Kaai 2"]


def test_another_rhythm_counts_from_the_last_delivery(world):
    subscription = weekly(world)
    number = subscription.number
    through(START, at(11))
    services.change_rhythm(number=number, every=3, unit="week", by=SYSTEM, at=at(12))
    assert ahead(number) == [(2, date(2027, 2, 1))]
    services.change_rhythm(number=number, every=1, unit="month", by=SYSTEM, at=at(12))
    assert ahead(number) == [(2, date(2027, 2, 11))]


def test_another_count_of_months_keeps_the_day(world):
    subscription = world.subscription(tea=1, at=START, starts_on=date(2027, 1, 31))
    number = subscription.number
    attend_all(at(31))
    attend_all(at(28, 2))
    services.change_rhythm(number=number, every=2, unit="month", by=SYSTEM, at=at(1, 3))
    assert ahead(number) == [(3, date(2027, 4, 30))]
    subscription.refresh_from_db()
    assert subscription.rhythm.turn(3) == date(2027, 8, 31)
