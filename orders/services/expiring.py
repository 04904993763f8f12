"""Orders that nobody paid for end when their channel says so."""

from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Greatest

from oms.core.actors import SYSTEM
from oms.core.services import batch_service
from orders.models import Order, OrderLine
from orders.services.cancelling import cancel_order
from orders.services.progressing import lock_order
from orders.states import OrderStatus, PaymentProgress


def unpaid_orders(*, at: datetime, most: int) -> list[str]:
    """Return orders that were to be paid by now and are not, the oldest first. One query."""
    given = ExpressionWrapper(
        F("channel__unpaid_hours") * timedelta(hours=1), output_field=DurationField()
    )
    since = Greatest("placed_at", "created_at")
    due = Q(status=OrderStatus.OPEN, payment_status=PaymentProgress.UNPAID)
    rows = Order.objects.filter(due, channel__unpaid_hours__gt=0, placed_at__lt=at)
    rows = rows.alias(ends_at=since + given).filter(ends_at__lte=at)
    return list(rows.order_by("placed_at", "id").values_list("number", flat=True)[:most])


@batch_service
def expire_unpaid(*, number: str, at: datetime) -> bool:
    """Cancel an order whose time to be paid is over, and return whether that was so.

    Decided under its lock: one that was paid, even in part, that had money set aside for it, or
    that is being packed by now, stays.

    Raises: OrderNotFound, Busy.
    Locks: Order, FulfillmentOrder, Payment, StockLevel.
    Publishes: OrderCancelled.
    """
    order = lock_order(number=number)
    hours = order.channel.unpaid_hours
    is_due = max(order.placed_at, order.created_at) + timedelta(hours=hours) <= at
    if not hours or not is_due or order.status != OrderStatus.OPEN:
        return False
    if order.captured_amount or order.authorized_amount or not order.due_amount:
        return False
    begun = Q(packed__gt=0) | Q(shipped__gt=0)
    if OrderLine.objects.filter(begun, order=order).exists():
        return False
    cancel_order(number=number, reason=f"Not paid within {hours} hours", by=SYSTEM, at=at)
    return True
