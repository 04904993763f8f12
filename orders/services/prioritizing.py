from datetime import datetime

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.events import OrderPrioritized
from orders.services.progressing import lock_order
from orders.states import HIGHEST_PRIORITY, ORDER


@service
def set_priority(*, number: str, priority: int, reason: str, by: Actor, at: datetime) -> None:
    """Say how urgent an order is, 0 being as any other: where a queue goes by priority, the
    higher is served first. What others have already stays theirs. The same again changes nothing.

    Raises: OrderNotFound, TransitionNotAllowed.
    Locks: Order.
    Publishes: OrderPrioritized.
    """
    order = lock_order(number=number)
    ORDER.after("change", order.status)
    before, order.priority = order.priority, max(0, min(priority, HIGHEST_PRIORITY))
    if order.priority == before:
        return
    order.version += 1
    order.save(update_fields=["priority", "version"])
    publish(
        OrderPrioritized(
            thread=number,
            subject=number,
            by=by,
            at=at,
            priority=order.priority,
            before=before,
            reason=reason,
        )
    )
