"""Where the units of an order go: to an address each, or to the location that hands them over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fulfillment.errors import UnknownPickupLocation
from fulfillment.rules.pickups import location_of
from inventory.selectors import serving_locations
from oms.customers.addresses import Address
from orders.models import Order, OrderLine
from orders.states import PICKUP

NOWHERE = 0
"""The id of no location."""


@dataclass(frozen=True)
class Units:
    """Units of one line that are to be routed; `waiting` of them were backordered until now."""

    line: OrderLine
    quantity: int
    waiting: int = 0


@dataclass(frozen=True)
class Goal:
    """Units that go the same way: to an address, or to the location (id `at`) to be collected."""

    ship_to: Address
    units: list[Units]
    service: str
    at: int | None = None
    is_own: bool = False


def goals_of(order: Order, wanted: Sequence[Units]) -> list[Goal]:
    """The order's units by where they go; lines with an address of their own go by carrier."""
    groups: dict[Address | None, list[Units]] = {}
    for each in wanted:
        groups.setdefault(each.line.ship_to, []).append(each)
    collects = order.service == PICKUP
    goals = []
    for address, units in groups.items():
        if address is not None and (collects or address != order.ship_to):
            service = "" if collects else order.service
            goals.append(Goal(address, units, service, is_own=True))
        elif collects:
            goals.append(_collected(order, units))
        else:
            goals.append(Goal(order.ship_to, units, order.service))
    return _merged(goals)


def _merged(goals: Sequence[Goal]) -> list[Goal]:
    """A line that names the order's own address goes with those that name none."""
    found: dict[tuple[Address, int | None], Goal] = {}
    for goal in goals:
        known = found.setdefault((goal.ship_to, goal.at), goal)
        if known is not goal:
            known.units.extend(goal.units)
    return list(found.values())


def _collected(order: Order, units: list[Units]) -> Goal:
    """Units that the customer collects, addressed to the location.

    One that was closed meanwhile serves nobody: they wait.
    """
    code = location_of(order.metadata)
    place = next((each for each in serving_locations() if each.code == code), None)
    if place is None:
        if order._state.adding:
            raise UnknownPickupLocation(location=code or "-")
        return Goal(order.ship_to, units, PICKUP, at=NOWHERE)
    there = replace(place.address, name=order.customer_name, company=place.name)
    return Goal(there, units, PICKUP, at=place.pk)
