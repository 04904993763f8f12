"""What a payment means for the delivery it is for; the order is locked."""

from datetime import datetime

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.money import text
from oms.core.services import service
from orders.events import SubscriptionPaid
from orders.models import Cycle, Order, Subscription
from orders.services.subscribing.attending import expire
from orders.services.subscribing.cycles import ahead_of, sleep
from orders.states import CYCLE, SUBSCRIPTION, UNPAID, SubscriptionStatus

Delivery = tuple[Cycle, Subscription]


def lock_delivery_of(order: Order) -> Delivery | None:
    """Return the unpaid delivery that this order is for, its subscription locked."""
    cycle = Cycle.objects.filter(order=order, status__in=UNPAID).first()
    if cycle is None:
        return None
    [subscription] = lock(Subscription.objects.filter(pk=cycle.subscription_id))
    cycle.refresh_from_db()
    return (cycle, subscription) if cycle.status in UNPAID else None


@service
def settle_delivery(*, order: Order, by: Actor, at: datetime) -> None:
    """Note that the delivery of a locked order is paid, if it is, and let its subscription go on.

    Raises: nothing.
    Locks: Subscription.
    Publishes: SubscriptionPaid, SubscriptionExpired.
    """
    if order.kept_amount < order.due_amount:
        return
    delivery = lock_delivery_of(order)
    if delivery is None:
        return
    cycle, subscription = delivery
    cycle.status = CYCLE.after("pay", cycle.status)
    cycle.settled_at = at
    cycle.save(update_fields=["status", "settled_at"])
    publish(
        SubscriptionPaid(
            thread=subscription.number,
            subject=f"{subscription.number}-{cycle.index}",
            by=by,
            at=at,
            index=cycle.index,
            order=order.number,
            amount=text(order.captured_amount, order.currency),
            currency=order.currency,
        )
    )
    recover(subscription, at)


def recover(subscription: Subscription, at: datetime) -> None:
    """Go on with a locked subscription that waited for a payment; end it when it was the last."""
    if subscription.status == SubscriptionStatus.PAST_DUE:
        subscription.status = SUBSCRIPTION.after("recover", subscription.status)
        subscription.behind_since, subscription.retries = None, 0
        if subscription.paused_at:
            subscription.status = SUBSCRIPTION.after("pause", subscription.status)
    if subscription.status == SubscriptionStatus.ACTIVE and not ahead_of(subscription):
        expire(subscription, at)
    sleep(subscription)
    subscription.save(update_fields=["status", "behind_since", "retries", "wake_at"])


@service
def drop_delivery(*, number: str, by: Actor, at: datetime) -> None:
    """Note that the order of an unpaid delivery was cancelled: nothing is owed for it any more.

    What its subscription was suspended or cancelled for stays as it was.

    Raises: nothing.
    Locks: Subscription.
    Publishes: SubscriptionExpired.
    """
    order = Order.objects.filter(number=number).first()
    delivery = lock_delivery_of(order) if order else None
    if delivery is None:
        return
    cycle, subscription = delivery
    if subscription.status in (SubscriptionStatus.SUSPENDED, SubscriptionStatus.CANCELLED):
        return
    cycle.status = CYCLE.after("call_off", cycle.status)
    cycle.save(update_fields=["status"])
    recover(subscription, at)
