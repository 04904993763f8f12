from collections.abc import Mapping, Sequence
from datetime import datetime

from fulfillment.events import FulfillmentOrderRedirected
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.services.slips import renew_slips
from fulfillment.services.withdrawing import withdraw_units
from fulfillment.states import LIVE, FulfillmentOrderStatus
from inventory.selectors import serving_locations
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.geo import distance_km, locate
from oms.core.locking import lock
from oms.core.numbers import part_number
from oms.core.services import service
from oms.customers.addresses import Address
from orders.models import Order

S = FulfillmentOrderStatus
Lines = Sequence[FulfillmentOrderLine]


@service
def adapt_work(
    *,
    order: Order,
    taken_off: Mapping[int, int],
    is_redirected: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Bring the work of a locked order in line with how it was changed.

    Units (by order line id) that are no longer part of it leave their work. When it goes
    elsewhere, or by another service, so does what has not left; the location that has the goods
    keeps them.

    Locks: FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderReduced, FulfillmentOrderRedirected.
    """
    withdraw_units(order=order, units=taken_off, by=by, at=at, become="unordered")
    if not is_redirected:
        return
    works = lock(
        FulfillmentOrder.objects.filter(order=order, status__in=LIVE).select_related("location")
    )
    nth = FulfillmentOrder.objects.filter(order=order).count()
    for work in works:
        groups = _by_address(order, work)
        kept = work.ship_to if work.ship_to in groups else next(iter(groups), work.ship_to)
        for ship_to, lines in groups.items():
            if ship_to != kept:
                nth += 1
                _split_off(order, work, lines, ship_to, nth, by, at)
        _redirect(order, work, kept, by, at)


def _by_address(order: Order, work: FulfillmentOrder) -> dict[Address, list[FulfillmentOrderLine]]:
    """The lines of work that still have units, by where they go now."""
    rows = work.lines.filter(quantity__gt=0).select_related("order_line").order_by("pk")
    groups: dict[Address, list[FulfillmentOrderLine]] = {}
    for row in rows:
        groups.setdefault(row.order_line.ship_to or order.ship_to, []).append(row)
    return groups


def _redirect(
    order: Order, work: FulfillmentOrder, ship_to: Address, by: Actor, at: datetime
) -> None:
    if (work.ship_to, work.service) == (ship_to, order.service):
        return
    work.ship_to, work.service = ship_to, order.service
    work.distance_km = _distance(work, ship_to)
    work.save(update_fields=["ship_to", "service", "distance_km"])
    _tell(order, work, "redirected", by, at)
    renew_slips(number=work.number, at=at)


def _split_off(
    order: Order,
    old: FulfillmentOrder,
    lines: Lines,
    ship_to: Address,
    nth: int,
    by: Actor,
    at: datetime,
) -> None:
    """Make lines that go elsewhere work of their own, at the same place, as far as they are."""
    units = sum(line.quantity for line in lines)
    new = FulfillmentOrder.objects.create(
        number=part_number("FO", order.number, nth),
        order_id=order.pk,
        location_id=old.location_id,
        status=_as_far(old.status, lines),
        stops=old.stops,
        ship_to=ship_to,
        service=order.service,
        distance_km=_distance(old, ship_to),
        units=units,
        hold_reason=old.hold_reason,
        held_by=old.held_by,
        held_at=old.held_at,
        assigned_to=old.assigned_to,
        created_at=old.created_at,
    )
    moved = [line.pk for line in lines]
    FulfillmentOrderLine.objects.filter(pk__in=moved).update(fulfillment_order=new)
    left = [each for each in old.lines.all() if each.pk not in moved]
    old.units -= units
    old.status = _as_far(old.status, [each for each in left if each.quantity])
    old.save(update_fields=["units", "status"])
    new.location = old.location
    _tell(order, new, "split", by, at, came_from=old.number)
    renew_slips(number=old.number, at=at)


def _as_far(status: str, lines: Lines) -> str:
    """How far these lines of work in that status are."""
    if status != S.PICKING:
        return status
    if all(line.is_picked for line in lines):
        return S.PICKED
    return S.PICKING if any(line.picked for line in lines) else S.RELEASED


def _distance(work: FulfillmentOrder, ship_to: Address) -> float | None:
    target = locate(
        country=ship_to.country,
        postal_code=ship_to.postal_code,
        city=ship_to.city,
        latitude=ship_to.latitude,
        longitude=ship_to.longitude,
    )
    place = next((each for each in serving_locations() if each.pk == work.location_id), None)
    return distance_km(place.position if place else None, target)


def _tell(
    order: Order,
    work: FulfillmentOrder,
    how: str,
    by: Actor,
    at: datetime,
    came_from: str = "",
) -> None:
    publish(
        FulfillmentOrderRedirected(
            thread=order.number,
            subject=work.number,
            by=by,
            at=at,
            location=work.location.code,
            how=how,
            units=work.units,
            service=work.service,
            came_from=came_from,
        )
    )
