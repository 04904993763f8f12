"""What fulfillment adds to pages of the floors below: `{% load fulfillment %}`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext as _

from fulfillment import selectors
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Package, Shipment
from fulfillment.rules.mapping import Point, Spot, placed
from fulfillment.states import LIVE, ShipmentStatus
from inventory.selectors import visible_location_ids
from oms.core.models import User
from orders.models import Order

register = template.Library()
ON_THE_MAP = 6
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

    @property
    def is_stopped(self) -> bool:
        step = selectors.STEP_OF_STATUS.get(self.work.status)
        return bool(step and step.stop and self.work.is_stopped(step.stop))

    @property
    def is_live(self) -> bool:
        return self.work.status in LIVE


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
            )
            for work in works
        ],
        "perms": context.get("perms"),
    }


@dataclass(frozen=True)
class Place:
    """A candidate on the map."""

    name: str
    spot: Spot
    is_chosen: bool


@register.inclusion_tag("fulfillment/_sourcing_of.html")
def sourcing_of(order: Order) -> dict[str, Any]:
    """Show why these locations: the sentence, every candidate, what lost and why, a small map."""
    decisions = list(selectors.decisions_of([order.pk])[:5])
    if not decisions:
        return {}
    newest, *older = decisions
    known = _on_the_map(newest.candidates)
    points = [Point(each["latitude"], each["longitude"], each["name"]) for each in known]
    if newest.latitude is not None and newest.longitude is not None:
        points.insert(0, Point(newest.latitude, newest.longitude, order.ship_to.city))
    spots = placed(points)
    target = spots.pop(0) if len(spots) > len(known) else None
    names = [each["name"] for each in newest.candidates if each.get("chosen")]
    return {
        "decision": newest,
        "older": older,
        "title": _("Why {names}").format(names=_(" and ").join(names))
        if names
        else _("Why nobody"),
        "places": [
            Place(each["name"], spot, bool(each.get("chosen")))
            for each, spot in zip(known, spots, strict=False)
        ],
        "target": target,
        "target_name": order.ship_to.city,
    }


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
    for shipment in shipments:
        tone, shape, words = PARCELS[ShipmentStatus(shipment.status)]
        goods: dict[str, int] = {}
        for package in shipment.packages.all():
            for inside in package.lines.all():
                name = inside.line.order_line.name
                goods[name] = goods.get(name, 0) + inside.quantity
        rows = [{"units": units, "name": name} for name, units in goods.items()]
        found[shipment.pk] = Parcel(shipment, rows, _(words), tone, shape)
    parcels = list(enumerate(found.values(), start=1))
    parcels.sort(key=lambda each: each[1].shipment.status == ShipmentStatus.DELIVERED)
    return {"parcels": parcels, "several": len(parcels) > 1}
