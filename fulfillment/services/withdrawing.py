from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fulfillment.events import FulfillmentOrderReduced
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.services.offering import offer_freed_units
from fulfillment.services.slips import renew_slips
from fulfillment.states import BEFORE_PACKED, FULFILLMENT_ORDER, FulfillmentOrderStatus
from inventory import services as inventory
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.services import service
from orders.models import Order
from orders.services import LineMoves, record_progress


@service
def withdraw_units(
    *,
    order: Order,
    units: Mapping[int, int],
    by: Actor,
    at: datetime,
    become: Literal["cancelled", "unordered", "unrouted"] = "cancelled",
) -> list[FulfillmentOrder]:
    """Take units (by order line id) out of the work that was given for them.

    They are cancelled, no longer part of what was ordered, or ordered and given to nobody. Work
    that has not begun gives first, picked units last (they go back to their shelf, and the floor is
    told), units in a box never. Work with nothing left is cancelled. The order is locked.

    Locks: FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderReduced.
    """
    if not units:
        return []
    works = {
        each.pk: each
        for each in lock(
            FulfillmentOrder.objects.filter(order=order, status__in=BEFORE_PACKED).select_related(
                "location"
            )
        )
    }
    rows = FulfillmentOrderLine.objects.filter(
        fulfillment_order__in=works, order_line__in=units
    ).select_related("reservation__level", "sku")
    left = dict(units)
    moves, portions = [], []
    touched: dict[int, list[Taken]] = {}
    for row in sorted(rows, key=lambda row: (row.picked, -row.pk)):
        taken = min(left.get(row.order_line_id, 0), row.quantity - row.packed)
        if not taken:
            continue
        left[row.order_line_id] -= taken
        unpicked = max(0, row.picked - (row.quantity - taken))
        row.quantity -= taken
        row.picked -= unpicked
        touched.setdefault(row.fulfillment_order_id, []).append(Taken(row, taken, unpicked))
        moves.append(
            LineMoves(
                row.order_line_id,
                allocated=-taken,
                picked=-unpicked,
                cancelled=taken if become == "cancelled" else 0,
                quantity=-taken if become == "unordered" else 0,
            )
        )
        portions.append(inventory.Portion(row.reservation_id, row.reservation.level_id, taken))

    taken_rows = [each.row for group in touched.values() for each in group]
    FulfillmentOrderLine.objects.bulk_update(taken_rows, ["quantity", "picked"])
    changed = [works[pk] for pk in touched]
    for work in changed:
        shrink(work)
    FulfillmentOrder.objects.bulk_update(changed, ["units", "status"])
    record_progress(order=order, moves=moves, by=by, at=at)
    for work in changed:
        tell_reduced(order, work, touched[work.pk], by, at)
        if work.units:
            renew_slips(number=work.number, at=at)
    offer_freed_units(sku_ids=[row.sku_id for row in taken_rows], reference=order.number, at=at)
    inventory.release(portions=portions, reference=order.number, by=by, at=at)
    return changed


@dataclass(frozen=True)
class Taken:
    """Units taken out of one line of work; `unpicked` of them had been picked."""

    row: FulfillmentOrderLine
    units: int
    unpicked: int


def shrink(work: FulfillmentOrder) -> None:
    """Count what is left of work; with nothing left to pick, the picking is done."""
    lines = list(work.lines.all())
    work.units = sum(line.quantity for line in lines)
    if not work.units:
        work.status = FULFILLMENT_ORDER.after("cancel", work.status)
    elif work.status == FulfillmentOrderStatus.PICKING and all(line.is_picked for line in lines):
        work.status = FULFILLMENT_ORDER.after("pick", work.status)


def tell_reduced(
    order: Order, work: FulfillmentOrder, taken: Sequence[Taken], by: Actor, at: datetime
) -> None:
    """Tell that units were taken out of work, and which of them go back to their shelf."""
    units: dict[str, int] = {}
    for each in taken:
        units[each.row.sku.code] = units.get(each.row.sku.code, 0) + each.units
    publish(
        FulfillmentOrderReduced(
            thread=order.number,
            subject=work.number,
            by=by,
            at=at,
            location=work.location.code,
            units=units,
            left=work.units,
            put_back=[
                {
                    "sku": each.row.sku.code,
                    "quantity": each.unpicked,
                    "bin": each.row.reservation.level.bin,
                }
                for each in taken
                if each.unpicked
            ],
        )
    )
