from collections.abc import Sequence
from datetime import datetime

from fulfillment.services.goals import Units
from fulfillment.services.routing import Free, route_units
from inventory.events import Units as ReceivedUnits
from inventory.selectors import Supply, serving_locations, supply
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import Again, current
from oms.core.jobs import enqueue
from oms.core.locking import lock
from oms.core.services import batch_service, service
from orders.models import Order, OrderLine
from orders.states import HOLDS, OrderStatus, Stop

STOP_ALLOCATION = [kind for kind, hold in HOLDS.items() if Stop.ALLOCATE in hold.stops]

# Orders that are collected take from their own location only: they keep nobody behind them out.
QUEUE = """
SELECT waiting.order_id FROM (
    SELECT l.order_id, l.sku_id, o.placed_at, o.id,
           sum(u.anywhere) OVER (PARTITION BY l.sku_id ORDER BY o.placed_at, o.id, l.id)
               - u.anywhere AS before
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN l.ship_to IS NULL AND o.service = 'pickup' THEN 0 ELSE l.backordered END
            AS anywhere) u
    WHERE l.backordered > 0 AND l.sku_id = ANY(%s) AND o.status = %s
      AND (u.anywhere > 0 OR o.metadata->>'pickup_location' = ANY(%s))
      AND NOT EXISTS (
          SELECT 1 FROM orders_hold h
          WHERE h.order_id = o.id AND h.released_at IS NULL AND h.kind = ANY(%s))
) waiting
JOIN unnest(%s::bigint[], %s::int[]) AS come(sku_id, units) ON come.sku_id = waiting.sku_id
WHERE waiting.before < come.units
GROUP BY waiting.order_id, waiting.placed_at, waiting.id
ORDER BY waiting.placed_at, waiting.id
"""


@service
def fill_backorders(*, received: Sequence[ReceivedUnits], by: Actor, at: datetime) -> list[Order]:
    """Promise units that are just coming in to those who wait, oldest order first.

    In the transaction that receives them. Orders that a hold keeps from being allocated are
    passed over.

    Locks: Order, StockLevel.
    Publishes: OrderRouted.
    """
    batch = current()
    if batch and not batch.is_last:
        batch.close_with(_nobody_new_waits, received)
    free = _free(received)
    queue = _queue(free)
    if not queue:
        return []
    orders = {order.pk: order for order in lock(Order.objects.filter(pk__in=queue))}
    lines: dict[int, list[OrderLine]] = {}
    for line in OrderLine.objects.filter(order__in=queue).order_by("pk"):
        lines.setdefault(line.order_id, []).append(line)
    filled = []
    for pk in queue:
        order = orders[pk]
        if order.status != OrderStatus.OPEN:
            continue
        wanted = _take(lines[pk], free)
        if wanted and route_units(order=order, units=wanted, by=by, at=at, only=free):
            filled.append(order)
    return filled


@batch_service
def serve_waiting(*, sku_ids: Sequence[int], by: Actor, at: datetime) -> list[Order]:
    """Promise units of these SKUs that lie free to those who wait, oldest order first.

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


def offer_freed_units(*, sku_ids: Sequence[int], reference: str, at: datetime) -> None:
    """Ask for waiting orders to be served with units that are just becoming free, if any wait.

    Later, as a job: other orders cannot be locked by whoever holds this one.
    """
    if OrderLine.objects.filter(sku__in=sku_ids, backordered__gt=0).exists():
        key = f"{reference}:{at:%Y%m%d%H%M%S.%f}"
        enqueue("backorders", key=key, payload={"sku_ids": sorted(set(sku_ids))})


def _queue(free: Free) -> list[int]:
    """Ids of the orders that wait for what is free, the oldest first."""
    units: dict[int, int] = {}
    for each in free.values():
        units[each.sku_id] = units.get(each.sku_id, 0) + max(0, each.available)
    here = {place for place, _ in free}
    codes = [place.code for place in serving_locations() if place.pk in here]
    skus, counts = list(units), list(units.values())
    rows = sql.run(QUEUE, [skus, OrderStatus.OPEN, codes, STOP_ALLOCATION, skus, counts])
    return [pk for (pk,) in rows]


def _nobody_new_waits(received: list[ReceivedUnits]) -> None:
    """An order may begin to wait while units come in: with the levels locked, look once more."""
    levels = {(each.location_id, each.sku_id) for each in received}
    there = supply(sku_ids=[sku for _, sku in levels], location_ids=[place for place, _ in levels])
    left = {
        (each.location_id, each.sku_id): each
        for each in there
        if (each.location_id, each.sku_id) in levels and each.available > 0
    }
    if left and _queue(left):
        raise Again


def _free(received: Sequence[ReceivedUnits]) -> Free:
    """What these levels will have free: what they have, and what is on its way to them."""
    levels = {(each.location_id, each.sku_id): each.level_id for each in received}
    found: Free = {
        (each.location_id, each.sku_id): each
        for each in supply(
            sku_ids=[sku for _, sku in levels], location_ids=[place for place, _ in levels]
        )
        if (each.location_id, each.sku_id) in levels
    }
    for each in received:
        kept = found[each.location_id, each.sku_id]
        found[each.location_id, each.sku_id] = Supply(
            kept.level_id, kept.sku_id, kept.location_id, kept.available + each.quantity
        )
    return found


def _take(lines: Sequence[OrderLine], free: Free) -> list[Units]:
    """The waiting units of an order that the received stock covers."""
    there: dict[int, int] = {}
    for each in free.values():
        there[each.sku_id] = there.get(each.sku_id, 0) + max(0, each.available)
    wanted = []
    for line in lines:
        if units := min(line.backordered, there.get(line.sku_id, 0)):
            there[line.sku_id] -= units
            wanted.append(Units(line, units, waiting=units))
    return wanted
