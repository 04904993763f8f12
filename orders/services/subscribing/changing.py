from collections.abc import Sequence
from datetime import date, datetime

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from oms.core.states import TransitionNotAllowed
from oms.customers.addresses import Address
from orders.events import SubscriptionChanged
from orders.models import Cycle, Subscription
from orders.rules.contracts import PaymentAccount, WantedLine
from orders.services.subscribing.contents import (
    agreed,
    contents_of,
    keep_lines,
    keep_lines_of_cycle,
    total_of,
)
from orders.services.subscribing.cycles import (
    ahead_of,
    lock_subscription,
    move,
    next_of,
    refuse_if_late,
    sleep,
)
from orders.services.subscribing.starting import rhythm_fits
from orders.states import CycleStatus, RhythmUnit


def lock_to_change(number: str) -> Subscription:
    """Lock one that has not ended. Raises: SubscriptionNotFound, TransitionNotAllowed."""
    subscription = lock_subscription(number)
    if not subscription.is_living:
        raise TransitionNotAllowed(subject="subscription", verb="change", state=subscription.status)
    return subscription


@service
def change_lines(
    *, number: str, lines: Sequence[WantedLine], once: bool, by: Actor, at: datetime
) -> Subscription:
    """Have other units or SKUs, with the next delivery (`once`) or from now on.

    A SKU that came before keeps the price that was agreed. From now on means from the next
    delivery that is not fixed yet.

    Raises: SubscriptionNotFound, TransitionNotAllowed, NothingAhead, TooLateToChange, UnknownSku,
    PriceNeeded, AmountDoesNotFit.
    Locks: Subscription.
    Publishes: SubscriptionChanged.
    """
    subscription = lock_to_change(number)
    before = contents_of(subscription)
    wanted = agreed(lines, subscription.currency, before)
    total_of(subscription, wanted, at)
    if once:
        cycle = next_of(subscription)
        refuse_if_late(subscription, cycle, at)
        keep_lines_of_cycle(cycle, wanted)
        cycle.is_changed = True
        cycle.save(update_fields=["is_changed"])
    else:
        keep_lines(subscription, wanted)
        for cycle in _open(subscription):
            cycle.lines.all().delete()
            cycle.is_changed = False
            cycle.save(update_fields=["is_changed"])
    what = ", ".join(f"{line.quantity} \N{MULTIPLICATION SIGN} {line.sku}" for line in wanted)
    _tell(subscription, what, once, by, at)
    return subscription


@service
def change_address(
    *, number: str, ship_to: Address, once: bool, by: Actor, at: datetime
) -> Subscription:
    """Have it sent elsewhere: the next delivery (`once`), or all from the next open one on.

    Raises: SubscriptionNotFound, TransitionNotAllowed, NothingAhead, TooLateToChange.
    Locks: Subscription.
    Publishes: SubscriptionChanged.
    """
    subscription = lock_to_change(number)
    if once:
        cycle = next_of(subscription)
        refuse_if_late(subscription, cycle, at)
        cycle.ship_to = ship_to
        cycle.save(update_fields=["ship_to"])
    else:
        for cycle in ahead_of(subscription):
            is_fixed = cycle.status == CycleStatus.LOCKED
            cycle.ship_to = (cycle.ship_to or subscription.ship_to) if is_fixed else None
            cycle.save(update_fields=["ship_to"])
        subscription.ship_to = ship_to
        subscription.save(update_fields=["ship_to"])
    _tell(subscription, "address", once, by, at)
    return subscription


@service
def change_rhythm(*, number: str, every: int, unit: str, by: Actor, at: datetime) -> Subscription:
    """Have it more or less often, counted from the last delivery that is placed or fixed.

    Raises: SubscriptionNotFound, TransitionNotAllowed, ScheduleInvalid.
    Locks: Subscription.
    Publishes: SubscriptionChanged.
    """
    rhythm_fits(every, unit)
    subscription = lock_to_change(number)
    base = _last_fixed(subscription)
    keeps_day = RhythmUnit.MONTH in (unit,) and subscription.unit == RhythmUnit.MONTH
    if base:
        subscription.anchor_on = base
        subscription.anchor_day = subscription.anchor_day if keeps_day else base.day
    subscription.every, subscription.unit = every, unit
    if base:
        _follow(subscription, base, at)
    sleep(subscription)
    subscription.save(update_fields=["every", "unit", "anchor_on", "anchor_day", "wake_at"])
    _tell(subscription, f"every {every} {RhythmUnit(unit).label.lower()}", False, by, at)
    return subscription


def _last_fixed(subscription: Subscription) -> date | None:
    fixed = Cycle.objects.filter(subscription=subscription).exclude(
        status__in=[CycleStatus.PLANNED, CycleStatus.SKIPPED]
    )
    return fixed.order_by("-index").values_list("due_on", flat=True).first()


def _follow(subscription: Subscription, base: date, at: datetime) -> None:
    """Move what is planned to the new dates that can still be told of."""
    after = base
    for cycle in _open(subscription):
        cycle.notified_at = None
        move(subscription, cycle, subscription.rhythm.after(after))
        while cycle.locks_at <= at:
            move(subscription, cycle, subscription.rhythm.after(cycle.due_on))
        cycle.save(update_fields=["notified_at"])
        after = cycle.due_on


def _open(subscription: Subscription) -> list[Cycle]:
    return [each for each in ahead_of(subscription) if each.status == CycleStatus.PLANNED]


@service
def change_payment(
    *, number: str, account: PaymentAccount, by: Actor, at: datetime
) -> Subscription:
    """Have somebody or something else charged from the next charge on.

    Raises: SubscriptionNotFound, TransitionNotAllowed.
    Locks: Subscription.
    Publishes: SubscriptionChanged.
    """
    subscription = lock_to_change(number)
    subscription.gateway = account.gateway or subscription.gateway
    subscription.payment_method = account.method
    subscription.payer_reference = account.payer
    subscription.payment_reference = account.reference
    subscription.save(
        update_fields=["gateway", "payment_method", "payer_reference", "payment_reference"]
    )
    _tell(subscription, "payment", False, by, at)
    return subscription


@service
def revoke_subscription_link(*, number: str, by: Actor, at: datetime) -> None:
    """Close the customer's page to links that were given out.

    Raises: SubscriptionNotFound.
    Locks: Subscription.
    Publishes: SubscriptionChanged.
    """
    subscription = lock_subscription(number)
    subscription.link_revision += 1
    subscription.save(update_fields=["link_revision"])
    _tell(subscription, "link", False, by, at)


def _tell(subscription: Subscription, what: str, once: bool, by: Actor, at: datetime) -> None:
    publish(
        SubscriptionChanged(
            thread=subscription.number,
            subject=subscription.number,
            by=by,
            at=at,
            what=what,
            once=once,
        )
    )
