"""Money on its way in: sent, in doubt, booked when it is there or when a gateway declined."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.money import rounded, text
from oms.core.services import service
from orders.errors import NothingToCharge
from orders.events import SubscriptionPastDue, SubscriptionSuspended
from orders.gateways import MoneyIn
from orders.models import Charge, Order, Subscription
from orders.services.capturing import record_payment
from orders.services.refunding import refund_overpayment
from orders.services.subscribing.asking import failed_cycle, try_payment_again
from orders.services.subscribing.cycles import (
    SUBSCRIPTIONS,
    is_charging,
    lock_subscription,
    retry_moment,
    sleep,
)
from orders.services.subscribing.ending import call_off
from orders.services.subscribing.settling import recover
from orders.states import (
    CHARGE,
    CYCLE,
    MOVING_CHARGES,
    SUBSCRIPTION,
    ChargeStatus,
    CycleStatus,
    OrderStatus,
    SubscriptionStatus,
)


@dataclass(frozen=True)
class Charging:
    """A charge on its way. Without `may_send` it is only looked up: nothing is owed any more."""

    gateway: str
    wanted: MoneyIn
    may_send: bool


@service
def start_charge(*, key: str) -> Charging | None:
    """Note that money is asked for now, before it is; None when that is over.

    Raises: nothing.
    Locks: Order, Subscription.
    """
    order, charge = _locked(key)
    if charge.status not in MOVING_CHARGES:
        return None
    is_owed = order.status == OrderStatus.OPEN and order.kept_amount < order.due_amount
    if not is_owed and charge.status == ChargeStatus.ASKED:
        _withdraw(charge)
        return None
    charge.status = CHARGE.after("send", charge.status)
    charge.save(update_fields=["status"])
    return Charging(
        gateway=charge.gateway,
        wanted=MoneyIn(
            key=str(charge.key),
            number=f"{charge.cycle.subscription.number}-{charge.cycle.index}",
            payer=charge.payer_reference,
            method_reference=charge.payment_reference,
            amount=rounded(charge.amount, charge.currency),
            currency=charge.currency,
        ),
        may_send=is_owed,
    )


@service
def doubt_charge(*, key: str, error: str) -> None:
    """Note that it is not known whether the money moved; the next attempt looks it up first.

    Raises: nothing.
    Locks: Order.
    """
    _, charge = _locked(key)
    if CHARGE.allows("doubt", charge.status):
        charge.status = CHARGE.after("doubt", charge.status)
        charge.last_error = error
        charge.save(update_fields=["status", "last_error"])


@service
def withdraw_charge(*, key: str) -> None:
    """Give up a charge that the gateway does not know and nobody owes.

    Raises: nothing.
    Locks: Order, Subscription.
    """
    _, charge = _locked(key)
    if charge.status in MOVING_CHARGES:
        _withdraw(charge)


@service
def complete_charge(
    *, key: str, gateway_reference: str, by: Actor = SUBSCRIPTIONS, at: datetime | None = None
) -> None:
    """Book a charge as received, once; what is not owed any more goes back.

    Raises: nothing.
    Locks: Order, Subscription, FulfillmentOrder, Payment, NumberSeries, StockLevel.
    Publishes: PaymentCaptured, SubscriptionPaid, OrderReleased.
    """
    order, charge = _locked(key)
    if charge.status not in MOVING_CHARGES:
        return
    now = at or timezone.now()
    charge.status = CHARGE.after("succeed", charge.status)
    charge.gateway_reference, charge.last_error, charge.settled_at = gateway_reference, "", now
    charge.save(update_fields=["status", "gateway_reference", "last_error", "settled_at"])
    _wake(charge)
    record_payment(
        order=order,
        amount=charge.amount,
        method=charge.method,
        reference=gateway_reference,
        gateway=charge.gateway,
        by=by,
        at=now,
    )
    refund_overpayment(order=order, by=by, at=now, reason="Charged after it was cancelled")


@service
def decline_charge(*, key: str, reason: str, at: datetime | None = None) -> None:
    """Book that a gateway declined: tried again on the days of the terms, then suspended.

    With the last try the order is cancelled, and its stock is for others.

    Raises: nothing.
    Locks: Order, Subscription, FulfillmentOrder, Payment, StockLevel.
    Publishes: SubscriptionPastDue, SubscriptionSuspended, OrderCancelled.
    """
    order, charge = _locked(key)
    if charge.status not in MOVING_CHARGES:
        return
    now = at or timezone.now()
    charge.status = CHARGE.after("decline", charge.status)
    charge.last_error, charge.settled_at = reason, now
    charge.save(update_fields=["status", "last_error", "settled_at"])
    cycle = charge.cycle
    [subscription] = lock(Subscription.objects.filter(pk=cycle.subscription_id))
    if CYCLE.allows("fail", cycle.status):
        cycle.status = CYCLE.after("fail", cycle.status)
        cycle.save(update_fields=["status"])
    if not SUBSCRIPTION.allows("fall_behind", subscription.status):
        call_off(order.number, by=SUBSCRIPTIONS, at=now, reason="It was not paid")
        return
    subscription.status = SUBSCRIPTION.after("fall_behind", subscription.status)
    subscription.behind_since = subscription.behind_since or now
    retry_at = retry_moment(subscription)
    if retry_at is None:
        subscription.status = SUBSCRIPTION.after("suspend", subscription.status)
    sleep(subscription)
    subscription.save(update_fields=["status", "behind_since", "wake_at"])
    subject = f"{subscription.number}-{cycle.index}"
    if retry_at:
        publish(
            SubscriptionPastDue(
                thread=subscription.number,
                subject=subject,
                by=SUBSCRIPTIONS,
                at=now,
                index=cycle.index,
                order=order.number,
                amount=text(charge.amount, charge.currency),
                currency=charge.currency,
                reason=reason,
                tries=subscription.retries + 1,
                retry_at=retry_at.isoformat(),
            )
        )
        return
    publish(
        SubscriptionSuspended(
            thread=subscription.number,
            subject=subject,
            by=SUBSCRIPTIONS,
            at=now,
            index=cycle.index,
            order=order.number,
            reason=reason,
        )
    )
    call_off(order.number, by=SUBSCRIPTIONS, at=now, reason="It was not paid")


@service
def retry_payment(*, number: str, by: Actor, at: datetime) -> Subscription:
    """Try a failed payment again at once: the card was changed, the customer asked for it.

    Raises: SubscriptionNotFound, NothingToCharge.
    Locks: Subscription.
    """
    subscription = lock_subscription(number)
    is_behind = subscription.status == SubscriptionStatus.PAST_DUE
    if not is_behind or is_charging(subscription) or failed_cycle(subscription) is None:
        raise NothingToCharge(number=number)
    try_payment_again(subscription, at, counts=False)
    sleep(subscription)
    subscription.save(update_fields=["status", "behind_since", "retries", "wake_at"])
    return subscription


def _locked(key: str) -> tuple[Order, Charge]:
    """Lock the order of a charge, under which the charge changes."""
    [order] = lock(Order.objects.filter(charges__key=key))
    charges = Charge.objects.select_related("cycle__subscription")
    return order, charges.get(key=key)


def _withdraw(charge: Charge) -> None:
    charge.status = CHARGE.after("withdraw", charge.status)
    charge.save(update_fields=["status"])
    cycle = charge.cycle
    [subscription] = lock(Subscription.objects.filter(pk=cycle.subscription_id))
    if cycle.status == CycleStatus.RETRIED:
        cycle.status = CYCLE.after("call_off", cycle.status)
        cycle.save(update_fields=["status"])
    recover(subscription, timezone.now())


def _wake(charge: Charge) -> None:
    """Let the subscription go on, now that no money is on its way."""
    [subscription] = lock(Subscription.objects.filter(pk=charge.cycle.subscription_id))
    sleep(subscription)
    subscription.save(update_fields=["wake_at"])
