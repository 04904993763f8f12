"""What runs low: by location and SKU, with the numbers that say so."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from inventory.models import ReplenishmentLine, Supplier, SupplierSku
from inventory.rules.reordering import Position, Shelf, share_waiting
from inventory.selectors.inbound import inbound
from inventory.states import LocationKind, ReplenishmentStatus
from oms.core import sql


@dataclass(frozen=True)
class Waiting:
    """Units of a SKU that orders wait for, how many orders, and since when the first does."""

    units: int
    orders: int
    since: datetime


def waiting_units(sku_ids: Sequence[int] | None = None) -> dict[int, Waiting]:
    """Return what orders wait for, by SKU, as the floor above tells (`WAITING_UNITS`)."""
    path = getattr(settings, "WAITING_UNITS", "")
    ask: Callable[..., dict[int, Waiting]] | None = import_string(path) if path else None
    return ask(sku_ids) if ask else {}


LEVELS = """
SELECT l.id, l.location_id, l.sku_id, l.on_hand, l.reserved, l.held, l.reorder_point,
       l.reorder_up_to
FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
WHERE p.is_active AND p.kind <> %s
  AND (l.reorder_point > 0 AND l.on_hand - l.reserved - l.held <= l.reorder_point
       OR l.sku_id = ANY(%s))
ORDER BY l.id
"""


@dataclass(frozen=True)
class Low:
    """A SKU of which a location needs more."""

    location_id: int
    sku_id: int
    position: Position


def low(location_ids: Collection[int] | None = None) -> list[Low]:
    """Return what these locations (None: all) need more of, after all that is coming.

    Lines that a person put into a proposal of a supplier other than the preferred one count as
    coming. Four queries.
    """
    waiting = waiting_units()
    rows = sql.run(LEVELS, [str(LocationKind.SUPPLIER), list(waiting)])
    coming = _coming()
    by_sku: dict[int, list[Shelf]] = defaultdict(list)
    for level_id, place, sku, _on_hand, _reserved, _held, point, _up_to in rows:
        if sku in waiting:
            by_sku[sku].append(Shelf(level_id, coming.get((place, sku), 0), point))
    asked: dict[int, int] = {}
    for sku, shelves in by_sku.items():
        asked.update(share_waiting(waiting[sku].units, shelves))
    found = [
        Low(
            place,
            sku,
            Position(
                on_hand=on_hand,
                reserved=reserved,
                held=held,
                coming=coming.get((place, sku), 0),
                waiting=asked.get(level_id, 0),
                reorder_point=point,
                reorder_up_to=up_to,
            ),
        )
        for level_id, place, sku, on_hand, reserved, held, point, up_to in rows
        if location_ids is None or place in location_ids
    ]
    return [each for each in found if each.position.needed]


def _coming() -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    for each in inbound():
        found[each.location_id, each.sku_id] += each.units
    kept = ReplenishmentLine.objects.filter(
        order__status=ReplenishmentStatus.PROPOSED, is_edited=True
    ).select_related("order")
    preferred = preferred_supplies([line.sku_id for line in kept])
    for line in kept:
        ours = preferred.get(line.sku_id)
        if ours is None or ours.supplier_id != line.order.supplier_id:
            found[line.order.location_id, line.sku_id] += line.quantity
    return found


def preferred_supplies(sku_ids: Collection[int]) -> dict[int, SupplierSku]:
    """Return who supplies these SKUs: the preferred supplier, if it is active. One query."""
    supplies = SupplierSku.objects.filter(
        sku_id__in=set(sku_ids), is_preferred=True, supplier__is_active=True
    )
    return {each.sku_id: each for each in supplies.select_related("supplier", "sku")}


def without_supplier(location_ids: Collection[int] | None = None) -> list[int]:
    """Return the ids of SKUs that run low and that nobody supplies."""
    needed = sorted({each.sku_id for each in low(location_ids)})
    covered = preferred_supplies(needed)
    return [pk for pk in needed if pk not in covered]


def active_suppliers() -> list[Supplier]:
    return list(Supplier.objects.filter(is_active=True).order_by("name", "code"))
