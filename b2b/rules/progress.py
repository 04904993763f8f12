"""How far an accepted purchase order is, derived from its order and its invoices."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from b2b.states import InvoiceStatus, PurchaseStatus


class Counters(Protocol):
    """The counters of an order line."""

    quantity: int
    cancelled: int
    picked: int
    shipped: int


@dataclass(frozen=True)
class Work:
    """What the warehouses have done: `has_begun` when one of them was told to start."""

    has_begun: bool
    shipments: int
    invoices: int
    open_amount: Decimal


def purchase_progress(lines: Iterable[Counters], work: Work) -> PurchaseStatus:
    """Return the state of a purchase order whose order exists.

    Delivered is what left us. It is invoiced when every shipment has its invoice, and closed when
    nothing of them is open.
    """
    rows = list(lines)
    wanted = sum(line.quantity - line.cancelled for line in rows)
    shipped = sum(line.shipped for line in rows)
    if not wanted:
        return PurchaseStatus.CANCELLED
    if shipped < wanted:
        if shipped:
            return PurchaseStatus.PART_DELIVERED
        begun = work.has_begun or any(line.picked for line in rows)
        return PurchaseStatus.IN_FULFILLMENT if begun else PurchaseStatus.ACCEPTED
    if work.invoices < work.shipments:
        return PurchaseStatus.DELIVERED
    return PurchaseStatus.CLOSED if work.open_amount <= 0 else PurchaseStatus.INVOICED


def invoice_progress(*, amount: Decimal, paid: Decimal, credited: Decimal) -> InvoiceStatus:
    """Return the stored status of an invoice from its amounts."""
    if credited >= amount > 0:
        return InvoiceStatus.CREDITED
    if paid + credited >= amount:
        return InvoiceStatus.PAID
    return InvoiceStatus.PART_PAID if paid or credited else InvoiceStatus.ISSUED
