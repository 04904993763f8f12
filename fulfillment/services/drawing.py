"""What an order may draw on: stock that is free for it, and what is not there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from fulfillment.services.goals import Units
from inventory import services as inventory
from inventory.errors import InsufficientStock
from inventory.selectors import (
    ServingLocation,
    Supply,
    by_then,
    kept_back,
    release_dates,
    supply,
)
from oms.catalog.models import Sku
from oms.core.batch import Again, current
from oms.core.locking import lock
from orders.models import Order

Place = tuple[int, int]
"""A location id and a SKU id."""

Free = dict[Place, Supply]


def free_for(
    order: Order,
    wanted: Sequence[Units],
    places: Sequence[ServingLocation],
    *,
    only: Free | None,
    given: Mapping[Place, int],
    keeps_buffer: bool,
    at: datetime,
) -> Free:
    """What is free, by location and SKU: locked where no batch would notice that it moved.

    Units `given` by the order's own cart count for it, safety stock or not. Carts whose time is
    over give theirs back when the order would lack them otherwise. Where a shortage is refused,
    orders for what is not out yet come one after the other. Where stock was read ahead nobody's
    cart is over, and nothing is asked.

    Locks: Sku, StockLevel.
    """
    if only is not None:
        return only
    sku_ids = [each.line.stock_id for each in wanted]
    location_ids = [each.pk for each in places]
    if keeps_buffer and (later := [sku for sku in sku_ids if sku in release_dates()]):
        lock(Sku.objects.filter(pk__in=later))  # who is promised what comes, one after the other
    batch = current()
    foreseen = inventory.supply_ahead()
    if foreseen is not None:
        found = foreseen.of(sku_ids, location_ids)
    elif batch is None or batch.is_last:
        found = inventory.lock_supply(sku_ids=sku_ids, location_ids=location_ids)
    else:
        found = supply(sku_ids=sku_ids, location_ids=location_ids)
    free = {(each.location_id, each.sku_id): each for each in found}
    for place, units in given.items():
        if place in free:
            _add(free, place, units)
    lacking = _lacking(order, wanted, free, keeps_buffer)
    if lacking and foreseen is None:
        freed = inventory.free_lapsed(sku_ids=lacking, at=at)
        for place, each in list(free.items()):
            if each.level_id in freed:
                _add(free, place, freed[each.level_id])
    return free


def _add(free: Free, place: Place, units: int) -> None:
    free[place] = free[place]._replace(available=max(0, free[place].available) + units)


def _lacking(order: Order, wanted: Sequence[Units], free: Free, keeps_buffer: bool) -> list[int]:
    """The ids of the SKUs of which the order asks for more than there is for it."""
    asked: dict[int, int] = {}
    for each in wanted:
        asked[each.line.stock_id] = asked.get(each.line.stock_id, 0) + each.quantity
    there: dict[int, int] = {}
    for each_level in free.values():
        there[each_level.sku_id] = there.get(each_level.sku_id, 0) + max(0, each_level.available)
    buffers = kept_back(order.channel_id, asked) if keeps_buffer else {}
    return [
        sku_id
        for sku_id, units in asked.items()
        if units > there.get(sku_id, 0) - buffers.get(sku_id, 0)
    ]


def look_again_at_the_end(unserved: list[tuple[int, int]]) -> None:
    """Units may come in while their lack is written down; then neither side would see the other.

    So the last thing done is to lock the levels (SKU, location): who comes second sees the first.
    """
    batch = current()
    if batch and not batch.is_last:
        batch.close_with(_still_short, unserved)


def _still_short(levels: list[tuple[int, int]]) -> None:
    found = inventory.lock_supply(
        sku_ids=[sku for sku, _ in levels], location_ids=[place for _, place in levels]
    )
    if any(each.available > 0 for each in found):
        raise Again


def refuse_lack(
    order: Order,
    wanted: Sequence[Units],
    free: Free,
    short: Mapping[str, int],
    given: Mapping[Place, int],
    at: datetime,
) -> None:
    """Refuse what lacks, and what the channel is told to be out though its buffer lies there;
    `free` is what this order leaves. What its cart had was promised before: no buffer counts. Of
    what is not out yet more may be asked for: what comes until then by somebody's word, less what
    waits for it already.

    Raises: InsufficientStock, naming every SKU that lacks.
    """
    asked: dict[tuple[int, str], int] = {}
    for each in wanted:
        key = each.line.stock_id, each.line.sku_code
        asked[key] = asked.get(key, 0) + each.quantity
    buffers = kept_back(order.channel_id, [sku_id for sku_id, _ in asked])
    lacking: list[dict[str, Any]] = []
    for (sku_id, code), units in asked.items():
        available = units - short.get(code, 0)
        if sku_id in buffers:
            left = sum(max(0, each.available) for each in free.values() if each.sku_id == sku_id)
            kept = sum(units for (_, sku), units in given.items() if sku == sku_id)
            available = max(0, min(available, max(kept, available + left - buffers[sku_id])))
        if available < units and (day := release_dates().get(sku_id)):
            then = by_then([sku_id], day=day, today=timezone.localdate(at))[sku_id]
            left = sum(max(0, each.available) for each in free.values() if each.sku_id == sku_id)
            before = left + units - short.get(code, 0) - buffers.get(sku_id, 0)
            available = max(available, then.promisable(before))
        if available < units:
            lacking.append({"sku": code, "requested": units, "available": available})
    if lacking:
        raise InsufficientStock(**lacking[0], others=lacking[1:])
