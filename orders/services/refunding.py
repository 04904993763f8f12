"""Giving money back: granted here, moved by a gateway, once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Sum
from django.utils import timezone

from oms.core import jobs
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock, lock_one
from oms.core.money import ZERO, rounded, text
from oms.core.numbers import gapless_number
from oms.core.services import service
from orders.errors import (
    AmountDoesNotFit,
    OrderNotFound,
    RefundedAmountChanged,
    RefundExceedsPayment,
    RefundNotFound,
)
from orders.events import RefundFailed, RefundSucceeded
from orders.gateways import MANUAL, MoneyBack
from orders.models import MoneyEntry, Order, OrderLine, Payment, Refund, RefundLine
from orders.rules.progress import payment_progress
from orders.states import REFUND, MoneyKind, PaymentStatus, RefundStatus


@dataclass(frozen=True)
class RefundPart:
    """What part of a refund is for which line."""

    line_id: int
    quantity: int
    amount: Decimal


@dataclass(frozen=True)
class Sending:
    """A refund on its way out, and the gateway it goes to."""

    gateway: str
    wanted: MoneyBack


@service
def grant_refund(
    *,
    number: str,
    amount: Decimal,
    reason: str,
    reference: str,
    by: Actor,
    at: datetime,
    lines: Sequence[RefundPart] = (),
    expected_refunded: Decimal | None = None,
) -> list[Refund]:
    """Grant `amount` back to the customer, from the payments of the order in their order.

    `expected_refunded` is what the caller saw as given back, what is on its way included: when
    someone else granted more meanwhile, nothing is granted.

    Raises: OrderNotFound, AmountDoesNotFit, RefundExceedsPayment, RefundedAmountChanged.
    Locks: Order, Payment, NumberSeries.
    Publishes: RefundSucceeded.
    """
    order = lock_one(Order.objects.filter(number=number), missing=OrderNotFound(number=number))
    return grant_refund_of(
        order=order,
        amount=amount,
        reason=reason,
        reference=reference,
        by=by,
        at=at,
        lines=lines,
        expected_refunded=expected_refunded,
    )


@service
def grant_refund_of(
    *,
    order: Order,
    amount: Decimal,
    reason: str,
    reference: str,
    by: Actor,
    at: datetime,
    lines: Sequence[RefundPart] = (),
    expected_refunded: Decimal | None = None,
) -> list[Refund]:
    """Grant `amount` back on an order that the caller has locked (see `grant_refund`).

    Raises: AmountDoesNotFit, RefundExceedsPayment, RefundedAmountChanged.
    Locks: Payment, NumberSeries.
    Publishes: RefundSucceeded.
    """
    _fits(amount, order.currency)
    payments = lock(Payment.objects.filter(order=order, status=PaymentStatus.CAPTURED))
    committed = sum((each.refund_committed_amount for each in payments), ZERO)
    if expected_refunded is not None and expected_refunded != committed:
        raise RefundedAmountChanged(
            number=order.number,
            expected=text(expected_refunded, order.currency),
            actual=text(committed, order.currency),
        )
    free = sum((each.captured_amount for each in payments), ZERO) - committed
    if amount > free:
        raise RefundExceedsPayment(
            number=order.number,
            requested=text(amount, order.currency),
            refundable=text(free, order.currency),
            currency=order.currency,
        )

    refunds: list[Refund] = []
    for payment, share in _spread(amount, payments):
        payment.refund_committed_amount += share
        payment.save(update_fields=["refund_committed_amount"])
        refunds.append(
            Refund.objects.create(
                number=gapless_number("RF"),
                order=order,
                payment=payment,
                reference=reference,
                reason=reason,
                amount=share,
                currency=order.currency,
                granted_by=str(by),
                granted_at=at,
            )
        )
    _record_lines(refunds, lines)

    for refund in refunds:
        if refund.payment.gateway == MANUAL:
            _complete(order, refund, gateway_reference="", by=by, at=at)
        else:
            jobs.enqueue("refund", key=refund.number, payload={})
    return refunds


@service
def refund_overpayment(*, order: Order, by: Actor, at: datetime, reason: str) -> list[Refund]:
    """Give back what was captured beyond what is due, on an order that the caller has locked.

    Refunds that were granted for the order itself count as given back; those for a return do
    not: the units that came back are still part of what is due.

    Raises: nothing.
    Locks: Payment, NumberSeries.
    Publishes: RefundSucceeded.
    """
    payments = lock(Payment.objects.filter(order=order, status=PaymentStatus.CAPTURED))
    captured = sum((each.captured_amount for each in payments), ZERO)
    free = captured - sum((each.refund_committed_amount for each in payments), ZERO)
    given = (
        Refund.objects.filter(order=order, reference=order.number)
        .exclude(status=RefundStatus.REJECTED)
        .aggregate(amount=Sum("amount"))["amount"]
    )
    beyond = min(captured - order.due_amount - (given or ZERO), free)
    if beyond <= 0:
        return []
    return grant_refund_of(
        order=order, amount=beyond, reason=reason, reference=order.number, by=by, at=at
    )


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
        _complete(
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
    order = _order_of(number)
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


def _complete(
    order: Order, refund: Refund, *, gateway_reference: str, by: Actor, at: datetime
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
        )
    )


def _fits(amount: Decimal, currency: str) -> None:
    reason = ""
    if amount <= 0:
        reason = "is not more than nothing"
    elif rounded(amount, currency) != amount:
        reason = "has more decimals than the currency"
    if reason:
        raise AmountDoesNotFit(
            pointer="/amount", amount=str(amount), currency=currency, reason=reason
        )


def _spread(amount: Decimal, payments: Iterable[Payment]) -> list[tuple[Payment, Decimal]]:
    """Take the amount from the payments in turn, from each what is left of it."""
    shares = []
    for payment in payments:
        share = min(amount, payment.captured_amount - payment.refund_committed_amount)
        if share > 0:
            shares.append((payment, share))
            amount -= share
    return shares


def _record_lines(refunds: Sequence[Refund], parts: Sequence[RefundPart]) -> None:
    """Say which part of each refund is for which line; what no part claims is shipping."""
    left = {refund.pk: refund.amount for refund in refunds}
    for part in parts:
        units, amount = part.quantity, part.amount
        for refund in refunds:
            share = min(amount, left[refund.pk])
            if share <= 0:
                continue
            RefundLine.objects.create(
                refund=refund, order_line_id=part.line_id, quantity=units, amount=share
            )
            left[refund.pk] -= share
            amount -= share
            units = 0
        OrderLine.objects.filter(pk=part.line_id).update(
            refunded_amount=F("refunded_amount") + part.amount
        )


def _order_of(number: str) -> Order:
    missing = RefundNotFound(number=number)
    return lock_one(Order.objects.filter(refunds__number=number), missing=missing)


def _locked(number: str) -> tuple[Order, Refund]:
    order = _order_of(number)
    found = Refund.objects.select_related("payment").filter(number=number)
    return order, lock_one(found, missing=RefundNotFound(number=number))
