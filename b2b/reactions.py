"""What this app does when something happens: it watches credit, follows orders, writes letters.

Facts of orders that no company placed cost nothing here: the channel, or what the order says of
itself, tells them apart without a query.
"""

from b2b import selectors, services
from b2b.events import (
    BuyerInvited,
    CreditNoteIssued,
    PurchaseOrderAccepted,
    PurchaseOrderApprovalNeeded,
    PurchaseOrderRejected,
    PurchaseOrderSubmitted,
    QuoteAccepted,
    QuoteApprovalNeeded,
    QuotePresented,
    QuoteRequestDeclined,
    QuoteRequestSubmitted,
    QuoteRevisionRequested,
)
from oms.core.events import Event
from oms.messaging import services as messaging
from orders.events import (
    OrderCancelled,
    OrderChanged,
    OrderHeld,
    OrderPlaced,
    OrderReleased,
    RefundSucceeded,
)
from orders.models import Order


def hold_if_over_credit(event: OrderPlaced) -> None:
    """A company's order is reserved on its credit, or held before any stock is promised to it."""
    if event.channel == services.CHANNEL:
        services.reserve_or_hold(placed=event)


def reserve_when_released(event: OrderReleased) -> None:
    """An order released from its credit hold is reserved; the system releases only what fits."""
    if event.kind == services.CREDIT and _is_of_company(event.order):
        services.reserve_released(order=event.order, by=event.by, at=event.at)


def free_credit(event: OrderCancelled) -> None:
    """Cancelled units reserve no credit; a purchase order that is wholly cancelled ends."""
    if _is_of_company(event.order):
        services.follow_cancellation(
            order=event.order, whole=event.whole, reason=event.reason, by=event.by, at=event.at
        )


def restate_credit(event: OrderChanged) -> None:
    """A changed order reserves what it costs now; beyond the limit the change is refused."""
    if _is_of_company(event.order):
        services.restate_credit(order=event.order, by=event.by, at=event.at)


def follow_shipment(event: Event) -> None:
    """What left of a company's order is invoiced, and its purchase order says how far it is."""
    order: Order | None = getattr(event, "order", None)
    if order is None or _is_of_company(order):
        services.follow_soon(order=event.thread, at=event.at)


def follow_work(event: Event) -> None:
    """A purchase order is in fulfillment once a warehouse has begun."""
    if selectors.is_of_company(event.thread):
        services.follow_soon(order=event.thread, at=event.at)


def follow_refund(event: RefundSucceeded) -> None:
    """Money that went back to a company gets its credit note."""
    if selectors.is_of_company(event.thread):
        services.follow_soon(order=event.thread, at=event.at)


def tell_rep_of_credit_hold(event: OrderHeld) -> None:
    """Tell the sales rep, and those who may release it, that an order is held for credit."""
    if event.kind == services.CREDIT and _is_of_company(event.order):
        _post("credit_hold", event, order=event.thread, reason=event.reason)


def invite_buyer(event: BuyerInvited) -> None:
    """Write to whoever may buy for a company now, with a link to choose a password."""
    _post("buyer_invited", event, user=event.user)


def tell_rep_of_request(event: QuoteRequestSubmitted) -> None:
    """Tell the sales rep that a company asks for an offer."""
    _post("quote_requested", event, number=event.subject)


def tell_company_of_refusal(event: QuoteRequestDeclined) -> None:
    """Tell the company that there will be no offer, and why."""
    _post("request_declined", event, number=event.subject)


def send_quote(event: QuotePresented) -> None:
    """Send the offer to the company."""
    _post("quote_presented", event, number=event.subject, version=event.version)


def ask_for_quote_approval(event: QuoteApprovalNeeded) -> None:
    """Ask those who may approve large discounts to look at a quote."""
    _post("quote_to_approve", event, number=event.subject, discount=event.discount)


def tell_rep_of_revision(event: QuoteRevisionRequested) -> None:
    """Tell the sales rep what the company wants to be different."""
    _post("revision_requested", event, number=event.subject, reason=event.reason)


def tell_rep_of_acceptance(event: QuoteAccepted) -> None:
    """Tell the sales rep that an offer was accepted, and what it became."""
    _post("quote_accepted", event, number=event.subject, purchase_order=event.purchase_order)


def tell_rep_of_issues(event: PurchaseOrderSubmitted) -> None:
    """Tell the sales rep about a purchase order that somebody has to look at."""
    _post("purchase_order_to_accept", event, number=event.subject)


def ask_company_for_approval(event: PurchaseOrderApprovalNeeded) -> None:
    """Ask the approvers of the company to look at a purchase order over a limit."""
    _post("purchase_order_to_approve", event, number=event.subject, limit=event.limit)


def confirm_purchase_order(event: PurchaseOrderAccepted) -> None:
    """Confirm to the company what it gets, at what price and when."""
    _post("purchase_order_confirmed", event, number=event.subject)


def tell_company_of_rejection(event: PurchaseOrderRejected) -> None:
    """Tell the company that we do not supply a purchase order, and why."""
    _post("purchase_order_rejected", event, number=event.subject)


def send_credit_note(event: CreditNoteIssued) -> None:
    """Send the credit note to the company."""
    _post("credit_note", event, number=event.subject)


def _is_of_company(order: Order) -> bool:
    """Whether an order says of itself that a company placed it; the services look closer."""
    return "purchase_order" in order.metadata


def _post(letter: str, event: Event, **arguments: object) -> None:
    messaging.post(
        letter=f"b2b.letters.{letter}",
        key=f"b2b_{letter}:{event.subject}:{event.at:%Y%m%d%H%M%S%f}",
        arguments=dict(arguments),
    )
