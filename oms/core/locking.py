"""Row locks, always taken in one order.

Transactions that lock the same rows in the same order may wait for one another, but they never
deadlock. `LOCK_ORDER` is that order for the whole system: the order first, the stock last, since
stock is what everyone wants, and only the lots after it, which are proven once their units lie
there. Every service names what it locks, in this order, on the `Locks:` line of its docstring; a
test reads those lines, and every lock taken is checked against them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.conf import settings
from django.db import models

from oms.core.errors import Missing

LOCK_ORDER = (
    "FileImport",
    "ChannelOrder",
    "Order",
    "CartReservation",
    "Watch",
    "Alert",
    "Subscription",
    "QuoteRequest",
    "Quote",
    "PurchaseOrder",
    "CreditAccount",
    "RoutingVersion",
    "BackTest",
    "FulfillmentOrder",
    "Wave",
    "PrintRun",
    "Shipment",
    "ReturnAuthorization",
    "Payment",
    "Refund",
    "Supplier",
    "ReplenishmentOrder",
    "Transfer",
    "StockCount",
    "AdjustmentRequest",
    "Customer",
    "CustomerMerge",
    "NumberSeries",
    "Channel",
    "ApiKey",
    "WebhookEndpoint",
    "Delivery",
    "Sku",
    "StockLevel",
    "Lot",
)

M = TypeVar("M", bound=models.Model)

_held: ContextVar[list[str] | None] = ContextVar("locks_held", default=None)


class LockedOutOfOrder(AssertionError):
    """A transaction locked a lower rank after a higher one: two of them may deadlock."""


@contextmanager
def watched() -> Iterator[None]:
    """Remember what this transaction locks, so that the order can be proven."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def note(model: type[models.Model]) -> None:
    """Say that rows of `model` are being locked; in tests a lock out of order is an error."""
    held = _held.get()
    if held is None or not settings.PROVE_LOCK_ORDER:
        return
    rank = LOCK_ORDER.index(model.__name__)
    higher = [name for name in held if LOCK_ORDER.index(name) > rank]
    if higher:
        raise LockedOutOfOrder(f"{model.__name__} locked after {', '.join(higher)}")
    held.append(model.__name__)


def locking(queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """Return the query that locks these rows as it reads them, by primary key (see `note`)."""
    return queryset.order_by("pk").select_for_update(of=("self",), no_key=True)


def lock(queryset: models.QuerySet[M]) -> list[M]:
    """Lock these rows until the transaction ends; return them fresh, by primary key."""
    note(queryset.model)
    return list(locking(queryset))


def lock_one(queryset: models.QuerySet[M], *, missing: Missing) -> M:
    """Lock the one row of `queryset` and return it fresh, or raise `missing`."""
    rows = lock(queryset)
    if not rows:
        raise missing
    [row] = rows
    return row
