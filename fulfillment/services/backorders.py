from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from fulfillment.rules.queueing import Given, deal
from fulfillment.selectors import InLine, Reaching, queues
from fulfillment.services.drawing import Free
from fulfillment.services.goals import Units
from fulfillment.services.routing import route_units
from fulfillment.states import QueueRule
from inventory.events import Units as ReceivedUnits
from inventory.selectors import Supply, serving_locations, supply
from inventory.services.ledger import to_come
from oms.core.actors import Actor
from oms.core.batch import Again, current
from oms.core.locking import lock
from oms.core.services import batch_service, service
from oms.customers.addresses import Address
from orders.models import Order, OrderLine


@service
def fill_backorders(*, received: Sequence[ReceivedUnits], by: Actor, at: datetime) -> list[Order]:
    """Promise units that are just coming in to those who wait, in the order of their queue.

    In the transaction that receives them. Orders that a hold keeps from being allocated are
    passed over, and those that no service reaches from where the units are. An order that must
    be complete also takes what lies free of the rest.

    Raises: Again.
    Locks: Order, StockLevel.
    Publishes: OrderRouted.
    """
    batch = current()
    if batch and not batch.is_last:
        batch.close_with(_nobody_new_waits, received)
    free = _free(received)
    if not (dealt := _deal(free, at)):
        return []
    named = {each.waiter.order_id for each in dealt}
    orders = {order.pk: order for order in lock(Order.objects.filter(pk__in=named))}
    if _have_changed(dealt, named):
        dealt = _deal(free, at)
        if batch and not batch.is_last and not {each.waiter.order_id for each in dealt} <= named:
            raise Again
    return _give([each for each in dealt if each.waiter.order_id in orders], orders, free, by, at)


def _have_changed(dealt: Sequence[Given[InLine]], order_ids: set[int]) -> bool:
    """Whether those who were dealt something wait otherwise now that their orders are locked."""
    found = queues({each.waiter.sku_id for each in dealt}, order_ids=order_ids)
    now = {each.line_id: each for each in found.waiters}
    return any(now.get(each.waiter.line_id) != each.waiter for each in dealt)


def _give(
    dealt: Sequence[Given[InLine]],
    orders: dict[int, Order],
    free: Free,
    by: Actor,
    at: datetime,
) -> list[Order]:
    """Route what was dealt, order by order, each address of it apart."""
    lines = {
        line.pk: line
        for line in OrderLine.objects.filter(pk__in={each.waiter.line_id for each in dealt})
    }
    parcels: dict[tuple[int, Address | None], list[Given[InLine]]] = {}
    for each in dealt:
        line = lines[each.waiter.line_id]
        parcels.setdefault((line.order_id, line.ship_to), []).append(each)
    filled: dict[int, Order] = {}
    for (pk, _), parcel in parcels.items():
        units: dict[int, int] = {}
        only: Free = {}
        for each in parcel:
            units[each.waiter.line_id] = units.get(each.waiter.line_id, 0) + each.units
            key = (each.location_id, each.waiter.sku_id)
            before = only[key].available if key in only else 0
            only[key] = Supply(
                free[key].level_id, each.waiter.sku_id, each.location_id, before + each.units
            )
        wanted = [Units(lines[line], count, waiting=count) for line, count in units.items()]
        if route_units(order=orders[pk], units=wanted, by=by, at=at, only=only):
            filled[pk] = orders[pk]
    return list(filled.values())


@batch_service
def serve_waiting(*, sku_ids: Sequence[int], by: Actor, at: datetime) -> list[Order]:
    """Promise units of these SKUs that lie free to those who wait, in the order of the queue.

    For units that became free again; units that come in are promised as they come.

    Raises: Busy.
    Locks: Order, StockLevel.
    Publishes: OrderRouted.
    """
    places = {each.pk: each.code for each in serving_locations()}
    there = supply(sku_ids=sku_ids, location_ids=list(places))
    free = [
        ReceivedUnits(
            sku="",
            location=places[each.location_id],
            quantity=0,
            level_id=each.level_id,
            sku_id=each.sku_id,
            location_id=each.location_id,
        )
        for each in there
        if each.available > 0
    ]
    return fill_backorders(received=free, by=by, at=at) if free else []


def _deal(free: Free, at: datetime) -> list[Given[InLine]]:
    """Deal what is free, and for orders that must be complete what lies free besides.

    That is put into `free` as it is found.
    """
    found = queues({sku for _, sku in free})
    if not found.waiters:
        return []
    whole = [sku for sku, rule in found.rules.items() if rule == QueueRule.SHIP_COMPLETE]
    if whole:
        _add(free, whole)
    pool = {key: each.available for key, each in free.items()}
    return deal(found.waiters, pool, found.rules, Reaching(at))


def _add(free: Free, sku_ids: Sequence[int]) -> None:
    """Put what lies free of these SKUs anywhere into `free`, less what the open batch takes."""
    taken: dict[int, int] = {}
    for entry in to_come():
        taken[entry.level_id] = taken.get(entry.level_id, 0) + entry.reserved
    places = [place.pk for place in serving_locations()]
    for each in supply(sku_ids=sku_ids, location_ids=places):
        left = each.available - taken.get(each.level_id, 0)
        free.setdefault(
            (each.location_id, each.sku_id),
            Supply(each.level_id, each.sku_id, each.location_id, left),
        )


def _nobody_new_waits(received: list[ReceivedUnits]) -> None:
    """An order may begin to wait while units come in: with the levels locked, look once more."""
    levels = {(each.location_id, each.sku_id) for each in received}
    left = {(each.location_id, each.sku_id): each for each in _there(levels) if each.available > 0}
    if left and _deal(left, timezone.now()):
        raise Again


def _free(received: Sequence[ReceivedUnits]) -> Free:
    """What these levels will have free: what they have, and what is on its way to them."""
    levels = {(each.location_id, each.sku_id) for each in received}
    found: Free = {(each.location_id, each.sku_id): each for each in _there(levels)}
    for each in received:
        kept = found[each.location_id, each.sku_id]
        found[each.location_id, each.sku_id] = Supply(
            kept.level_id, kept.sku_id, kept.location_id, kept.available + each.quantity
        )
    return found


def _there(levels: Iterable[tuple[int, int]]) -> list[Supply]:
    wanted = set(levels)
    found = supply(sku_ids=[sku for _, sku in wanted], location_ids=[place for place, _ in wanted])
    return [each for each in found if (each.location_id, each.sku_id) in wanted]
