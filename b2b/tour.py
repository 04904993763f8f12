"""Where the guided tour finds documents to show: each function gives a page, or nothing."""

from django.utils import timezone

from b2b.selectors import (
    buyer_of,
    buying,
    invoices_of,
    purchase_orders_of,
    quotes_of,
    requests_of,
)
from b2b.selectors.desk import credit_holds_of
from b2b.states import InvoiceStatus, PurchaseStatus, QuoteStatus, RequestStatus
from oms.core.models import User
from oms.core.tours import page_of_first

TO_PAY = [InvoiceStatus.ISSUED, InvoiceStatus.PART_PAID]


def request(user: User) -> str:
    asked = requests_of(user).filter(status__in=[RequestStatus.SUBMITTED, RequestStatus.IN_REVIEW])
    return page_of_first("b2b:request", asked)


def negotiated(user: User) -> str:
    """A quote with more than one version."""
    found = quotes_of(user).filter(status=QuoteStatus.PRESENTED, version__gt=1)
    return page_of_first("b2b:quote", found)


def to_accept(user: User) -> str:
    waiting = purchase_orders_of(user).filter(status=PurchaseStatus.SUBMITTED)
    return page_of_first("b2b:purchase-order", waiting)


def over_credit(user: User) -> str:
    return page_of_first("b2b:release-credit", credit_holds_of(user), "order__number")


def overdue(user: User) -> str:
    late = invoices_of(user).filter(status__in=TO_PAY, due_on__lt=timezone.localdate())
    return page_of_first("b2b:invoice", late)


def offered(user: User) -> str:
    """In the portal: a quote that waits for the buyer's answer."""
    buyer = buyer_of(user)
    if buyer is None:
        return ""
    waiting = buying.offers_for(buyer).filter(status=QuoteStatus.PRESENTED)
    return page_of_first("buying:quotes-one", waiting)


def to_approve(user: User) -> str:
    """In the portal: an order that waits for somebody's approval."""
    buyer = buyer_of(user)
    if buyer is None:
        return ""
    waiting = buying.orders_for(buyer).filter(status=PurchaseStatus.PENDING_APPROVAL)
    return page_of_first("buying:orders-one", waiting)


def invoice(user: User) -> str:
    """In the portal: an invoice of the company, one that is to be paid if there is."""
    buyer = buyer_of(user)
    if buyer is None:
        return ""
    page, found = "buying:invoices-one", buying.invoices_for(buyer)
    return page_of_first(page, found.filter(status__in=TO_PAY)) or page_of_first(page, found)
