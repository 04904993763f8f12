"""Asking a gateway for what a delivery costs: a row and a job; the subscription is locked."""

from datetime import datetime
from decimal import Decimal

from oms.core import jobs
from oms.core.batch import record
from orders.models import Charge, Cycle, Subscription
from orders.states import CYCLE, SUBSCRIPTION, CycleStatus, OrderStatus


def ask_for_payment(
    subscription: Subscription, cycle: Cycle, amount: Decimal, at: datetime
) -> Charge:
    """Have the money charged, once, by a job that is part of this transaction."""
    assert cycle.order_id is not None  # noqa: S101 (a delivery is placed before it is charged)
    charge = Charge(
        cycle_id=cycle.pk,
        order_id=cycle.order_id,
        gateway=subscription.gateway,
        payer_reference=subscription.payer_reference,
        payment_reference=subscription.payment_reference,
        method=subscription.payment_method,
        amount=amount,
        currency=subscription.currency,
        asked_at=at,
    )
    record(charge)
    jobs.enqueue("charge", key=str(charge.key), payload={})
    return charge


def failed_cycle(subscription: Subscription) -> Cycle | None:
    """Return the delivery whose payment failed last, while its order still stands."""
    failed = Cycle.objects.select_related("order").filter(
        subscription=subscription, status=CycleStatus.FAILED, order__status=OrderStatus.OPEN
    )
    return failed.order_by("-index").first()


def try_payment_again(subscription: Subscription, at: datetime, *, counts: bool = True) -> bool:
    """Ask once more for the payment that failed; False when there is none any more."""
    cycle = failed_cycle(subscription)
    amount = cycle.order.due_amount - cycle.order.kept_amount if cycle and cycle.order else 0
    if cycle is None or amount <= 0:
        subscription.status = SUBSCRIPTION.after("recover", subscription.status)
        subscription.behind_since, subscription.retries = None, 0
        return False
    cycle.status = CYCLE.after("retry", cycle.status)
    cycle.save(update_fields=["status"])
    if counts:
        subscription.retries += 1
    ask_for_payment(subscription, cycle, Decimal(amount), at)
    return True
