"""The facts this app makes known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from oms.core.events import Event, passing

if TYPE_CHECKING:
    from orders.models import Order


@dataclass(frozen=True, kw_only=True)
class OrderRouted(Event):
    """Locations were chosen: fulfillment orders by number and location, and why."""

    name = "order.routed"
    fulfillment_orders: list[dict[str, Any]]
    reason: str


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderEvent(Event):
    location: str


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderOpened(FulfillmentOrderEvent):
    """Its day has come: what it holds is out."""

    name = "fulfillment_order.opened"


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderReleased(FulfillmentOrderEvent):
    name = "fulfillment_order.released"


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderPicked(FulfillmentOrderEvent):
    """All units that were found are picked; `short` are those that were not, by SKU.

    `taken_from` are bins and lots, where the picker named them.
    """

    name = "fulfillment_order.picked"
    units: int
    short: dict[str, int]
    reason: str = ""
    taken_from: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderPacked(FulfillmentOrderEvent):
    name = "fulfillment_order.packed"
    units: int
    packages: int


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderUnpacked(FulfillmentOrderEvent):
    """All units were taken out of their packages again."""

    name = "fulfillment_order.unpacked"
    units: int


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderHeld(FulfillmentOrderEvent):
    name = "fulfillment_order.held"
    reason: str


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderResumed(FulfillmentOrderEvent):
    name = "fulfillment_order.resumed"


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderMoved(FulfillmentOrderEvent):
    """The same work is to be done at another location; `location` is the new one."""

    name = "fulfillment_order.moved"
    came_from: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderSplit(FulfillmentOrderEvent):
    """Units became work of their own, `new_number`, at the same location."""

    name = "fulfillment_order.split"
    new_number: str
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderMerged(FulfillmentOrderEvent):
    """The units of other work, `merged`, are part of this work now; that one is over."""

    name = "fulfillment_order.merged"
    merged: str
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderReduced(FulfillmentOrderEvent):
    """Nobody asks for these units (by SKU) any more; `left` are still to be served from here.

    `put_back` are those that were picked already: SKU, quantity and the bin they came from.
    """

    name = "fulfillment_order.reduced"
    units: dict[str, int]
    left: int
    put_back: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderRedirected(FulfillmentOrderEvent):
    """It goes to another address, or by another service (`how`: redirected, or split).

    Split: these units became work of their own, `came_from` being the work they were part of.
    """

    name = "fulfillment_order.redirected"
    how: str
    units: int
    service: str
    came_from: str = ""


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderRejected(FulfillmentOrderEvent):
    """A location does not serve these units (by SKU); others are asked."""

    name = "fulfillment_order.rejected"
    reason: str
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderShort(FulfillmentOrderEvent):
    """These units (by SKU) are not there, and others are asked; the rest is still being picked."""

    name = "fulfillment_order.short"
    reason: str
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class WaveEvent(Event):
    """Of a walk past the bins of one location for several orders."""

    location: str


@dataclass(frozen=True, kw_only=True)
class WaveMade(WaveEvent):
    """Work was put together to be picked in one walk: fulfillment orders by number."""

    name = "wave.made"
    rule: str
    zone: str
    fulfillment_orders: list[str]
    units: int


@dataclass(frozen=True, kw_only=True)
class WaveAssigned(WaveEvent):
    """Somebody is to pick it; nobody, when `picker` is empty."""

    name = "wave.assigned"
    picker: str


@dataclass(frozen=True, kw_only=True)
class WaveChanged(WaveEvent):
    """Orders were added, came from `came_from`, or were taken back (`how`)."""

    name = "wave.changed"
    how: str
    fulfillment_orders: list[str]
    came_from: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class WaveFinished(WaveEvent):
    """Nothing is left to pick in it."""

    name = "wave.finished"
    picked: int
    short: int


@dataclass(frozen=True, kw_only=True)
class WaveCancelled(WaveEvent):
    """What is left of it is picked order by order, or in another wave."""

    name = "wave.cancelled"
    left: int


@dataclass(frozen=True, kw_only=True)
class ShipmentShipped(Event):
    """A parcel left: `units` by SKU. `is_followed`: its channel sent it, and told the customer."""

    name = "shipment.shipped"
    fulfillment_order: str
    location: str
    carrier: str
    service: str
    tracking_number: str
    tracking_url: str
    units: dict[str, int]
    order: Order = passing()
    is_followed: bool = passing(default=False)


@dataclass(frozen=True, kw_only=True)
class ShipmentTrackingUpdated(Event):
    name = "shipment.tracking_updated"
    status: str
    location: str
    message: str


@dataclass(frozen=True, kw_only=True)
class ShipmentDelivered(Event):
    name = "shipment.delivered"
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class FulfillmentOrderReadyForPickup(FulfillmentOrderEvent):
    """Packed, and waiting at its location for the customer."""

    name = "fulfillment_order.ready_for_pickup"
    order: Order = passing()


@dataclass(frozen=True, kw_only=True)
class QueuePolicySet(Event):
    """Somebody said who is served first of those that wait for a SKU; of all where none is named.

    `rule` is None where the policy was taken away.
    """

    name = "queue_policy.set"
    sku: str
    rule: str | None


@dataclass(frozen=True, kw_only=True)
class ReallocationEvent(Event):
    """Told once in the story of each of the two orders, which does not name the other.

    `gives` says whether this is the one that had the units.
    """

    sku: str
    units: int
    location: str
    gives: bool


@dataclass(frozen=True, kw_only=True)
class ReallocationMade(ReallocationEvent):
    """Units went from an order that had them to one that waited for them."""

    name = "reallocation.made"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReallocationUndone(ReallocationEvent):
    """They went back to the order that had them."""

    name = "reallocation.undone"


@dataclass(frozen=True, kw_only=True)
class CarriageChanged(Event):
    """Services, rates or boxes were changed: how many, by what was done."""

    name = "carriage.changed"
    what: str
    changes: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class RoutingEvent(Event):
    """A version of the routing rules, by its number."""

    version: int


@dataclass(frozen=True, kw_only=True)
class RoutingDrafted(RoutingEvent):
    """A draft of the routing rules was begun, from version `based_on` (0: the built-in rules)."""

    name = "routing.drafted"
    based_on: int


@dataclass(frozen=True, kw_only=True)
class RoutingChanged(RoutingEvent):
    """A draft of the routing rules says something else; `revision` counts how often it did."""

    name = "routing.changed"
    revision: int


@dataclass(frozen=True, kw_only=True)
class RoutingPublished(RoutingEvent):
    """Orders find their locations by this version from now on; `replaces` counted until then (0:
    the built-in rules). `undoes`: what counted before `replaces` is said again."""

    name = "routing.published"
    replaces: int
    undoes: bool


@dataclass(frozen=True, kw_only=True)
class RoutingDiscarded(RoutingEvent):
    """A draft of the routing rules was put away."""

    name = "routing.discarded"
