"""Refusing channels sell what comes by the day of release: not one unit more, whoever is first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from fulfillment.services import drawing
from inventory import services as inventory
from oms.catalog.services import set_release_date
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders.models import OrderLine
from tests.concurrency.racing import race
from tests.concurrency.test_carts_at_once import buyer

pytestmark = pytest.mark.django_db(transaction=True)


def coming(world, units):
    day = timezone.localdate() + timedelta(days=9)
    world.channel("strict", stock_policy="refuse")
    world.location("rotterdam")
    asked = world.ordered_from_supplier(tea=units)
    inventory.commit_replenishment(
        number=asked.number,
        answers=[inventory.Answer(sku="tea", parts=[inventory.Part(units, day)])],
        by=SYSTEM,
        at=timezone.now(),
    )
    set_release_date(sku="tea", release_on=day, by=SYSTEM, at=timezone.now())


def sold():
    return sum(OrderLine.objects.values_list("quantity", flat=True))


def test_six_who_want_the_three_that_come_are_three(world):
    coming(world, 3)

    outcome = race([buyer(world, f"p-{nth}", "tea", 1) for nth in range(6)])

    assert outcome.count("InsufficientStock") == 3
    assert sold() == 3
    assert verify() == []


def test_without_the_lock_on_the_sku_more_is_sold_than_comes(world, monkeypatch):
    """The control: the same race, nobody waiting for the other."""
    monkeypatch.setattr(drawing, "lock", lambda rows: None)
    by_then = drawing.by_then

    def slowly(*args, **kwargs):
        found = by_then(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return found

    monkeypatch.setattr(drawing, "by_then", slowly)
    coming(world, 1)

    race([buyer(world, f"p-{nth}", "tea", 1) for nth in range(3)])

    assert sold() > 1
