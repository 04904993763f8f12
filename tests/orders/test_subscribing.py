"""Subscriptions: begun, placed when they fall due, paused, skipped, changed and ended."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from oms.catalog.errors import UnknownSku
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from orders import services
from orders.errors import ScheduleInvalid, TooLateToChange
from orders.models import Cycle, Hold, Order, Subscription

START = datetime(2027, 1, 4, 9, tzinfo=UTC)


def attend_all(at):
    for number in services.due_subscriptions(at=at):
        services.attend(number=number, at=at)


def through(first, last):
    """Let days go by, looking after subscriptions at noon of each."""
    day = first
    while day <= last:
        attend_all(day.replace(hour=12))
        day += timedelta(days=1)


def placed(number):
    """Index, day and order's own number of every delivery placed."""
    cycles = Cycle.objects.filter(subscription__number=number, order__isnull=False)
    return [(c.index, c.due_on, c.order.external_id) for c in cycles.order_by("index")]


def facts(number):
    return list(
        EventRecord.objects.filter(thread=number).order_by("id").values_list("name", flat=True)
    )


def test_a_delivery_is_placed_on_its_day_with_what_was_agreed(world):
    world.stock("tea", rotterdam=9)
    subscription = world.subscription(
        tea=2, at=START, starts_on=date(2027, 1, 11), every=1, unit="week"
    )

    through(START, START + timedelta(days=7))

    assert placed(subscription.number) == [(1, date(2027, 1, 11), f"{subscription.number}-1")]
    order = Order.objects.get()
    assert (order.total_amount, order.currency) == (Decimal("20"), "EUR")
    assert world.available("tea") == {"rotterdam": 7}
    assert facts(subscription.number) == [
        "subscription.created",
        "subscription.noticed",
        "subscription.renewed",
    ]
