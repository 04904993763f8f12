"""How far an order is, derived from counters and ledgers by these functions and nowhere else."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from orders.states import FulfillmentProgress, PaymentProgress, ReturnProgress


class Counters(Protocol):
    """The counters of an order line."""

    quantity: int
    cancelled: int
    shipped: int
    return_requested: int
    returned: int


def payment_progress(
    *, total: Decimal, due: Decimal, authorized: Decimal, captured: Decimal, refunded: Decimal
) -> PaymentProgress:
    """Return how far payment is: `due` is the total less what was cancelled."""
    if refunded > 0:
        whole = refunded >= captured
        return PaymentProgress.REFUNDED if whole else PaymentProgress.PARTLY_REFUNDED
    if captured > 0:
        return PaymentProgress.PAID if captured >= due else PaymentProgress.PARTLY_PAID
    if total == 0:
        return PaymentProgress.PAID
    if authorized > 0 and authorized >= due:
        return PaymentProgress.AUTHORIZED
    return PaymentProgress.UNPAID


def fulfillment_progress(lines: Iterable[Counters]) -> FulfillmentProgress:
    rows = list(lines)
    shipped = sum(line.shipped for line in rows)
    wanted = sum(line.quantity - line.cancelled for line in rows)
    if not shipped:
        return FulfillmentProgress.UNFULFILLED
    done = shipped >= wanted
    return FulfillmentProgress.FULFILLED if done else FulfillmentProgress.PARTLY_FULFILLED


def return_progress(lines: Iterable[Counters]) -> ReturnProgress:
    rows = list(lines)
    returned = sum(line.returned for line in rows)
    if not returned:
        asked = any(line.return_requested for line in rows)
        return ReturnProgress.REQUESTED if asked else ReturnProgress.NONE
    whole = returned >= sum(line.shipped for line in rows)
    return ReturnProgress.RETURNED if whole else ReturnProgress.PARTLY_RETURNED


def ending(lines: Iterable[Counters]) -> str | None:
    """Return the verb that ends the order now: `complete`, `cancel`, or None while it goes on."""
    rows = list(lines)
    wanted = sum(line.quantity - line.cancelled for line in rows)
    if wanted == 0:
        return "cancel"
    return "complete" if sum(line.shipped for line in rows) >= wanted else None
