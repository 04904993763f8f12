from datetime import datetime

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.events import OrderCompleted
from orders.models import Hold, Order, OrderLine
from orders.rules.progress import has_nothing_to_send
from orders.services.progressing import derive, save_progress
from orders.states import ORDER, OrderStatus


@service
def finish_unsent(*, order: Order, by: Actor, at: datetime) -> None:
    """Complete a locked order of which nothing is to be sent, once it is paid and nothing holds it.

    Raises: nothing.
    Locks: nothing.
    Publishes: OrderCompleted.
    """
    if order._state.adding or order.status != OrderStatus.OPEN:
        return
    if order.captured_amount < order.due_amount:
        return
    lines = list(OrderLine.objects.filter(order=order))
    if not has_nothing_to_send(lines):
        return
    if Hold.objects.filter(order=order, released_at__isnull=True).exists():
        return
    order.status = ORDER.after("complete", order.status)
    derive(order, lines)
    save_progress(order)
    publish(OrderCompleted(thread=order.number, subject=order.number, by=by, at=at))
