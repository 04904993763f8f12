"""The credit ledger: what an order reserves, and every line that moves a balance."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from b2b.models import Company, CreditAccount, CreditEntry, Invoice
from b2b.states import CreditKind
from fulfillment.models import FulfillmentOrder
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.locking import lock
from oms.core.money import ZERO
from orders.models import Hold, Order
from orders.states import OrderStatus

CREDIT = "credit"


def lock_account_of(customer_id: int) -> CreditAccount | None:
    """Lock the credit account behind a customer of orders; None when that is no company."""
    rows = lock(
        CreditAccount.objects.select_related("company").filter(company__customer_id=customer_id)
    )
    return rows[0] if rows else None


def reserved_for(account: CreditAccount, order: Order) -> Decimal:
    """Return what the ledger holds in reserve for an order."""
    entries = CreditEntry.objects.filter(account=account, order=order)
    return entries.aggregate(total=Sum("reserved_delta"))["total"] or ZERO


def to_reserve(order: Order) -> Decimal:
    """Return what an order should hold in reserve: what it will still be invoiced."""
    if order.status == OrderStatus.CANCELLED or is_held_for_credit(order) or is_history(order):
        return ZERO
    invoiced = Invoice.objects.filter(order=order).aggregate(total=Sum("amount"))["total"] or ZERO
    return max(order.due_amount - invoiced, ZERO)


def is_held_for_credit(order: Order) -> bool:
    return Hold.objects.filter(order=order, kind=CREDIT, released_at__isnull=True).exists()


def is_history(order: Order) -> bool:
    """Whether an order was supplied elsewhere: it came to its end, and nobody here worked on it."""
    if order.status != OrderStatus.COMPLETED:
        return False
    return not FulfillmentOrder.objects.filter(order=order).exists()


def enter(
    account: CreditAccount,
    order: Order,
    kind: CreditKind,
    *,
    reserved: Decimal = ZERO,
    invoiced: Decimal = ZERO,
    reference: str,
    by: Actor,
    at: datetime,
    invoice: Invoice | None = None,
) -> None:
    """Write one line of the ledger and move the balances of a locked account with it."""
    if not reserved and not invoiced:
        return
    record(
        CreditEntry(
            account_id=account.pk,
            order_id=order.pk,
            invoice_id=invoice.pk if invoice else None,
            kind=kind,
            reserved_delta=reserved,
            invoiced_delta=invoiced,
            reference=reference[:100],
            by=str(by),
            happened_at=at,
        )
    )
    account.reserved_amount += reserved
    account.invoiced_amount += invoiced
    account.save(update_fields=["reserved_amount", "invoiced_amount"])


def restate(account: CreditAccount, order: Order, target: Decimal, by: Actor, at: datetime) -> None:
    """Make the reserve of an order what it should be; nothing when it is."""
    delta = target - reserved_for(account, order)
    kind = CreditKind.RESERVE if delta > 0 else CreditKind.RELEASE
    enter(account, order, kind, reserved=delta, reference=order.number, by=by, at=at)


def company_of_order(order: Order) -> Company | None:
    return Company.objects.filter(customer_id=order.customer_id).first()
