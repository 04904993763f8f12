from datetime import date, datetime

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.errors import NotSkipped, ScheduleInvalid
from orders.events import (
    SubscriptionPaused,
    SubscriptionResumed,
    SubscriptionSkipped,
    SubscriptionUnskipped,
)
from orders.models import Cycle, Subscription
from orders.rules.schedule import TERMS, due_moment, local_date
from orders.services.subscribing.cycles import (
    ahead_of,
    lock_subscription,
    next_of,
    plan_anew,
    plan_on,
    refuse_if_late,
    sleep,
)
from orders.states import CYCLE, SUBSCRIPTION, CycleStatus

MOST_DAYS_PAUSED = 730


@service
def pause_subscription(
    *, number: str, by: Actor, at: datetime, until: date | None = None, reason: str = ""
) -> Subscription:
    """Place nothing until a day, or until it is resumed; also not what is fixed and not placed.

    Raises: SubscriptionNotFound, ScheduleInvalid, TransitionNotAllowed.
    Locks: Subscription.
    Publishes: SubscriptionPaused.
    """
    subscription = lock_subscription(number)
    subscription.status = SUBSCRIPTION.after("pause", subscription.status)
    today = local_date(at, subscription.time_zone)
    if until and not 0 < (until - today).days <= MOST_DAYS_PAUSED:
        raise ScheduleInvalid(pointer="/until", reason="must be a day of the next two years")
    subscription.paused_at, subscription.paused_until = at, until
    not_before = due_moment(until, subscription.time_zone) if until else at
    plan_anew(subscription, not_before=not_before)
    _save(subscription)
    publish(
        SubscriptionPaused(
            thread=number,
            subject=number,
            by=by,
            at=at,
            until=until.isoformat() if until else "",
            reason=reason,
        )
    )
    return subscription


@service
def resume_subscription(*, number: str, by: Actor, at: datetime) -> Subscription:
    """Go on after a pause or a suspension, with the first delivery that is still to come.

    Raises: SubscriptionNotFound, TransitionNotAllowed.
    Locks: Subscription.
    Publishes: SubscriptionResumed.
    """
    subscription = lock_subscription(number)
    go_on(subscription, since=at, by=by, at=at)
    _save(subscription)
    return subscription


def go_on(subscription: Subscription, *, since: datetime, by: Actor, at: datetime) -> None:
    """Resume a locked subscription. What fell due before `since` is not made up for."""
    subscription.status = SUBSCRIPTION.after("resume", subscription.status)
    subscription.paused_at = subscription.paused_until = None
    subscription.behind_since, subscription.retries = None, 0
    cycle = plan_anew(subscription, not_before=since)
    publish(
        SubscriptionResumed(
            thread=subscription.number,
            subject=subscription.number,
            by=by,
            at=at,
            next_on=cycle.due_on.isoformat() if cycle else "",
        )
    )


@service
def skip_delivery(*, number: str, by: Actor, at: datetime) -> Cycle:
    """Leave the next delivery out; the one after it comes on its day.

    Raises: SubscriptionNotFound, NothingAhead, TooLateToChange, TransitionNotAllowed.
    Locks: Subscription.
    Publishes: SubscriptionSkipped.
    """
    subscription = lock_subscription(number)
    subscription.status = SUBSCRIPTION.after("skip", subscription.status)
    cycle = next_of(subscription)
    refuse_if_late(subscription, cycle, at)
    cycle.status = CYCLE.after("skip", cycle.status)
    cycle.save(update_fields=["status"])
    following = plan_on(subscription)
    _save(subscription)
    publish(
        SubscriptionSkipped(
            thread=number,
            subject=f"{number}-{cycle.index}",
            by=by,
            at=at,
            index=cycle.index,
            due_on=cycle.due_on.isoformat(),
            next_on=following.due_on.isoformat() if following else "",
        )
    )
    return cycle


@service
def unskip_delivery(*, number: str, by: Actor, at: datetime) -> Cycle:
    """Have the next skipped delivery after all, as long as it could still be changed.

    Raises: SubscriptionNotFound, NotSkipped, TransitionNotAllowed.
    Locks: Subscription.
    Publishes: SubscriptionUnskipped.
    """
    subscription = lock_subscription(number)
    SUBSCRIPTION.after("skip", subscription.status)
    cycle = skipped_ahead(subscription, at)
    if cycle is None:
        raise NotSkipped(number=number)
    cycle.status = CYCLE.after("unskip", cycle.status)
    cycle.save(update_fields=["status"])
    for later in ahead_of(subscription):
        if later.index > cycle.index and later.status == CycleStatus.PLANNED:
            has_own = later.is_changed or later.ship_to is not None
            if not has_own:
                later.delete()
    _save(subscription)
    publish(
        SubscriptionUnskipped(
            thread=number,
            subject=f"{number}-{cycle.index}",
            by=by,
            at=at,
            index=cycle.index,
            due_on=cycle.due_on.isoformat(),
        )
    )
    return cycle


def skipped_ahead(subscription: Subscription, at: datetime) -> Cycle | None:
    """Return the first skipped delivery that could still be had."""
    skipped = Cycle.objects.filter(
        subscription=subscription,
        status=CycleStatus.SKIPPED,
        order__isnull=True,
        due_at__gt=at + TERMS.lock,
    )
    return skipped.order_by("index").first()


def _save(subscription: Subscription) -> None:
    sleep(subscription)
    subscription.save(
        update_fields=[
            "status",
            "paused_at",
            "paused_until",
            "behind_since",
            "retries",
            "wake_at",
        ]
    )
