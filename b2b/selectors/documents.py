from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from b2b.models import (
    Company,
    Invoice,
    PurchaseOrder,
    PurchaseOrderLine,
    Quote,
    QuoteLine,
    QuoteVersion,
)
from b2b.rules.approval import limit_exceeded
from b2b.states import InvoiceStatus
from orders.models import Hold, Order


def newest_version(quote: Quote) -> QuoteVersion:
    return QuoteVersion.objects.get(quote=quote, nth=quote.version)


def lines_of_quote(quote: Quote, nth: int | None = None) -> list[QuoteLine]:
    """Return the lines of a version of a quote, of the newest unless `nth` is given."""
    found = QuoteLine.objects.filter(version__quote=quote, version__nth=nth or quote.version)
    return list(found.select_related("sku").order_by("position"))


def lines_of_purchase_order(document: PurchaseOrder) -> list[PurchaseOrderLine]:
    return list(document.lines.select_related("sku").order_by("position"))


def approval_needed(document: PurchaseOrder) -> Decimal | None:
    """Return the limit the purchase order is over, or None when nobody has to approve it.

    An approver of the company spends without asking, as far as his or her own limit goes.
    """
    buyer, company = document.buyer, document.company
    if buyer and buyer.may_approve:
        return limit_exceeded(
            document.total_amount,
            spending_limit=buyer.spending_limit_amount,
            approval_limit=None,
        )
    return limit_exceeded(
        document.total_amount,
        spending_limit=buyer.spending_limit_amount if buyer else None,
        approval_limit=company.approval_limit_amount,
    )


def held_for_credit(company: Company) -> list[Order]:
    """Return the company's orders that are held for credit, oldest first."""
    held = Hold.objects.filter(kind="credit", released_at__isnull=True)
    found = Order.objects.filter(
        customer=company.customer_id, status="open", pk__in=held.values("order")
    )
    return list(found.order_by("placed_at", "id"))


def open_invoices(company: Company) -> QuerySet[Invoice]:
    """Return what the company has still to pay, the oldest first."""
    unpaid = [InvoiceStatus.ISSUED, InvoiceStatus.PART_PAID]
    return Invoice.objects.filter(company=company, status__in=unpaid).order_by("due_on", "id")


def is_of_company(order_number: str) -> bool:
    """Whether a purchase order stands behind an order. One query."""
    return PurchaseOrder.objects.filter(order__number=order_number).exists()


@dataclass(frozen=True)
class ComparedLine:
    """A line of a quote's newest version, and what it was in the version before."""

    line: QuoteLine
    before: QuoteLine | None
    amount: Decimal

    @property
    def changed(self) -> bool:
        """Whether units or price are not what they were."""
        if self.before is None:
            return False
        now, then = self.line, self.before
        return (now.quantity, now.unit_price) != (then.quantity, then.unit_price)


def compared_lines(quote: Quote, versions: Sequence[QuoteVersion]) -> list[ComparedLine]:
    """Return the newest version's lines beside those of the one before it. One query.

    `versions` are the quote's, newest first. A SKU stands for itself, wherever its line moved.
    """
    rows = QuoteLine.objects.filter(version__in=versions[:2]).select_related("sku")
    newest = [row for row in rows.order_by("position") if row.version_id == versions[0].pk]
    before = {row.sku_id: row for row in rows if row.version_id != versions[0].pk}
    return [ComparedLine(row, before.get(row.sku_id), row.amount(quote.currency)) for row in newest]
