from datetime import datetime

from b2b.errors import OwnApproval, PurchaseOrderChanged, PurchaseOrderNotFound
from b2b.events import PurchaseOrderApproved, PurchaseOrderCancelled, PurchaseOrderRejected
from b2b.models import PurchaseOrder
from b2b.services.accepting import locked_purchase_order
from b2b.services.purchasing import accept_when_clear
from b2b.states import PURCHASE_ORDER
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import batch_service, service
from orders import services as orders


@batch_service
def approve_purchase_order(*, number: str, by: Actor, at: datetime) -> PurchaseOrder:
    """Agree, as a second person, that the company buys this; it goes its way from there.

    Raises: PurchaseOrderNotFound, OwnApproval, TransitionNotAllowed, CompanyInactive,
        AmountDoesNotFit, Busy.
    Locks: PurchaseOrder, CreditAccount, StockLevel.
    Publishes: PurchaseOrderApproved, PurchaseOrderAccepted.
    """
    document = locked_purchase_order(number)
    status = PURCHASE_ORDER.after("approve", document.status)
    if document.submitted_by == str(by):
        raise OwnApproval(number=number)
    document.status = status
    document.approved_by = str(by)
    document.version += 1
    document.save(update_fields=["status", "approved_by", "version"])
    publish(
        PurchaseOrderApproved(
            thread=number, subject=number, by=by, at=at, company=document.company.code
        )
    )
    return accept_when_clear(document, by, at)


@service
def reject_purchase_order(*, number: str, reason: str, by: Actor, at: datetime) -> PurchaseOrder:
    """Turn a purchase order down, whole: as its supplier, or as an approver of the company.

    Raises: PurchaseOrderNotFound, TransitionNotAllowed.
    Locks: PurchaseOrder.
    Publishes: PurchaseOrderRejected.
    """
    document = _closed(locked_purchase_order(number), "reject", reason, by, at)
    publish(
        PurchaseOrderRejected(
            thread=number,
            subject=number,
            by=by,
            at=at,
            company=document.company.code,
            reason=reason,
        )
    )
    return document


@batch_service
def cancel_purchase_order(*, number: str, reason: str, by: Actor, at: datetime) -> PurchaseOrder:
    """Call a purchase order off; its order, where it has one, is cancelled with it.

    What is packed or gone stays: then the rest is cancelled, and the purchase order goes on. A
    draft that was never handed in leaves the company's own number free.

    Raises: PurchaseOrderNotFound, TransitionNotAllowed, NothingToCancel, Busy.
    Locks: Order, PurchaseOrder, CreditAccount, FulfillmentOrder, StockLevel.
    Publishes: PurchaseOrderCancelled, OrderCancelled.
    """
    found = PurchaseOrder.objects.select_related("company", "order").filter(number=number)
    document = found.first()
    if document is None:
        raise PurchaseOrderNotFound(number=number)
    if document.order is not None:
        orders.cancel_order(number=document.order.number, reason=reason, by=by, at=at)
        return found.get()
    document = _closed(locked_purchase_order(number), "cancel", reason, by, at)
    tell_of_cancellation(document, reason, by, at)
    return document


def tell_of_cancellation(document: PurchaseOrder, reason: str, by: Actor, at: datetime) -> None:
    """Publish that a purchase order is off."""
    publish(
        PurchaseOrderCancelled(
            thread=document.number,
            subject=document.number,
            by=by,
            at=at,
            company=document.company.code,
            reason=reason,
        )
    )


def _closed(
    document: PurchaseOrder, verb: str, reason: str, by: Actor, at: datetime
) -> PurchaseOrder:
    """Make the move. One that was accepted meanwhile is called off by its order."""
    if document.order_id is not None:
        raise PurchaseOrderChanged(number=document.number)
    document.status = PURCHASE_ORDER.after(verb, document.status)
    document.decision_reason = reason
    document.decided_by, document.decided_at = str(by), at
    document.version += 1
    if document.submitted_at is None:
        document.po_number = ""
    document.save(
        update_fields=[
            "status",
            "decision_reason",
            "decided_by",
            "decided_at",
            "version",
            "po_number",
        ]
    )
    return document
