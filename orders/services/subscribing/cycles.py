"""The deliveries ahead of a subscription that the caller has locked, and when to wake for it."""

from datetime import date, datetime, timedelta

from oms.core.actors import Actor
from oms.core.display import day_text, time_text, zone
from oms.core.locking import lock_one
from orders.errors import NothingAhead, SubscriptionNotFound, TooLateToChange
from orders.models import Charge, Cycle, Subscription
from orders.rules.schedule import TERMS, due_moment
from orders.states import (
    AHEAD,
    CYCLE,
    MOVING_CHARGES,
    CycleStatus,
    SubscriptionStatus,
)

SUBSCRIPTIONS = Actor("system", "subscriptions")
"""Who places what falls due: no order of theirs needs the usual letters."""


def lock_subscription(number: str) -> Subscription:
    """Lock one and return it fresh. Raises: SubscriptionNotFound."""
    found = Subscription.objects.select_related("channel").filter(number=number)
    return lock_one(found, missing=SubscriptionNotFound(number=number))


def ahead_of(subscription: Subscription) -> list[Cycle]:
    """Return the deliveries that are still to be placed, the next one first."""
    return list(Cycle.objects.filter(subscription=subscription, status__in=AHEAD).order_by("index"))


def next_of(subscription: Subscription) -> Cycle:
    """Return the next delivery. Raises: NothingAhead."""
    ahead = ahead_of(subscription)
    if not ahead:
        raise NothingAhead(number=subscription.number)
    return ahead[0]


def refuse_if_late(subscription: Subscription, cycle: Cycle, at: datetime) -> None:
    """Raises: TooLateToChange."""
    if cycle.status != CycleStatus.PLANNED or cycle.locks_at <= at:
        until = cycle.locks_at.astimezone(zone(subscription.time_zone))
        raise TooLateToChange(
            number=subscription.number,
            delivery=day_text(cycle.due_on),
            until=f"{day_text(until.date())}, {time_text(until)}",
            until_at=until.isoformat(),
        )


def plan(subscription: Subscription, *, index: int, after: date | None) -> Cycle | None:
    """Add the delivery that comes `after` a day, or the first; None when the last is through."""
    first = subscription.starts_on - timedelta(days=1)
    due_on = subscription.rhythm.after(first if after is None else after)
    if subscription.ends_on and due_on > subscription.ends_on:
        return None
    if subscription.ends_after:
        others = Cycle.objects.filter(subscription=subscription)
        if others.exclude(status=CycleStatus.SKIPPED).count() >= subscription.ends_after:
            return None
    cycle = Cycle(subscription_id=subscription.pk, index=index)
    _date(subscription, cycle, due_on)
    cycle.save(force_insert=True)
    return cycle


def plan_on(subscription: Subscription) -> Cycle | None:
    """Return the next delivery, planned now where none was; None when the last is through."""
    ahead = ahead_of(subscription)
    if ahead:
        return ahead[0]
    last = Cycle.objects.filter(subscription=subscription).order_by("-index").first()
    if last is None:
        return plan(subscription, index=1, after=None)
    return plan(subscription, index=last.index + 1, after=last.due_on)


def plan_anew(subscription: Subscription, *, not_before: datetime) -> Cycle | None:
    """Move the next delivery to the first date of the rhythm that is not before that moment.

    What was fixed of it is open again; deliveries planned behind it are planned anew later.
    """
    ahead = ahead_of(subscription)
    for other in ahead[1:]:
        other.delete()
    over = Cycle.objects.filter(subscription=subscription).exclude(status__in=AHEAD)
    last = over.order_by("-index").first()
    after = last.due_on if last else None
    index = last.index + 1 if last else 1
    cycle = ahead[0] if ahead else plan(subscription, index=index, after=after)
    if cycle is None:
        return None
    unlock(cycle)
    first = subscription.starts_on - timedelta(days=1)
    due_on = subscription.rhythm.after(after or first)
    while due_moment(due_on, subscription.time_zone) < not_before:
        due_on = subscription.rhythm.after(due_on)
    if subscription.ends_on and due_on > subscription.ends_on:
        cycle.delete()
        return None
    if due_on != cycle.due_on:
        cycle.notified_at = None
    _date(subscription, cycle, due_on)
    cycle.save()
    return cycle


def unlock(cycle: Cycle) -> None:
    """Open a delivery that was fixed and not placed; what was changed for it alone stays."""
    if cycle.status != CycleStatus.LOCKED:
        return
    cycle.status = CYCLE.after("unlock", cycle.status)
    cycle.locked_at = None
    if not cycle.is_changed:
        cycle.lines.all().delete()
    cycle.save(update_fields=["status", "locked_at"])


def drop_ahead(subscription: Subscription) -> None:
    """Forget what was planned: nothing more comes."""
    for cycle in ahead_of(subscription):
        cycle.delete()


def move(subscription: Subscription, cycle: Cycle, due_on: date) -> None:
    _date(subscription, cycle, due_on)
    cycle.save(update_fields=["due_on", "due_at"])


def _date(subscription: Subscription, cycle: Cycle, due_on: date) -> None:
    cycle.due_on = due_on
    cycle.due_at = due_moment(due_on, subscription.time_zone)


def sleep(subscription: Subscription) -> None:
    """Set when to wake for this subscription next."""
    subscription.wake_at = _next_moment(subscription)


def _next_moment(subscription: Subscription) -> datetime | None:
    status = subscription.status
    if status == SubscriptionStatus.PAUSED and subscription.paused_until:
        return due_moment(subscription.paused_until, subscription.time_zone)
    if status not in (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE):
        return None
    if is_charging(subscription):
        return None
    if status == SubscriptionStatus.PAST_DUE:
        return retry_moment(subscription)
    ahead = ahead_of(subscription)
    if not ahead:
        return _end_of_what_was_skipped(subscription)
    return moment_of(subscription, ahead[0])


def moment_of(subscription: Subscription, cycle: Cycle) -> datetime:
    """Return when the next thing is to be done about the next delivery of an active one."""
    if cycle.status == CycleStatus.LOCKED:
        return cycle.due_at
    return cycle.notify_at if wants_notice(subscription, cycle) else cycle.locks_at


def _end_of_what_was_skipped(subscription: Subscription) -> datetime | None:
    """When the last delivery is skipped, it can be had after all until its day."""
    last = Cycle.objects.filter(subscription=subscription).order_by("-index").first()
    return last.due_at if last and last.status == CycleStatus.SKIPPED else None


def wants_notice(subscription: Subscription, cycle: Cycle) -> bool:
    """Whether the customer is still to be told of this delivery: not where it comes too often."""
    often = subscription.rhythm.length < TERMS.shortest_with_notice
    return cycle.notified_at is None and not often


def is_charging(subscription: Subscription) -> bool:
    """Whether money is on its way: no second delivery is placed while the first is not settled."""
    return Charge.objects.filter(
        cycle__subscription=subscription, status__in=MOVING_CHARGES
    ).exists()


def retry_moment(subscription: Subscription) -> datetime | None:
    """Return when a failed payment is tried again; None when it was tried often enough."""
    if subscription.behind_since is None or subscription.retries >= len(TERMS.retry_after):
        return None
    return subscription.behind_since + TERMS.retry_after[subscription.retries]
