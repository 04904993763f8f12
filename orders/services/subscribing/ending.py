from datetime import datetime

from django.db import transaction

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.events import publish
from oms.core.services import service
from orders.events import SubscriptionCancelled
from orders.models import Cycle, Subscription
from orders.services.cancelling import cancel_order
from orders.services.progressing import lock_order
from orders.services.subscribing.cycles import drop_ahead, lock_subscription, sleep
from orders.states import SUBSCRIPTION, CycleStatus, OrderStatus


@service
def cancel_subscription(*, number: str, reason: str, by: Actor, at: datetime) -> Subscription:
    """End it: nothing more is placed. What was placed is delivered; what nobody paid is cancelled.

    Raises: SubscriptionNotFound, TransitionNotAllowed.
    Locks: Order, Subscription, FulfillmentOrder, Payment, StockLevel.
    Publishes: SubscriptionCancelled, OrderCancelled.
    """
    unpaid = Cycle.objects.filter(
        subscription__number=number, status=CycleStatus.FAILED, order__status=OrderStatus.OPEN
    )
    orders = sorted(unpaid.values_list("order__number", flat=True))
    for order in orders:
        lock_order(number=order)
    subscription = lock_subscription(number)
    subscription.status = SUBSCRIPTION.after("cancel", subscription.status)
    drop_ahead(subscription)
    sleep(subscription)
    subscription.problem = ""
    subscription.save(update_fields=["status", "wake_at", "problem"])
    publish(SubscriptionCancelled(thread=number, subject=number, by=by, at=at, reason=reason))
    for order in orders:
        call_off(order, by=by, at=at, reason=f"Subscription {number} ended and it was not paid")
    return subscription


def call_off(number: str, *, by: Actor, at: datetime, reason: str) -> None:
    """Cancel an order that nobody paid, as far as it can be: its stock is for others."""
    try:
        with transaction.atomic():
            cancel_order(number=number, reason=reason, by=by, at=at)
    except Refusal:
        return
