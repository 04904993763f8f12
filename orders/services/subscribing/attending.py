"""What falls due by itself: notices, fixing what comes, placing it, trying payments again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from oms.channels.principals import ChannelPrincipal
from oms.core import locking
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.events import publish
from oms.core.money import text
from oms.core.services import service
from orders.events import (
    SubscriptionExpired,
    SubscriptionNoticed,
    SubscriptionNotRenewed,
    SubscriptionRenewed,
)
from orders.gateways import MANUAL
from orders.models import Cycle, Subscription
from orders.rules.schedule import TERMS, due_moment, local_date
from orders.services.placing import place_order
from orders.services.subscribing.asking import ask_for_payment, try_payment_again
from orders.services.subscribing.contents import (
    at_prices_of_the_day,
    contents_of,
    keep_lines_of_cycle,
    order_for,
    total_of,
)
from orders.services.subscribing.cycles import (
    SUBSCRIPTIONS,
    ahead_of,
    is_charging,
    moment_of,
    move,
    plan_on,
    retry_moment,
    sleep,
    wants_notice,
)
from orders.services.subscribing.pausing import go_on
from orders.states import CYCLE, SUBSCRIPTION, CycleStatus, SubscriptionStatus

MOST_STEPS = 8
REASON = 300


def due_subscriptions(*, at: datetime, most: int = 50) -> list[str]:
    """Return subscriptions for which something is to be done, the longest due first. One query."""
    due = Subscription.objects.filter(wake_at__lte=at, channel__is_active=True)
    return list(due.order_by("wake_at", "id").values_list("number", flat=True)[:most])


@service
def attend(*, number: str, at: datetime) -> bool:
    """Do what is due for one subscription; False when nothing is, or another worker is at it.

    Everything is decided under the subscription's lock: a delivery is placed only while it is
    active, and together with its order, its payment hold and its charge, or not at all. After
    standing still, the latest delivery that fell due is placed and those before it are not.

    Raises: nothing.
    Locks: Subscription, StockLevel.
    Publishes: SubscriptionNoticed, SubscriptionRenewed, SubscriptionNotRenewed,
    SubscriptionResumed, SubscriptionExpired, OrderPlaced, OrderHeld.
    """
    locking.note(Subscription)
    free = Subscription.objects.filter(number=number, wake_at__lte=at).select_related("channel")
    subscription = free.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if subscription is None:
        return False
    for _ in range(MOST_STEPS):
        if subscription.wake_at is None or subscription.wake_at > at:
            break
        if not _step(subscription, at):
            break
    subscription.save(
        update_fields=[
            "status",
            "paused_at",
            "paused_until",
            "retries",
            "behind_since",
            "problem",
            "wake_at",
        ]
    )
    return True


def _step(subscription: Subscription, at: datetime) -> bool:
    """Do one thing that is due and set when to wake next; False when it has to wait."""
    if subscription.status == SubscriptionStatus.PAUSED and subscription.paused_until:
        since = due_moment(subscription.paused_until, subscription.time_zone)
        go_on(subscription, since=since, by=SUBSCRIPTIONS, at=at)
    elif subscription.status == SubscriptionStatus.PAST_DUE:
        retry_at = retry_moment(subscription)
        if retry_at and retry_at <= at and not is_charging(subscription):
            try_payment_again(subscription, at)
    elif subscription.status == SubscriptionStatus.ACTIVE and not is_charging(subscription):
        ahead = ahead_of(subscription)
        if ahead:
            return _bring_on(subscription, ahead[0], at)
        expire(subscription, at)
    sleep(subscription)
    return True


def _bring_on(subscription: Subscription, cycle: Cycle, at: datetime) -> bool:
    if cycle.status == CycleStatus.PLANNED and cycle.locks_at > at:
        _give_notice(subscription, cycle, at)
        subscription.wake_at = moment_of(subscription, cycle)
        return True
    try:
        with transaction.atomic():
            if cycle.status == CycleStatus.PLANNED:
                _lock(subscription, cycle, at)
            subscription.wake_at = moment_of(subscription, cycle)
            if cycle.due_at <= at:
                subscription.wake_at = _place(subscription, cycle, at)
    except Refusal as refusal:
        _put_off(subscription, cycle, str(refusal)[:REASON], at)
        return False
    subscription.problem = ""
    return True


def _give_notice(subscription: Subscription, cycle: Cycle, at: datetime) -> None:
    if not wants_notice(subscription, cycle) or cycle.notify_at > at:
        return
    cycle.notified_at = at
    cycle.save(update_fields=["notified_at"])
    publish(
        SubscriptionNoticed(
            thread=subscription.number,
            subject=subscription.number,
            by=SUBSCRIPTIONS,
            at=at,
            index=cycle.index,
            due_on=cycle.due_on.isoformat(),
        )
    )


def _lock(subscription: Subscription, cycle: Cycle, at: datetime) -> None:
    """Fix what comes and what it costs."""
    lines = at_prices_of_the_day(subscription, contents_of(subscription, cycle))
    keep_lines_of_cycle(cycle, lines, instead=cycle.is_changed)
    cycle.status = CYCLE.after("lock", cycle.status)
    cycle.locked_at = at
    cycle.total_amount = total_of(subscription, lines, at)
    cycle.save(update_fields=["status", "locked_at", "total_amount"])


def _place(subscription: Subscription, cycle: Cycle, at: datetime) -> datetime | None:
    """Place the order of a delivery; return when to wake next."""
    SUBSCRIPTION.after("renew", subscription.status)
    missed = _catch_up(subscription, cycle, at)
    wanted = order_for(subscription, contents_of(subscription, cycle), at, cycle)
    placed = place_order(wanted=wanted, channel=_principal(subscription), by=SUBSCRIPTIONS, at=at)
    order = placed.order
    cycle.order = order
    cycle.total_amount = order.total_amount
    cycle.status = CYCLE.after("place", cycle.status)
    if order.total_amount == 0:
        cycle.status = CYCLE.after("pay", cycle.status)
        cycle.settled_at = at
    cycle.save()
    charged = order.total_amount > 0 and subscription.gateway != MANUAL
    if charged:
        ask_for_payment(subscription, cycle, order.total_amount, at)
    publish(
        SubscriptionRenewed(
            thread=subscription.number,
            subject=f"{subscription.number}-{cycle.index}",
            by=SUBSCRIPTIONS,
            at=at,
            index=cycle.index,
            due_on=cycle.due_on.isoformat(),
            order=order.number,
            total=text(order.total_amount, order.currency),
            currency=order.currency,
            charged=charged,
            passed_over=missed,
        )
    )
    following = plan_on(subscription)
    if charged:
        return None
    if following is None:
        expire(subscription, at)
        return None
    return moment_of(subscription, following)


def _catch_up(subscription: Subscription, cycle: Cycle, at: datetime) -> int:
    """Move a late delivery to the latest date that fell due; return how many it passes over."""
    today = local_date(at, subscription.time_zone)
    until = min(today, subscription.ends_on or today)
    latest, missed = cycle.due_on, 0
    while (later := subscription.rhythm.after(latest)) <= until:
        if due_moment(later, subscription.time_zone) > at:
            break
        latest, missed = later, missed + 1
    if missed:
        move(subscription, cycle, latest)
    return missed


def _principal(subscription: Subscription) -> ChannelPrincipal:
    channel = subscription.channel
    return channel.confirmed


def _put_off(subscription: Subscription, cycle: Cycle, reason: str, at: datetime) -> None:
    """Try again in a while, and tell staff the first time."""
    if subscription.problem != reason:
        publish(
            SubscriptionNotRenewed(
                thread=subscription.number,
                subject=f"{subscription.number}-{cycle.index}",
                by=SUBSCRIPTIONS,
                at=at,
                index=cycle.index,
                due_on=cycle.due_on.isoformat(),
                reason=reason,
            )
        )
    subscription.problem = reason
    subscription.wake_at = at + TERMS.try_placing_again


def expire(subscription: Subscription, at: datetime, by: Actor = SUBSCRIPTIONS) -> None:
    """End a subscription whose deliveries are all through."""
    subscription.status = SUBSCRIPTION.after("expire", subscription.status)
    publish(
        SubscriptionExpired(thread=subscription.number, subject=subscription.number, by=by, at=at)
    )


@service
def put_off(*, number: str, reason: str, at: datetime | None = None) -> None:
    """Let a subscription rest that could not be attended to, so that the others get their turn.

    Raises: nothing.
    Locks: Subscription.
    """
    now = at or timezone.now()
    for subscription in locking.lock(Subscription.objects.filter(number=number)):
        subscription.problem = reason[:REASON]
        subscription.wake_at = now + TERMS.try_placing_again
        subscription.save(update_fields=["problem", "wake_at"])
