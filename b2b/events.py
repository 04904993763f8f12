"""The facts this app makes known.

A purchase order's facts are in its own story until it is accepted, then in that of its order.
"""

from dataclasses import dataclass

from oms.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CompanyChanged(Event):
    """A company was taken on, or something about it is different: the names of what is."""

    name = "company.changed"
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class BuyerInvited(Event):
    """Somebody may buy for a company, and is asked by letter to choose a password."""

    name = "buyer.invited"
    user: str


@dataclass(frozen=True, kw_only=True)
class CreditLimitSet(Event):
    """How much a company may owe; empty amounts mean without limit."""

    name = "credit.limit_set"
    before: str
    after: str
    currency: str
    is_blocked: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuoteRequestSubmitted(Event):
    """A company asks what something would cost: units by SKU."""

    name = "quote_request.submitted"
    company: str
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class QuoteRequestDeclined(Event):
    name = "quote_request.declined"
    company: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuotePresented(Event):
    """The company was offered this version, until that day."""

    name = "quote.presented"
    company: str
    version: int
    total: str
    currency: str
    valid_until: str


@dataclass(frozen=True, kw_only=True)
class QuoteApprovalNeeded(Event):
    """A discount is larger than a rep may give alone; `discount` in percent."""

    name = "quote.approval_needed"
    company: str
    version: int
    discount: str


@dataclass(frozen=True, kw_only=True)
class QuoteRevisionRequested(Event):
    name = "quote.revision_requested"
    company: str
    version: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuoteAccepted(Event):
    """The company takes the offer, or the part of it in `units`; it became a purchase order."""

    name = "quote.accepted"
    company: str
    version: int
    units: dict[str, int]
    purchase_order: str
    total: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class QuoteExpired(Event):
    name = "quote.expired"
    company: str
    version: int


@dataclass(frozen=True, kw_only=True)
class QuoteLost(Event):
    name = "quote.lost"
    company: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuoteWithdrawn(Event):
    name = "quote.withdrawn"
    company: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderSubmitted(Event):
    """A company wants to buy; `issues` are what a person has to look at first."""

    name = "purchase_order.submitted"
    company: str
    po_number: str
    total: str
    currency: str
    source: str
    issues: list[str]


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderApprovalNeeded(Event):
    """It is over a limit, so a second person of the company has to agree."""

    name = "purchase_order.approval_needed"
    company: str
    total: str
    limit: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderApproved(Event):
    name = "purchase_order.approved"
    company: str


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderAccepted(Event):
    """We supply it, as `order`; `rejected` are units by SKU that we do not supply."""

    name = "purchase_order.accepted"
    company: str
    po_number: str
    order: str
    total: str
    currency: str
    rejected: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderRejected(Event):
    name = "purchase_order.rejected"
    company: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderCancelled(Event):
    name = "purchase_order.cancelled"
    company: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):
    """What left with one shipment is charged; due on that day."""

    name = "invoice.issued"
    company: str
    shipment: str
    amount: str
    currency: str
    due_on: str


@dataclass(frozen=True, kw_only=True)
class InvoicePaid(Event):
    """Money came in for an invoice; `open` is what is still to come."""

    name = "invoice.paid"
    company: str
    amount: str
    open: str
    currency: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class CreditNoteIssued(Event):
    """Part of an invoice is no longer owed, or was given back."""

    name = "credit_note.issued"
    company: str
    invoice: str
    amount: str
    currency: str
    reason: str
