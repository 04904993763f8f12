from datetime import datetime
from decimal import Decimal

from oms.core.actors import Actor
from oms.core.money import rounded, text
from oms.core.services import service
from orders.errors import AmountDoesNotFit, PaymentExceedsDue
from orders.models import Payment
from orders.services.capturing import record_payment
from orders.services.progressing import lock_order


@service
def record_delivery_payment(
    *, order: str, amount: Decimal, method: str, reference: str, by: Actor, at: datetime
) -> Payment:
    """Book money that came in by itself for the order of a delivery: a transfer, cash.

    Once it is paid in full, the order waits for its payment no longer.

    Raises: OrderNotFound, AmountDoesNotFit, PaymentExceedsDue.
    Locks: Order, Subscription, FulfillmentOrder, StockLevel.
    Publishes: PaymentCaptured, SubscriptionPaid, OrderReleased.
    """
    row = lock_order(number=order)
    due = row.due_amount - row.kept_amount
    if amount <= 0 or rounded(amount, row.currency) != amount:
        raise AmountDoesNotFit(
            pointer="/amount",
            amount=str(amount),
            currency=row.currency,
            reason="is no amount of this currency",
        )
    if amount > due:
        raise PaymentExceedsDue(
            number=order,
            amount=text(amount, row.currency),
            due=text(due, row.currency),
            currency=row.currency,
        )
    return record_payment(
        order=row, amount=amount, method=method, reference=reference, by=by, at=at
    )
