"""What rules leave to a person, and what they leave until a day."""

from datetime import datetime, timedelta

from fulfillment.models import WaitingLimit
from oms.core.actors import SYSTEM, Actor
from oms.core.locking import lock_one
from oms.core.services import batch_service, service
from orders.errors import OrderNotFound
from orders.models import Order, OrderLine
from orders.services import cancel_order, hold_order_in_hand
from orders.states import OrderStatus

PARKED = "routing"


@service
def park(*, order: Order, reason: str, by: Actor, at: datetime) -> None:
    """Hold an order that rules leave to a person: nothing more is reserved for it until somebody
    releases it. The order is locked, or new.

    Publishes: OrderHeld.
    """
    hold_order_in_hand(order=order, kind=PARKED, reason=reason[:200], by=by, at=at)


@service
def limit_waiting(*, order: Order, days: int, routing: str, at: datetime) -> None:
    """Have what an order waits for called off after some days; the first limit stays.

    Locks: nothing.
    """
    WaitingLimit.objects.bulk_create(
        [WaitingLimit(order_id=order.pk, ends_at=at + timedelta(days=days), routing=routing)],
        ignore_conflicts=True,
    )


@batch_service
def end_waiting(*, number: str, at: datetime) -> bool:
    """Cancel the units of an order that still wait when their time is over; return whether any
    did.

    Decided under the order's lock: what was served meanwhile stays. Done once: the limit is gone.

    Raises: OrderNotFound, Busy.
    Locks: Order, FulfillmentOrder, Payment, StockLevel.
    Publishes: OrderCancelled.
    """
    missing = OrderNotFound(number=number)
    order = lock_one(Order.objects.filter(number=number), missing=missing)
    limit = WaitingLimit.objects.filter(order=order, ends_at__lte=at).first()
    if limit is None:
        return False
    limit.delete()
    lines = OrderLine.objects.filter(order=order).order_by("position")
    units = {line.pk: line.backordered + line.routable for line in lines}
    units = {pk: count for pk, count in units.items() if count}
    if order.status != OrderStatus.OPEN or not units:
        return False
    reason = f"Nothing came in time ({limit.routing})"[:200]
    cancel_order(number=number, reason=reason, by=SYSTEM, units=units, at=at)
    return True
