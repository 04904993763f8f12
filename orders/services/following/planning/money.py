"""Money that came in or went back, booked once."""

from collections.abc import Iterable
from decimal import Decimal

from oms.core.money import ZERO, rounded
from orders.adapters.merging import Told
from orders.adapters.parts import Payment, PaymentState
from orders.services.following.acts import (
    Act,
    Authorize,
    Book,
    Capture,
    GiveBack,
    OrderNow,
    Trouble,
    Void,
)
from orders.services.following.wanting import words
from orders.states import PaymentStatus

STATED = "stated"
"""What stands for the payments of a channel that states sums only."""


def payments(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    currency = told.head.currency
    for key, payment in told.payments.items():
        said, ours = words(payment), now.payments.get(key)
        if payment.amount <= 0:
            continue
        if payment.currency != currency:
            yield Trouble(key, said, "payment_currency", f"It is in {payment.currency}.")
        elif ours is None:
            if payment.state == PaymentState.CAPTURED:
                yield Capture(key, said, key, payment)
            elif payment.state == PaymentState.AUTHORIZED:
                yield Authorize(key, said, key, payment)
        elif ours.status == PaymentStatus.AUTHORIZED:
            if payment.state == PaymentState.CAPTURED:
                yield Capture(key, said, key, payment, ours.id)
            elif payment.state == PaymentState.VOIDED:
                yield Void(key, said, ours.id)
        elif ours.status == PaymentStatus.CAPTURED and payment.state == PaymentState.VOIDED:
            yield Trouble(key, said, "payment_voided", "A captured payment was called void.")
    if not told.payments:
        yield from _stated_payments(told, now)


def _stated_payments(told: Told, now: OrderNow) -> Iterable[Act]:
    head = told.head
    assert head is not None  # noqa: S101 (nothing is lacking)
    method = head.payment_method or "channel"

    def payment(state: PaymentState, amount: Decimal) -> Payment:
        return Payment(state, amount, head.currency, method)

    captured = rounded(head.captured or ZERO, head.currency)
    authorized = rounded(head.authorized or ZERO, head.currency)
    set_aside = [each for each in now.payments.values() if each.status == PaymentStatus.AUTHORIZED]
    if head.captured is not None and captured > now.captured:
        more = captured - now.captured
        yield Capture(STATED, str(captured), STATED, payment(PaymentState.CAPTURED, more))
    if head.authorized is not None or head.captured is not None:
        known = sum((each.amount for each in set_aside), ZERO)
        if known != authorized and set_aside:
            yield Void(STATED, str(authorized), set_aside[0].id)
        elif authorized > known:
            aside = payment(PaymentState.AUTHORIZED, authorized - known)
            yield Authorize(STATED, str(authorized), STATED, aside)


def refunds(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    for key, refund in told.refunds.items():
        said, amount = words(refund), rounded(refund.amount, told.head.currency)
        if refund.currency != told.head.currency and amount:
            yield Trouble(key, said, "refund_currency", f"It is in {refund.currency}.")
            continue
        if key == "refunded":
            amount -= now.committed
        elif book.is_known("refund", key):
            continue
        if amount <= 0:
            continue
        same = [each.number for each in now.refunds if each.amount == amount]
        if same:
            yield GiveBack(key, said, key, refund, amount, same[0])
        else:
            yield GiveBack(key, said, key, refund, amount)
