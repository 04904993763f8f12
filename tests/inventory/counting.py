"""A shelf that is counted, and how."""

import pytest
from django.utils import timezone

from inventory import services
from inventory.models import CountLine, Quant
from inventory.services import Found
from oms.core.actors import SYSTEM, Actor

KIM, LEE, OTTO = Actor("user", "kim"), Actor("user", "lee"), Actor("user", "otto")


def put(world, sku, units, bin, lot=""):
    arrival = services.Arrival(world.sku(sku), world.location("rotterdam"), units, bin, lot)
    services.receive(arrivals=[arrival], reference="d", by=SYSTEM, at=timezone.now())


@pytest.fixture
def shop(world):
    """Tea in two bins, cups beside it, and a bin of nothing."""
    put(world, "tea", 5, "A-1")
    put(world, "tea", 4, "B-1")
    put(world, "cup", 3, "A-1")
    put(world, "jug", 1, "C-1")
    services.adjust(
        location="rotterdam", sku="jug", quantity_delta=-1, reason="", by=SYSTEM, at=timezone.now()
    )
    return world


def request(**scope):
    return services.request_count(location="rotterdam", by=OTTO, at=timezone.now(), **scope).number


def count(number, bin, by=KIM, *, done=True, **units):
    found = [Found(sku, each) for sku, each in units.items()]
    return services.record_count(
        number=number, bin=bin, found=found, is_done=done, by=by, at=timezone.now()
    )


def finish(number):
    return services.finish_count(number=number, by=KIM, at=timezone.now())


def approve(number, by=OTTO, **named):
    return services.approve_count(number=number, by=by, at=timezone.now(), **named)


def recount(number):
    return services.ask_recount(number=number, by=OTTO, at=timezone.now())


def lying():
    rows = Quant.objects.filter(state="available").order_by("level__sku__code", "bin", "lot")
    return [(each.level.sku.code, each.bin, each.quantity) for each in rows]


def lines():
    rows = CountLine.objects.order_by("level__sku__code", "bin")
    return [(each.level.sku.code, each.bin, each.expected, each.counted) for each in rows]
