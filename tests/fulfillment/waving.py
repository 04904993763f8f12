"""A warehouse with two zones of bins, and short ways to walk it."""

from django.utils import timezone

from fulfillment import services
from fulfillment.models import Wave, WaveLine, WaveOrder
from fulfillment.selectors.free_work import free_work
from fulfillment.selectors.waves import wave_walk
from fulfillment.states import WaveRule
from inventory import services as inventory
from inventory.states import ZoneKind
from oms.core.actors import SYSTEM, Actor

OTTO, KIM, ANN = Actor("user", "otto"), Actor("user", "kim"), Actor("user", "ann")
BINS = {"tea": ("A", "A-2"), "cup": ("A", "A-1"), "pot": ("B", "B-1"), "jar": ("B", "B-2")}
"""Bins in the order of the walk: A-2 before A-1, then B-1 and B-2."""


def warehouse(world, units=20):
    """Rotterdam with four SKUs, each in a bin of its own."""
    now = timezone.now()
    place = world.location("rotterdam")
    for position, zone in enumerate(("A", "B")):
        inventory.save_zone(
            location="rotterdam", code=zone, name=f"Zone {zone}", kind=ZoneKind.PICKING,
            position=position, by=SYSTEM, at=now,
        )  # fmt: skip
    for position, (sku, (zone, bin)) in enumerate(BINS.items()):
        inventory.save_bin(
            location="rotterdam", code=bin, zone=zone, position=position, is_active=True,
            by=SYSTEM, at=now,
        )  # fmt: skip
        arrival = inventory.Arrival(world.sku(sku), place, units, bin)
        inventory.receive(arrivals=[arrival], reference="opening", by=SYSTEM, at=now)
    return place


def number_of(world, order):
    [work] = world.works(order)
    return work.number


def placed(world, **units):
    """The fulfillment order of an order placed now, by number."""
    return number_of(world, world.place(**units))


def wave(*numbers, rule=WaveRule.CHOSEN, by=OTTO, **named):
    return services.make_waves(
        location="rotterdam", numbers=numbers, rule=rule, by=by, at=timezone.now(), **named
    )


def free(world):
    return [each.number for each in free_work(world.location("rotterdam")).candidates]


def walk_of(number):
    return wave_walk(Wave.objects.select_related("location").get(number=number))


def halts(number):
    """`bin, SKU, units` of each stop that is left."""
    return [(halt.stop.bin, halt.stop.sku, halt.units) for halt in walk_of(number).halts]


def picked(number, work, sku, units=1, *, by=KIM, **named):
    return services.pick_in_wave(
        number=number, work=work, sku=sku, units=units, by=by, at=timezone.now(), **named
    )


def short(number, work, sku, units=1, reason="missing", *, by=KIM):
    return services.short_in_wave(
        number=number, work=work, sku=sku, units=units, reason=reason, by=by, at=timezone.now()
    )


def totes(number, *codes, by=KIM):
    for place, code in zip(walk_of(number).places, codes, strict=True):
        services.take_tote(
            number=number, work=place.fulfillment_order.number, tote=code, by=by, at=timezone.now()
        )


def in_waves():
    """Live lines by fulfillment order, with the wave each is in."""
    rows = WaveLine.objects.filter(is_live=True).order_by("line__fulfillment_order", "pk")
    return list(rows.values_list("line__fulfillment_order__number", "place__wave__number"))


def orders_of(number):
    rows = WaveOrder.objects.filter(wave__number=number).order_by("nth")
    return list(rows.values_list("fulfillment_order__number", flat=True))
