"""Companies that want everything at once: their orders wait until nothing of them does."""

from django.db.models import Exists, OuterRef

from b2b.models import PurchaseOrder
from oms.core.actors import SYSTEM, Actor
from oms.core.services import service
from orders import services as orders
from orders.errors import AlreadyHeld, NotHeld
from orders.models import Hold, Order, OrderLine
from orders.states import OrderStatus

STOCK = "stock"
SLICE = 100
WAITING = OrderLine.objects.filter(order=OuterRef("pk"), backordered__gt=0)


@service
def hold_until_complete(*, order: str, by: Actor) -> Hold | None:
    """Hold an order of which something waits for stock, for a company that wants all at once.

    What the warehouse has sent, it has sent. Nothing when it is complete, held for it already, or
    was released by somebody before.

    Raises: OrderNotFound.
    Locks: Order, FulfillmentOrder.
    Publishes: OrderHeld.
    """
    wanted = PurchaseOrder.objects.filter(order__number=order, company__ship_complete=True)
    waiting = OrderLine.objects.filter(order__number=order, backordered__gt=0)
    known = Hold.objects.filter(order__number=order, kind=STOCK)
    is_open = Order.objects.filter(number=order, status=OrderStatus.OPEN)
    if not (wanted.exists() and waiting.exists() and is_open.exists()) or known.exists():
        return None
    units = sum(waiting.values_list("backordered", flat=True))
    try:
        return orders.hold_order(
            number=order, kind=STOCK, reason=f"{units} units are still to come", by=by
        )
    except AlreadyHeld:
        return None


def release_complete() -> int:
    """Let orders go that waited to be complete and are; return how many were looked at.

    Each in a transaction of its own.

    Raises: nothing.
    """
    standing = Hold.objects.filter(order=OuterRef("pk"), kind=STOCK, released_at__isnull=True)
    complete = Order.objects.filter(Exists(standing), status=OrderStatus.OPEN).exclude(
        Exists(WAITING)
    )
    numbers = list(complete.order_by("pk").values_list("number", flat=True)[:SLICE])
    for number in numbers:
        try:
            orders.release_hold(number=number, kind=STOCK, by=SYSTEM, reason="Everything is there")
        except NotHeld:
            continue
    return len(numbers)
