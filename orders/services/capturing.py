from datetime import datetime
from decimal import Decimal

from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.money import text
from oms.core.services import service
from orders.events import PaymentCaptured
from orders.gateways import MANUAL
from orders.models import MoneyEntry, Order, OrderLine, Payment
from orders.services.progressing import derive, save_progress
from orders.states import MoneyKind, PaymentStatus


@service
def record_payment(
    *,
    order: Order,
    method: str,
    reference: str,
    amount: Decimal,
    by: Actor,
    at: datetime,
    gateway: str = MANUAL,
) -> Payment:
    """Book money that came in for a locked order: a transfer, a cheque, what a gateway took.

    The caller makes sure that it is booked once.

    Raises: nothing.
    Locks: nothing.
    Publishes: PaymentCaptured.
    """
    payment = Payment(
        order_id=order.pk,
        reference=reference,
        method=method,
        gateway=gateway,
        status=PaymentStatus.CAPTURED,
        currency=order.currency,
        amount=amount,
        captured_amount=amount,
        created_at=at,
    )
    record(payment)
    record(
        MoneyEntry(
            order_id=order.pk,
            payment_id=payment.pk,
            kind=MoneyKind.CAPTURE,
            amount=amount,
            currency=order.currency,
            reference=reference[:64],
            happened_at=at,
        )
    )
    order.captured_amount += amount
    derive(order, list(OrderLine.objects.filter(order=order)))
    save_progress(order)
    publish(
        PaymentCaptured(
            thread=order.number,
            subject=order.number,
            by=by,
            at=at,
            amount=text(amount, order.currency),
            currency=order.currency,
            method=method,
            order=order,
        )
    )
    return payment
