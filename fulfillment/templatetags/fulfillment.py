"""What fulfillment adds to pages of the floors below: `{% load fulfillment %}`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment import selectors
from fulfillment.models import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    Package,
    Shipment,
    SourcingDecision,
)
from fulfillment.rules.mapping import Point, Spot, placed
from fulfillment.rules.pickups import location_of
from fulfillment.states import (
    BEFORE_PACKED,
    LIVE,
    FulfillmentOrderStatus,
    ShipmentStatus,
)
from inventory.selectors import serving_locations, visible_location_ids
from oms.channels.naming import person_name
from oms.core.models import User
from oms.core.templatetags.oms import money
from oms.customers.addresses import Address
from orders.models import Order, OrderLine
from orders.states import PICKUP

register = template.Library()
ON_THE_MAP = 6
MOST_DECISIONS = 12
REACH, SMALLEST_REACH_KM = 4, 600
"""The map shows locations up to so many times as far as the chosen ones, and all within this."""


@dataclass(frozen=True)
class Part:
    """One location's share of an order."""

    work: FulfillmentOrder
    lines: list[FulfillmentOrderLine]
    packages: list[Package]
    is_ours: bool
    """Whether the reader may open the work itself."""
    is_elsewhere: bool = False
    """Whether it goes to another address than the order."""

    @property
    def is_stopped(self) -> bool:
        step = selectors.STEP_OF_STATUS.get(self.work.status)
        return bool(step and step.stop and self.work.is_stopped(step.stop))

    @property
    def is_live(self) -> bool:
        return self.work.status in LIVE

    @property
    def is_late(self) -> bool:
        """Whether the cut-off with which it should have left is past."""
        return bool(self.work.leave_by and self.work.leave_by < timezone.now())


@register.inclusion_tag("fulfillment/_work_of.html", takes_context=True)
def work_of(context: Context, order: Order) -> dict[str, Any]:
    """Show who serves an order: each location's work with its packages and shipments."""
    works = selectors.works_of(order)
    lines = selectors.lines_by_work([work.pk for work in works])
    packages = selectors.packages_of([work.pk for work in works])
    user = getattr(context.get("request"), "user", None)
    visible = visible_location_ids(user) if isinstance(user, User) else []
    return {
        "parts": [
            Part(
                work,
                lines.get(work.pk, []),
                packages.get(work.pk, []),
                visible is None or work.location_id in visible,
                work.ship_to != order.ship_to,
            )
            for work in works
        ],
        "freight": selectors.freight_of([order.pk]).get(order.pk, []) if packages else [],
        "perms": context.get("perms"),
    }


@dataclass(frozen=True)
class Place:
    """A candidate on the map."""

    name: str
    spot: Spot
    is_chosen: bool


@dataclass(frozen=True)
class Panel:
    """Why these locations for one address, with a small map."""

    decision: SourcingDecision
    title: str
    places: list[Place]
    target: Spot | None
    target_name: str

    @property
    def is_weighed(self) -> bool:
        """Whether more than the way decided: then each candidate has a cost."""
        return any(each.get("cost") for each in self.decision.candidates)


TERMS = {
    "freight": gettext_lazy("freight"),
    "distance": gettext_lazy("distance"),
    "handling": gettext_lazy("handling"),
    "late": gettext_lazy("lateness"),
    "stock_out": gettext_lazy("stock-out risk"),
}


@register.simple_tag
def term_of_cost(name: str) -> str:
    """Return a term of a location's cost, as people say it."""
    return str(TERMS.get(name, name))


@register.simple_tag
def told_amount(told: str) -> SafeString:
    """Write an amount that a decision keeps as words ("4.13 EUR") as the reader writes money."""
    number, _space, currency = (told or "").partition(" ")
    return money(Decimal(number), currency) if currency else money(None, "")


@register.simple_tag
def carried_by(shipment: Shipment) -> str:
    """Return who carries a shipment and how, as people call it: PostNL Parcel."""
    known = dict(selectors.service_choices())
    told = f"{shipment.carrier} {shipment.service}".strip()
    return known.get(shipment.service, told)


@register.filter
def person(username: str) -> str:
    """Return what colleagues call the person who signs in as `username`."""
    return person_name(username)


@register.filter
def named(code: str, names: Mapping[str, str]) -> str:
    """Return the name that goes with a code; the code itself where it is gone."""
    return names.get(code, code)


@register.inclusion_tag("fulfillment/_sourcing_of.html")
def sourcing_of(order: Order) -> dict[str, Any]:
    """Show why these locations: the sentence, every candidate, what lost and why, a small map;
    once for each address."""
    decisions = list(selectors.decisions_of([order.pk])[:MOST_DECISIONS])
    latest: dict[Address | None, SourcingDecision] = {}
    for decision in decisions:
        latest.setdefault(decision.ship_to, decision)
    shown = sorted(latest.values(), key=lambda each: each.pk)
    return {
        "panels": [_panel(order, decision) for decision in shown],
        "older": [each for each in decisions if each not in shown],
        "several": len(shown) > 1,
    }


def _panel(order: Order, decision: SourcingDecision) -> Panel:
    city = (decision.ship_to or order.ship_to).city
    known = _on_the_map(decision.candidates)
    points = [Point(each["latitude"], each["longitude"], each["name"]) for each in known]
    if decision.latitude is not None and decision.longitude is not None:
        points.insert(0, Point(decision.latitude, decision.longitude, city))
    spots = placed(points)
    target = spots.pop(0) if len(spots) > len(known) else None
    names = [each["name"] for each in decision.candidates if each.get("chosen")]
    title = _("Why {names}").format(names=_(" and ").join(names)) if names else _("Why nobody")
    places = [
        Place(each["name"], spot, bool(each.get("chosen")))
        for each, spot in zip(known, spots, strict=False)
    ]
    return Panel(decision, title, places, target, city)


def _on_the_map(candidates: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chosen, and those of the others that are not so far that nothing could be told apart."""
    known = [each for each in candidates if each.get("latitude") is not None]
    far = [each.get("distance_km") or 0 for each in known if each.get("chosen")]
    reach = max(SMALLEST_REACH_KM, REACH * max(far, default=SMALLEST_REACH_KM))
    near = [each for each in known if each.get("chosen") or (each.get("distance_km") or 0) <= reach]
    return (near or known)[:ON_THE_MAP]


@dataclass(frozen=True)
class Parcel:
    """What left, in words for the customer."""

    shipment: Shipment
    goods: list[dict[str, Any]]
    words: str
    tone: str
    shape: str
    city: str = ""
    """Where it goes, when not all of the order goes to one place."""

    @property
    def is_collected(self) -> bool:
        return self.shipment.service == PICKUP

    @property
    def is_late(self) -> bool:
        """Whether it should have been there before today."""
        expected = self.shipment.expected_on
        return bool(expected and expected < timezone.localdate())

    @property
    def steps(self) -> list[dict[str, str]]:
        """Ordered, packing, on the way, delivered: where the parcel is among them."""
        arrived = self.shipment.status == ShipmentStatus.DELIVERED
        words = ["Ordered", "Packing", "On the way", "Delivered"]
        now = 3 if arrived else 2
        return [
            {
                "word": word,
                "state": "is-past" if at < now else "is-now" if at == now else "",
            }
            for at, word in enumerate(words)
        ]


PARCELS = {
    ShipmentStatus.SHIPPED: ("doing", "s-move", "On its way"),
    ShipmentStatus.IN_TRANSIT: ("doing", "s-move", "On its way"),
    ShipmentStatus.OUT_FOR_DELIVERY: ("doing", "s-move", "Arrives today"),
    ShipmentStatus.EXCEPTION: ("wait", "s-warn", "Delayed"),
    ShipmentStatus.DELIVERED: ("done", "s-check", "Delivered"),
}


@register.inclusion_tag("fulfillment/_parcels_of.html")
def parcels_of(order: Order) -> dict[str, Any]:
    """Tell the customer of every parcel that left: what is in it, where it is, how to follow it."""
    found: dict[int, Parcel] = {}
    shipments = selectors.shipments_of(order)
    cities = {each.fulfillment_order.ship_to.city for each in shipments}
    several = cities != {order.ship_to.city}
    for shipment in shipments:
        tone, shape, words = PARCELS[ShipmentStatus(shipment.status)]
        goods: dict[str, int] = {}
        for package in shipment.packages.all():
            for inside in package.lines.all():
                name = inside.line.order_line.name
                goods[name] = goods.get(name, 0) + inside.quantity
        rows = [{"units": units, "name": name} for name, units in goods.items()]
        city = shipment.fulfillment_order.ship_to.city if several else ""
        if shipment.service == PICKUP:
            words, city = "Collected", ""
        found[shipment.pk] = Parcel(shipment, rows, _(words), tone, shape, city)
    parcels = list(enumerate(found.values(), start=1))
    parcels.sort(key=lambda each: each[1].shipment.status == ShipmentStatus.DELIVERED)
    return {"parcels": parcels, "several": len(parcels) > 1}


@register.inclusion_tag("fulfillment/_packed_until.html")
def packed_until(order: Order) -> dict[str, Any]:
    """Tell the customer by when the next parcel of an order will be packed at the latest."""
    ahead = [
        (work.leave_by, work.location.time_zone)
        for work in selectors.works_of(order)
        if work.status in BEFORE_PACKED and work.leave_by and work.leave_by > timezone.now()
    ]
    return dict(zip(("until", "zone"), min(ahead), strict=True)) if ahead else {}


@dataclass(frozen=True)
class Collected:
    """What the customer collects at one location, in their words."""

    place: str
    address: str
    is_ready: bool
    goods: list[dict[str, Any]]


@register.inclusion_tag("fulfillment/_pickup_of.html")
def pickup_of(order: Order, stopped: bool = False) -> dict[str, Any]:
    """Tell the customer what they collect where, and whether it is ready."""
    works = [work for work in selectors.works_of(order) if work.is_pickup and work.status in LIVE]
    lines = selectors.lines_by_work([work.pk for work in works])
    pickups = [
        Collected(
            work.location.name,
            ", ".join(work.ship_to.lines[2:]),
            work.status == FulfillmentOrderStatus.PACKED,
            [
                {"units": line.quantity, "name": line.order_line.name}
                for line in lines.get(work.pk, [])
            ],
        )
        for work in works
    ]
    return {"pickups": list(enumerate(pickups, start=1)), "stopped": stopped}


@register.simple_tag
def goes_to(order: Order, lines: Sequence[OrderLine]) -> str:
    """Say where an order goes: to which towns, or where it is collected; nothing while nobody
    knows."""
    own = [line.ship_to.city for line in lines if line.ship_to]
    if order.service == PICKUP and len(own) < len(lines):
        code = location_of(order.metadata)
        names = [each.name for each in serving_locations() if each.code == code]
        return _("You collect it at {place}.").format(place=(names or [code])[0])
    towns = [line.ship_to.city if line.ship_to else order.ship_to.city for line in lines]
    cities = list(dict.fromkeys(filter(None, towns or [order.ship_to.city])))
    if not cities:
        return ""
    return _("It goes to {city}.").format(city=_(" and ").join(cities))
