"""How the tea house's past orders left: the work, the parcels, and the stock that went with them.

Written in sets, as the services would have left it. The wholesale orders of before have none: they
are as an import leaves them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from django.db import models

from fulfillment.models import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    Package,
    PackageLine,
    Shipment,
    TrackingEvent,
)
from fulfillment.rules.carriage import tracking_page
from inventory.models import Location, Movement, Reservation, StockLevel
from inventory.services import Arrival, receive
from inventory.services.ledger import Entry, settle
from inventory.states import MovementKind
from oms.core.batch import in_one_go, record
from oms.core.demo import BY, Demo, hand_at
from oms.core.models import EventRecord
from oms.core.numbers import part_number
from orders.demo_history import PREFIX
from orders.models import Order, OrderLine

NEAR = {"DE": "LEJ", "AT": "LEJ", "DK": "LEJ", "US": "EWR"}
WEST = {"CA", "OR", "WA"}
CARRIERS = {"ROT": ("PostNL", "postnl-parcel"), "LEJ": ("DHL", "dhl-paket")}
AMERICAN = ("UPS", "ups-ground")
USUAL = "ROT"
MONTH = 30


@dataclass(frozen=True)
class Way:
    """What left of an order from one location, and when."""

    order: Order
    nth: int
    place: Location
    levels: dict[OrderLine, StockLevel]
    """The stock level that each line was taken from."""
    left_at: datetime
    came_at: datetime


def shipped(demo: Demo) -> None:
    """Give the shops' past orders the work and the parcels they left with; only once."""
    past = Order.objects.filter(external_id__startswith=PREFIX, status="completed")
    orders = list(past.order_by("placed_at", "id"))
    if not orders or FulfillmentOrder.objects.filter(order=orders[0]).exists():
        return
    by_month: dict[int, list[Way]] = defaultdict(list)
    for way in _ways(orders, demo.now):
        by_month[(demo.now - way.left_at).days // MONTH].append(way)
    for month in sorted(by_month, reverse=True):
        ways = by_month[month]
        _restock(ways, demo.now - timedelta(days=MONTH * (month + 1), hours=3))
        in_one_go(partial(_record, ways))
        _take(ways)


def _ways(orders: list[Order], now: datetime) -> Iterable[Way]:
    dice = Random("parcels")  # noqa: S311 (drawn again alike, not kept secret)
    places = {place.code: place for place in Location.objects.all()}
    levels = {
        (level.location.code, level.sku_id): level
        for level in StockLevel.objects.select_related("sku", "location")
    }
    lines = defaultdict(list)
    for line in OrderLine.objects.filter(order__in=orders).order_by("id"):
        lines[line.order_id].append(line)
    for order in orders:
        nearest = NEAR.get(order.ship_to.country, USUAL)
        if order.ship_to.region in WEST:
            nearest = "RNO"
        parts: dict[str, dict[OrderLine, StockLevel]] = defaultdict(dict)
        for line in lines[order.pk]:
            code = nearest if (nearest, line.stock_id) in levels else "EWR"
            code = code if order.ship_to.country == "US" else nearest
            parts[code][line] = levels[code, line.stock_id]
        left_at = order.placed_at + timedelta(hours=dice.uniform(5, 44))
        left_at = min(left_at, now - timedelta(hours=dice.uniform(1, 6)))
        left_at = max(left_at, order.placed_at + timedelta(minutes=20))
        days = dice.choices((1, 2, 3, 4, 6, 8), (30, 34, 18, 10, 5, 3))[0]
        for nth, (code, taken) in enumerate(sorted(parts.items()), start=1):
            came_at = left_at + timedelta(days=days, hours=dice.uniform(-4, 4))
            came_at = min(came_at, now - timedelta(minutes=dice.uniform(5, 55)))
            yield Way(order, nth, places[code], taken, left_at, came_at)


def _restock(ways: list[Way], at: datetime) -> None:
    """Have a delivery bring what is going to leave in a month."""
    receive(
        arrivals=[
            Arrival(level.sku, level.location, units, bin=level.bin)
            for level, units in _units(ways).items()
        ],
        reference=f"demo:delivery-{at:%Y-%m}",
        reason="Monthly delivery",
        by=BY,
        at=at,
    )


def _record(ways: list[Way]) -> None:
    record(*(row for way in ways for row in _rows(way)))


def _units(ways: list[Way]) -> dict[StockLevel, int]:
    """What left, by stock level."""
    units: dict[StockLevel, int] = defaultdict(int)
    for way in ways:
        for line, level in way.levels.items():
            units[level] += line.quantity
    return dict(sorted(units.items(), key=lambda each: each[0].pk))


def _take(ways: list[Way]) -> None:
    """Take what left off the levels, as the ledger says already."""
    settle([Entry(level.pk, units=-units, bin=level.bin) for level, units in _units(ways).items()])


def _rows(way: Way) -> Iterable[models.Model]:
    """Return everything that tells of one parcel; ids that others name are drawn here."""
    order, place = way.order, way.place
    carrier, service = CARRIERS.get(place.code, AMERICAN)
    tracking = f"{carrier[:2].upper()}{order.number[3:]}{way.nth}{order.pk % 10**6:06}"
    work = FulfillmentOrder(
        number=part_number("FO", order.number, way.nth),
        order_id=order.pk,
        location_id=place.pk,
        status="delivered",
        ship_to=order.ship_to,
        service=order.service,
        units=sum(line.quantity for line in way.levels),
        created_at=order.placed_at,
    )
    shipment = Shipment(
        number=part_number("SH", order.number, way.nth),
        status="delivered",
        carrier=carrier,
        service=service,
        tracking_number=tracking,
        tracking_url=tracking_page(carrier, tracking),
        freight_amount=Decimal("4.35") + Decimal("0.85") * work.units,
        freight_currency="USD" if carrier == "UPS" else "EUR",
        shipped_by=str(hand_at(place.code)),
        shipped_at=way.left_at,
        delivered_at=way.came_at,
    )
    record(work)
    shipment.fulfillment_order_id = work.pk
    record(shipment)
    package = Package(
        fulfillment_order_id=work.pk, shipment_id=shipment.pk, nth=1, box="M", is_closed=True
    )
    record(package)
    for line, level in way.levels.items():
        yield from _line(way, line, level, work, shipment, package)
    for status, at, words in (
        ("in_transit", way.left_at + timedelta(hours=9), "Sorting center"),
        ("delivered", way.came_at, "Handed over at the door"),
    ):
        yield TrackingEvent(
            shipment_id=shipment.pk, status=status, occurred_at=at, location="", message=words
        )
    yield from _facts(way, work, shipment)


def _line(
    way: Way,
    line: OrderLine,
    level: StockLevel,
    work: FulfillmentOrder,
    shipment: Shipment,
    package: Package,
) -> Iterable[models.Model]:
    units = line.quantity
    reservation = Reservation(
        level_id=level.pk, quantity=0, reference=way.order.number, created_at=way.order.placed_at
    )
    record(reservation)
    of_work = FulfillmentOrderLine(
        fulfillment_order_id=work.pk,
        order_line_id=line.pk,
        sku_id=line.stock_id,
        reservation_id=reservation.pk,
        quantity=units,
        picked=units,
        packed=units,
        shipped=units,
    )
    record(of_work)
    yield PackageLine(package_id=package.pk, line_id=of_work.pk, quantity=units)
    yield Movement(
        level_id=level.pk,
        kind=MovementKind.RESERVE,
        reserved_delta=units,
        reference=way.order.number,
        actor=str(BY),
        happened_at=way.order.placed_at,
    )
    yield Movement(
        level_id=level.pk,
        kind=MovementKind.SHIP,
        bin=level.bin,
        on_hand_delta=-units,
        reserved_delta=-units,
        reference=shipment.number,
        source_id=of_work.pk,
        actor=str(BY),
        happened_at=way.left_at,
    )


def _facts(way: Way, work: FulfillmentOrder, shipment: Shipment) -> Iterable[EventRecord]:
    number, place = way.order.number, way.place.code
    units = {line.sku_code: line.quantity for line in way.levels}
    packed_at = way.left_at - timedelta(hours=1)
    picked = {"location": place, "units": work.units, "short": {}, "reason": "", "taken_from": []}
    left = {
        "fulfillment_order": work.number,
        "location": place,
        "carrier": shipment.carrier,
        "service": shipment.service,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
        "units": units,
    }
    for name, subject, at, payload in (
        ("fulfillment_order.picked", work.number, packed_at - timedelta(hours=1), picked),
        (
            "fulfillment_order.packed",
            work.number,
            packed_at,
            {"location": place, "units": work.units, "packages": 1},
        ),
        ("shipment.shipped", shipment.number, way.left_at, left),
        (
            "shipment.delivered",
            shipment.number,
            way.came_at,
            {"units": units},
        ),
    ):
        yield EventRecord(
            name=name,
            thread=number,
            subject=subject,
            actor=str(hand_at(place)),
            payload={**payload, "past": True},
            happened_at=at,
        )
