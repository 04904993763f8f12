"""Money that moved in a channel, put into our books."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.money import ZERO, text, units_share
from oms.core.numbers import gapless_number
from oms.core.services import service
from orders.adapters.parts import Payment as Said
from orders.errors import RefundExceedsPayment
from orders.events import PaymentCaptured
from orders.models import MoneyEntry, Order, OrderLine, Payment, Refund
from orders.services.capturing import record_payment
from orders.services.moving_refunds import book_refund
from orders.services.progressing import derive, save_progress
from orders.services.refunding import RefundPart, record_lines, spread
from orders.states import MoneyKind, PaymentStatus


@service
def set_aside(*, order: Order, said: Said, gateway: str, at: datetime) -> Payment:
    """Book money that a customer set aside, on a locked order.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    payment = Payment(
        order_id=order.pk,
        reference=said.reference[:100],
        method=said.method[:32] or "channel",
        gateway=gateway,
        status=PaymentStatus.AUTHORIZED,
        currency=order.currency,
        amount=said.amount,
        created_at=at,
    )
    record(payment)
    order.authorized_amount += said.amount
    _derive(order)
    return payment


@service
def capture(
    *, order: Order, said: Said, gateway: str, ours: int | None, by: Actor, at: datetime
) -> Payment:
    """Book money that came in, on a locked order; `ours` is the payment it was set aside with.

    Raises: nothing.
    Locks: Payment.
    Publishes: PaymentCaptured.
    """
    if ours is None:
        return record_payment(
            order=order,
            method=said.method[:32] or "channel",
            reference=said.reference[:100],
            amount=said.amount,
            by=by,
            at=at,
            gateway=gateway,
        )
    [payment] = lock(Payment.objects.filter(pk=ours))
    order.authorized_amount -= payment.amount
    payment.status = PaymentStatus.CAPTURED
    payment.amount = payment.captured_amount = said.amount
    payment.save(update_fields=["status", "amount", "captured_amount"])
    record(
        MoneyEntry(
            order_id=order.pk,
            payment_id=payment.pk,
            kind=MoneyKind.CAPTURE,
            amount=said.amount,
            currency=order.currency,
            reference=payment.reference[:64],
            happened_at=at,
        )
    )
    order.captured_amount += said.amount
    _derive(order)
    publish(
        PaymentCaptured(
            thread=order.number,
            subject=order.number,
            by=by,
            at=at,
            amount=text(said.amount, order.currency),
            currency=order.currency,
            method=payment.method,
            order=order,
        )
    )
    return payment


@service
def void(*, order: Order, ours: int) -> None:
    """Book that money set aside is free again, on a locked order.

    Raises: nothing.
    Locks: Payment.
    Publishes: nothing.
    """
    [payment] = lock(Payment.objects.filter(pk=ours))
    payment.status = PaymentStatus.VOIDED
    payment.save(update_fields=["status"])
    order.authorized_amount -= payment.amount
    _derive(order)


@service
def book_given_back(
    *,
    order: Order,
    amount: Decimal,
    units: Mapping[int, int],
    reason: str,
    reference: str,
    external_id: str,
    by: Actor,
    at: datetime,
) -> list[Refund]:
    """Book money that the channel gave back, on a locked order: nothing is sent, nobody is told.

    `units` by line id are those it was given back for.

    Raises: RefundExceedsPayment.
    Locks: Payment, NumberSeries.
    Publishes: RefundSucceeded.
    """
    payments = lock(Payment.objects.filter(order=order, status=PaymentStatus.CAPTURED))
    free = sum((each.captured_amount - each.refund_committed_amount for each in payments), ZERO)
    if amount > free:
        raise RefundExceedsPayment(
            number=order.number,
            requested=text(amount, order.currency),
            refundable=text(free, order.currency),
            currency=order.currency,
        )
    refunds = []
    for payment, share in spread(amount, payments):
        payment.refund_committed_amount += share
        payment.save(update_fields=["refund_committed_amount"])
        refunds.append(
            Refund.objects.create(
                number=gapless_number("RF"),
                order=order,
                payment=payment,
                reference=reference[:64],
                reason=reason[:200],
                amount=share,
                currency=order.currency,
                granted_by=str(by),
                granted_at=at,
            )
        )
    record_lines(refunds, _parts(order, units, amount))
    for refund in refunds:
        book_refund(
            order, refund, gateway_reference=external_id[:100], by=by, at=at, is_followed=True
        )
    return refunds


def _parts(order: Order, units: Mapping[int, int], amount: Decimal) -> list[RefundPart]:
    """What of the amount is for which line, as far as it goes."""
    parts, left = [], amount
    for line in OrderLine.objects.filter(order=order, pk__in=units).order_by("position"):
        count = min(units[line.pk], line.quantity)
        worth = units_share(line.paid_amount, count, line.quantity, order.currency)
        share = min(worth, left, line.paid_amount - line.refunded_amount)
        if share > 0:
            parts.append(RefundPart(line.pk, count, share))
            left -= share
    return parts


def _derive(order: Order) -> None:
    derive(order, list(OrderLine.objects.filter(order=order)))
    save_progress(order)
