"""What the queue may run for orders."""

import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from django.utils import timezone

from oms.core.actors import SYSTEM
from oms.core.errors import Refusal
from oms.core.jobs import ClaimedJob, GiveUp, JobKind, TryLater, describe, exponential
from oms.core.routines import Routine
from orders import services
from orders.gateways import (
    CHANNEL,
    AlreadyRefunded,
    ChargeDeclined,
    Gateway,
    GatewayRefund,
    MoneyBack,
    Outcome,
    RefundDeclined,
    gateway_named,
)

LOOK_AGAIN = 600
SLICE = 15.0

log = logging.getLogger(__name__)


def send_refund(job: ClaimedJob) -> Callable[[], None] | None:
    """Move the money of one refund, once: look it up at the gateway by our key, send it when it
    is not there, and return what is to be recorded."""
    sending = services.start_sending(number=job.key)
    if sending is None:
        return None
    wanted = sending.wanted
    try:
        moved = _moved(gateway_named(sending.gateway), wanted)
    except RefundDeclined as declined:
        reason = str(declined)
        return lambda: services.reject_refund(number=job.key, reason=reason, by=SYSTEM)
    except Exception as problem:
        services.doubt_refund(number=job.key, error=describe(problem))
        raise
    if (moved.amount, moved.currency) != (wanted.amount, wanted.currency):
        told = (
            f"The gateway has {moved.amount} {moved.currency} as {moved.reference}, "
            f"not {wanted.amount} {wanted.currency}."
        )
        services.doubt_refund(number=job.key, error=told)
        raise GiveUp(told)
    if moved.outcome == Outcome.PENDING:
        raise TryLater(LOOK_AGAIN, f"The gateway is still moving {moved.reference}.")
    if moved.outcome == Outcome.FAILED:
        reason = moved.reason or f"The gateway gave up on {moved.reference}."
        return lambda: services.reject_refund(number=job.key, reason=reason, by=SYSTEM)
    reference = moved.reference

    def book() -> None:
        refund = services.complete_refund(number=job.key, gateway_reference=reference, by=SYSTEM)
        if sending.gateway == CHANNEL and reference:
            services.know_counterpart(
                order_id=refund.order_id,
                kind="refund",
                external_id=reference,
                document=refund.number,
                at=timezone.now(),
            )

    return book


def _moved(gateway: Gateway, wanted: MoneyBack) -> GatewayRefund:
    found = gateway.find(wanted)
    if found:
        return found
    try:
        return gateway.refund(wanted)
    except AlreadyRefunded as told:
        found = gateway.find(wanted)
        if found is None:
            raise RefundDeclined(f"{told}, and not by us") from told
        return found


def _give_up(job: ClaimedJob, reason: str) -> None:
    services.doubt_refund(number=job.key, error=reason)


REFUND = JobKind(
    "refund",
    send_refund,
    max_attempts=20,
    lease=timedelta(seconds=90),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(hours=1)),
    on_dead=_give_up,
)


def send_charge(job: ClaimedJob) -> Callable[[], None] | None:
    """Take the money for one delivery, once: look it up at the gateway by our key, ask for it when
    it is not there and still owed, and return what is to be recorded."""
    charging = services.start_charge(key=job.key)
    if charging is None:
        return None
    wanted = charging.wanted
    try:
        gateway = gateway_named(charging.gateway)
        taken = gateway.find_charge(wanted)
        if taken is None and not charging.may_send:
            return lambda: services.withdraw_charge(key=job.key)
        taken = taken or gateway.charge(wanted)
    except ChargeDeclined as declined:
        reason = str(declined)
        return lambda: services.decline_charge(key=job.key, reason=reason)
    except Exception as problem:
        services.doubt_charge(key=job.key, error=describe(problem))
        raise
    if taken.outcome == Outcome.FAILED:
        reason = taken.reason or f"The gateway gave up on {taken.reference}."
        return lambda: services.decline_charge(key=job.key, reason=reason)
    if (taken.amount, taken.currency) != (wanted.amount, wanted.currency):
        told = (
            f"The gateway has {taken.amount} {taken.currency} as {taken.reference}, "
            f"not {wanted.amount} {wanted.currency}."
        )
        services.doubt_charge(key=job.key, error=told)
        raise GiveUp(told)
    if taken.outcome == Outcome.PENDING:
        raise TryLater(LOOK_AGAIN, f"The gateway is still taking {taken.reference}.")
    reference = taken.reference
    return lambda: services.complete_charge(key=job.key, gateway_reference=reference)


def _charge_in_doubt(job: ClaimedJob, reason: str) -> None:
    services.doubt_charge(key=job.key, error=reason)


CHARGE = JobKind(
    "charge",
    send_charge,
    max_attempts=20,
    lease=timedelta(seconds=90),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(hours=1)),
    on_dead=_charge_in_doubt,
)


def attend_subscriptions() -> bool:
    """Do what is due for subscriptions, one after another; True when time ran out before."""
    end = monotonic() + SLICE
    while due := services.due_subscriptions(at=timezone.now()):
        for number in due:
            try:
                services.attend(number=number, at=timezone.now())
            except Exception as problem:
                log.exception("%s could not be attended to", number)
                services.put_off(number=number, reason=describe(problem))
            if monotonic() > end:
                return True
    return False


SUBSCRIPTIONS = Routine(run=attend_subscriptions, every=timedelta(seconds=30))


MOST_UNPAID = 100


def expire_unpaid_orders() -> bool:
    """Cancel what nobody paid for in the time that its channel gives; True when more is left."""
    end = monotonic() + SLICE
    due = services.unpaid_orders(at=timezone.now(), most=MOST_UNPAID)
    for number in due:
        try:
            services.expire_unpaid(number=number, at=timezone.now())
        except Refusal as refusal:
            log.warning("%s could not be cancelled unpaid: %s", number, refusal)
        if monotonic() > end:
            return True
    return False


UNPAID = Routine(run=expire_unpaid_orders, every=timedelta(minutes=1))


def match_customers() -> bool:
    """Propose who may be one person; join those whose addresses their channels have proven."""
    more = services.match_customers(at=timezone.now())
    for match in services.proven_matches():
        services.join_proven(match=match, at=timezone.now())
    return more


MATCHING = Routine(run=match_customers, every=timedelta(seconds=30))


MOST_FOLLOWED = 50


def follow_channels() -> bool:
    """Follow channels where it is time, and let orders go on of which every SKU is known by now."""
    end = monotonic() + SLICE
    while services.follow_due(at=timezone.now(), most=1):
        if monotonic() > end:
            return True
    released = services.release_matched(most=MOST_FOLLOWED, by=SYSTEM)
    return len(released) == MOST_FOLLOWED


FOLLOWING = Routine(run=follow_channels, every=timedelta(minutes=1))
