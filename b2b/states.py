"""Every state of a business document, and every way from one to the next.

A quote's state is that of its newest version; older versions are history. A purchase order is
moved by people until it is accepted; from then on its state is derived from its order
(`b2b/rules/progress.py`). "Delivered" is what the trade calls a delivery: goods that left us.
When a parcel arrived is told by its shipment.
"""

from django.db import models

from oms.core.states import Lifecycle


class BuyerRole(models.TextChoices):
    """What a person may do for a company."""

    BUYER = "buyer", "Buyer"
    APPROVER = "approver", "Approver"
    ADMIN = "admin", "Administrator of the company"


class AddressKind(models.TextChoices):
    SHIP = "ship", "Ship to"
    BILL = "bill", "Bill to"


class RequestStatus(models.TextChoices):
    SUBMITTED = "submitted", "Submitted"
    IN_REVIEW = "in_review", "In review"
    QUOTED = "quoted", "Quoted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


R = RequestStatus
REQUEST = Lifecycle(
    "quote request",
    {
        # verb        from                          to
        "review":    ([R.SUBMITTED],                R.IN_REVIEW),
        "quote":     ([R.SUBMITTED, R.IN_REVIEW],   R.QUOTED),
        "decline":   ([R.SUBMITTED, R.IN_REVIEW],   R.DECLINED),
        "withdraw":  ([R.SUBMITTED, R.IN_REVIEW],   R.WITHDRAWN),
    },
)  # fmt: skip


class QuoteStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PENDING_APPROVAL = "pending_approval", "Pending approval"
    PRESENTED = "presented", "Presented"
    REVISION_REQUESTED = "revision_requested", "Revision requested"
    ACCEPTED = "accepted", "Accepted"
    EXPIRED = "expired", "Expired"
    LOST = "lost", "Lost"
    WITHDRAWN = "withdrawn", "Withdrawn"


Q = QuoteStatus
QUOTE = Lifecycle(
    "quote",
    {
        # verb                from                                                  to
        "change":            ([Q.DRAFT, Q.PENDING_APPROVAL],                        Q.DRAFT),
        "ask_approval":      ([Q.DRAFT],                                            Q.PENDING_APPROVAL),
        "present":           ([Q.DRAFT],                                            Q.PRESENTED),
        "approve":           ([Q.PENDING_APPROVAL],                                 Q.PRESENTED),
        "request_revision":  ([Q.PRESENTED],                                        Q.REVISION_REQUESTED),
        "revise":            ([Q.PRESENTED, Q.REVISION_REQUESTED, Q.EXPIRED],       Q.DRAFT),
        "accept":            ([Q.PRESENTED],                                        Q.ACCEPTED),
        "expire":            ([Q.PRESENTED],                                        Q.EXPIRED),
        "lose":              ([Q.PRESENTED, Q.REVISION_REQUESTED, Q.EXPIRED],       Q.LOST),
        "withdraw":          ([Q.DRAFT, Q.PENDING_APPROVAL, Q.PRESENTED, Q.REVISION_REQUESTED], Q.WITHDRAWN),
    },
)  # fmt: skip


class PurchaseStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    PENDING_APPROVAL = "pending_approval", "Pending approval"
    ACCEPTED = "accepted", "Accepted"
    IN_FULFILLMENT = "in_fulfillment", "In fulfillment"
    PART_DELIVERED = "part_delivered", "Part delivered"
    DELIVERED = "delivered", "Delivered"
    INVOICED = "invoiced", "Invoiced"
    CLOSED = "closed", "Closed"
    REJECTED = "rejected", "Rejected"
    CANCELLED = "cancelled", "Cancelled"


P = PurchaseStatus
ORDERED = [P.ACCEPTED, P.IN_FULFILLMENT, P.PART_DELIVERED, P.DELIVERED, P.INVOICED, P.CLOSED]
OPEN = [P.SUBMITTED, P.PENDING_APPROVAL, P.ACCEPTED, P.IN_FULFILLMENT, P.PART_DELIVERED]

PURCHASE_ORDER = Lifecycle(
    "purchase order",
    {
        # verb           from                                                  to
        "change":       ([P.DRAFT],                                            P.DRAFT),
        "submit":       ([P.DRAFT],                                            P.SUBMITTED),
        "ask_approval": ([P.DRAFT],                                            P.PENDING_APPROVAL),
        "approve":      ([P.PENDING_APPROVAL],                                 P.SUBMITTED),
        "accept":       ([P.SUBMITTED],                                        P.ACCEPTED),
        "reject":       ([P.SUBMITTED, P.PENDING_APPROVAL],                    P.REJECTED),
        "reopen":       ([P.REJECTED],                                         P.DRAFT),
        "start":        ([P.ACCEPTED],                                         P.IN_FULFILLMENT),
        "deliver_part": ([P.ACCEPTED, P.IN_FULFILLMENT],                       P.PART_DELIVERED),
        "deliver":      ([P.ACCEPTED, P.IN_FULFILLMENT, P.PART_DELIVERED],   P.DELIVERED),
        "invoice":      ([P.DELIVERED],                                        P.INVOICED),
        "close":        ([P.INVOICED],                                         P.CLOSED),
        "cancel":       ([P.DRAFT, P.SUBMITTED, P.PENDING_APPROVAL, P.ACCEPTED, P.IN_FULFILLMENT], P.CANCELLED),
    },
)  # fmt: skip


class Source(models.TextChoices):
    """Who wrote a purchase order down."""

    REP = "rep", "Sales rep"
    PORTAL = "portal", "Buyer online"
    QUOTE = "quote", "Accepted quote"
    API = "api", "API"
    EDI = "edi", "EDI"


class Decision(models.TextChoices):
    """What we answer to one line of a purchase order."""

    ACCEPT = "accept", "Accept"
    CHANGE = "change", "Accept with a change"
    BACKORDER = "backorder", "Accept, to be delivered later"
    REJECT = "reject", "Reject"


class Issue(models.TextChoices):
    """Why a purchase order waits for a person instead of being accepted by itself."""

    PRICE_MISMATCH = "price_mismatch", "The price differs from ours"
    NO_PRICE = "no_price", "We have no price for it"
    UNKNOWN_SKU = "unknown_sku", "A SKU is not known"
    UNKNOWN_PARTNER = "unknown_partner", "The trading partner is not known"


class CreditKind(models.TextChoices):
    """Lines of the credit ledger."""

    RESERVE = "reserve", "Reserved for an order"
    RELEASE = "release", "No longer reserved"
    INVOICE = "invoice", "Invoiced"
    PAYMENT = "payment", "Paid"
    CREDIT_NOTE = "credit_note", "Credited"


class InvoiceStatus(models.TextChoices):
    """`overdue` is never stored: it is an open invoice past its day."""

    ISSUED = "issued", "Issued"
    PART_PAID = "part_paid", "Part paid"
    PAID = "paid", "Paid"
    OVERDUE = "overdue", "Overdue"
    CREDITED = "credited", "Credited"
