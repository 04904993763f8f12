"""What the queue may run for orders."""

from collections.abc import Callable
from datetime import timedelta

from oms.core.actors import SYSTEM
from oms.core.jobs import ClaimedJob, GiveUp, JobKind, TryLater, describe, exponential
from orders import services
from orders.gateways import (
    AlreadyRefunded,
    Gateway,
    GatewayRefund,
    MoneyBack,
    Outcome,
    RefundDeclined,
    gateway_named,
)

LOOK_AGAIN = 600


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
        services.complete_refund(number=job.key, gateway_reference=reference, by=SYSTEM)

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
