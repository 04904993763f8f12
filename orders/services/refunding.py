"""Giving money back: granted here; how it moves is in `moving_refunds`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Sum

from oms.core import jobs
from oms.core.actors import Actor
from oms.core.locking import lock, lock_one
from oms.core.money import ZERO, rounded, text
from oms.core.numbers import gapless_number
from oms.core.services import service
from orders.errors import (
    AmountDoesNotFit,
    OrderNotFound,
    RefundedAmountChanged,
    RefundExceedsPayment,
    RefundNotRejected,
)
from orders.gateways import MANUAL
from orders.models import Order, OrderLine, Payment, Refund, RefundLine
from orders.services.moving_refunds import book_refund, lock_order_of
from orders.states import PaymentStatus, RefundStatus


@dataclass(frozen=True)
class RefundPart:
    """What part of a refund is for which line."""

    line_id: int
    quantity: int
    amount: Decimal


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
    for payment, share in spread(amount, payments):
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
    record_lines(refunds, lines)

    for refund in refunds:
        if refund.payment.gateway == MANUAL:
            book_refund(order, refund, gateway_reference="", by=by, at=at)
        else:
            jobs.enqueue("refund", key=refund.number, payload={})
    return refunds


@service
def grant_again(*, number: str, by: Actor, at: datetime) -> list[Refund]:
    """Grant what a gateway rejected once more, for the same units and the same document. Once.

    Raises: RefundNotFound, RefundNotRejected, RefundExceedsPayment.
    Locks: Order, Payment, NumberSeries.
    Publishes: RefundSucceeded.
    """
    order = lock_order_of(number)
    refund = Refund.objects.get(number=number)
    later = Refund.objects.filter(reason=_again(refund), order=order)
    if refund.status != RefundStatus.REJECTED or later.exists():
        raise RefundNotRejected(number=number)
    return grant_refund_of(
        order=order,
        amount=refund.amount,
        reason=_again(refund),
        reference=refund.reference,
        by=by,
        at=at,
        lines=[
            RefundPart(part.order_line_id, part.quantity, part.amount)
            for part in refund.lines.all()
        ],
    )


def _again(refund: Refund) -> str:
    return f"Instead of {refund.number}"


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


def spread(amount: Decimal, payments: Iterable[Payment]) -> list[tuple[Payment, Decimal]]:
    """Take the amount from the payments in turn, from each what is left of it."""
    shares = []
    for payment in payments:
        share = min(amount, payment.captured_amount - payment.refund_committed_amount)
        if share > 0:
            shares.append((payment, share))
            amount -= share
    return shares


def record_lines(refunds: Sequence[Refund], parts: Sequence[RefundPart]) -> None:
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
