from collections.abc import Mapping
from datetime import datetime

from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.services.backorders import offer_freed_units
from fulfillment.states import BEFORE_PACKED, FULFILLMENT_ORDER
from inventory import services as inventory
from oms.core.actors import Actor
from oms.core.locking import lock
from oms.core.services import service
from orders.models import Order
from orders.services import LineMoves, record_progress


@service
def withdraw_units(
    *, order: Order, units: Mapping[int, int], by: Actor, at: datetime
) -> list[FulfillmentOrder]:
    """Take units (by order line id) out of the work that was given for them; they are cancelled.

    Work that has not begun gives first, picked units last (they go back to their shelf), units in
    a box never. Work with nothing left is cancelled. The order is locked.

    Locks: FulfillmentOrder, StockLevel.
    """
    if not units:
        return []
    works = {
        each.pk: each
        for each in lock(FulfillmentOrder.objects.filter(order=order, status__in=BEFORE_PACKED))
    }
    rows = FulfillmentOrderLine.objects.filter(
        fulfillment_order__in=works, order_line__in=units
    ).select_related("reservation")
    left = dict(units)
    moves, portions = [], []
    touched: dict[int, list[FulfillmentOrderLine]] = {}
    for row in sorted(rows, key=lambda row: (row.picked, -row.pk)):
        taken = min(left.get(row.order_line_id, 0), row.quantity - row.packed)
        if not taken:
            continue
        left[row.order_line_id] -= taken
        unpicked = max(0, row.picked - (row.quantity - taken))
        row.quantity -= taken
        row.picked -= unpicked
        touched.setdefault(row.fulfillment_order_id, []).append(row)
        moves.append(
            LineMoves(row.order_line_id, allocated=-taken, picked=-unpicked, cancelled=taken)
        )
        portions.append(inventory.Portion(row.reservation_id, row.reservation.level_id, taken))

    FulfillmentOrderLine.objects.bulk_update(
        [row for group in touched.values() for row in group], ["quantity", "picked"]
    )
    changed = [works[pk] for pk in touched]
    for work in changed:
        _shrink(work)
    FulfillmentOrder.objects.bulk_update(changed, ["units", "status"])
    record_progress(order=order, moves=moves, by=by, at=at)
    offer_freed_units(
        sku_ids=[row.sku_id for group in touched.values() for row in group],
        reference=order.number,
        at=at,
    )
    inventory.release(portions=portions, reference=order.number, by=by, at=at)
    return changed


def _shrink(work: FulfillmentOrder) -> None:
    lines = list(work.lines.all())
    work.units = sum(line.quantity for line in lines)
    if not work.units:
        work.status = FULFILLMENT_ORDER.after("cancel", work.status)
