"""Subscriptions, and days that go by."""

from datetime import UTC, date, datetime, timedelta

from orders import services
from orders.models import Cycle

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


def weekly(world, **fields):
    fields = {"at": START, "starts_on": date(2027, 1, 11), "every": 1, "unit": "week", **fields}
    return world.subscription(tea=2, **fields)


def at(day, month=1, hour=12):
    return datetime(2027, month, day, hour, tzinfo=UTC)


def ahead(number):
    cycles = Cycle.objects.filter(subscription__number=number, status__in=["planned", "locked"])
    return [(c.index, c.due_on) for c in cycles.order_by("index")]
