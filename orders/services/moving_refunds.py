"""Money on its way back: sent, in doubt, booked when it is gone or when a gateway declined."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock, lock_one
from oms.core.money import rounded, text
from oms.core.services import service
from orders.errors import RefundNotFound
from orders.events import RefundFailed, RefundSucceeded
from orders.gateways import MoneyBack
from orders.models import MoneyEntry, Order, OrderLine, Payment, Refund
from orders.rules.progress import payment_progress
from orders.states import REFUND, MoneyKind, RefundStatus


@dataclass(frozen=True)
class Sending:
    """A refund on its way out, and the gateway it goes to."""

    gateway: str
    wanted: MoneyBack


@service
def start_sending(*, number: str) -> Sending | None:
    """Note that a refund goes out now, before it does; None when it is over.

    Raises: RefundNotFound.
    Locks: Order, Refund.
    """
    order, refund = _locked(number)
    if refund.status in {RefundStatus.SUCCEEDED, RefundStatus.REJECTED}:
        return None
    refund.status = REFUND.after("send", refund.status)
    refund.save(update_fields=["status"])
    return Sending(
        gateway=refund.payment.gateway,
        wanted=MoneyBack(
            key=str(refund.key),
            number=refund.number,
            payment_reference=refund.payment.reference,
            amount=rounded(refund.amount, order.currency),
            currency=refund.currency,
        ),
    )


@service
def doubt_refund(*, number: str, error: str) -> None:
    """Note that it is not known whether the money moved; the next attempt looks it up first.

    Raises: RefundNotFound.
    Locks: Order, Refund.
    """
    _, refund = _locked(number)
    if REFUND.allows("doubt", refund.status):
        refund.status = REFUND.after("doubt", refund.status)
        refund.last_error = error
        refund.save(update_fields=["status", "last_error"])


@service
def complete_refund(
    *, number: str, gateway_reference: str, by: Actor, at: datetime | None = None
) -> Refund:
    """Book a refund as moved: by hand, by the job or by the gateway's own word. Once.

    Raises: RefundNotFound, TransitionNotAllowed.
    Locks: Order, Refund.
    Publishes: RefundSucceeded.
    """
    order, refund = _locked(number)
    if refund.status != RefundStatus.SUCCEEDED:
        book_refund(
            order, refund, gateway_reference=gateway_reference, by=by, at=at or timezone.now()
        )
    return refund


@service
def reject_refund(*, number: str, reason: str, by: Actor, at: datetime | None = None) -> None:
    """Book that a gateway declined for good: the money can be refunded another way. Once.

    Raises: RefundNotFound, TransitionNotAllowed.
    Locks: Order, Payment, Refund.
    Publishes: RefundFailed.
    """
    order = lock_order_of(number)
    [payment] = lock(Payment.objects.filter(refunds__number=number))
    refund = lock_one(Refund.objects.filter(number=number), missing=RefundNotFound(number=number))
    if refund.status == RefundStatus.REJECTED:
        return
    refund.status = REFUND.after("reject", refund.status)
    refund.last_error = reason
    refund.settled_at = at or timezone.now()
    refund.save(update_fields=["status", "last_error", "settled_at"])
    payment.refund_committed_amount -= refund.amount
    payment.save(update_fields=["refund_committed_amount"])
    for part in refund.lines.all():
        OrderLine.objects.filter(pk=part.order_line_id).update(
            refunded_amount=F("refunded_amount") - part.amount
        )
    publish(
        RefundFailed(
            thread=order.number,
            subject=refund.number,
            by=by,
            at=refund.settled_at,
            amount=text(refund.amount, refund.currency),
            currency=refund.currency,
            reference=refund.reference,
            reason=reason,
        )
    )


def book_refund(
    order: Order,
    refund: Refund,
    *,
    gateway_reference: str,
    by: Actor,
    at: datetime,
    is_followed: bool = False,
) -> None:
    """The one place where a refund becomes money that is gone. The order is locked.

    In the ledger what comes in is positive and what goes back negative, so that its sum over an
    order's captures and refunds is what we keep.
    """
    refund.status = REFUND.after("succeed", refund.status)
    refund.gateway_reference = gateway_reference
    refund.last_error = ""
    refund.settled_at = at
    refund.save(update_fields=["status", "gateway_reference", "last_error", "settled_at"])
    record(
        MoneyEntry(
            order=order,
            payment_id=refund.payment_id,
            refund=refund,
            kind=MoneyKind.REFUND,
            amount=-refund.amount,
            currency=refund.currency,
            reference=refund.reference,
            happened_at=at,
        )
    )
    order.refunded_amount += refund.amount
    order.payment_status = payment_progress(
        total=order.total_amount,
        due=order.due_amount,
        authorized=order.authorized_amount,
        captured=order.captured_amount,
        refunded=order.refunded_amount,
    )
    order.version += 1
    order.save(update_fields=["refunded_amount", "payment_status", "version"])
    publish(
        RefundSucceeded(
            thread=order.number,
            subject=refund.number,
            by=by,
            at=at,
            amount=text(refund.amount, refund.currency),
            currency=refund.currency,
            reference=refund.reference,
            method=refund.payment.method,
            is_followed=is_followed,
        )
    )


def lock_order_of(number: str) -> Order:
    """Lock the order of a refund, under which the refund changes. Raises: RefundNotFound."""
    missing = RefundNotFound(number=number)
    return lock_one(Order.objects.filter(refunds__number=number), missing=missing)


def _locked(number: str) -> tuple[Order, Refund]:
    order = lock_order_of(number)
    found = Refund.objects.select_related("payment").filter(number=number)
    return order, lock_one(found, missing=RefundNotFound(number=number))
