"""How far an order is, derived from counters and ledgers by these functions and nowhere else."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from orders.states import FulfillmentProgress, PaymentProgress, ReturnProgress


class Counters(Protocol):
    """The counters of an order line, and whether it is one of those that leave a warehouse."""

    ships: bool
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
    wanted = sum(line.quantity - line.cancelled for line in rows if line.ships)
    if not shipped:
        if wanted == 0 and any(line.quantity > line.cancelled for line in rows):
            return FulfillmentProgress.FULFILLED
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
    """Return the verb that ends the order now: `complete`, `cancel`, or None while it goes on.

    With nothing to send, it is paying that ends it (see `orders.services.finishing`).
    """
    rows = list(lines)
    if not any(line.quantity > line.cancelled for line in rows):
        return "cancel"
    if has_nothing_to_send(rows):
        return None
    wanted = sum(line.quantity - line.cancelled for line in rows if line.ships)
    return "complete" if sum(line.shipped for line in rows) >= wanted else None


def has_nothing_to_send(lines: Iterable[Counters]) -> bool:
    """Whether all that is still asked for never leaves a warehouse."""
    asked = [line for line in lines if line.quantity > line.cancelled or line.shipped]
    return bool(asked) and not any(line.ships for line in asked)
