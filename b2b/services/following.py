from datetime import datetime

from b2b.models import Invoice, PurchaseOrder
from b2b.rules.progress import Work, purchase_progress
from b2b.services.crediting import credit_refunds
from b2b.services.deciding import tell_of_cancellation
from b2b.services.exposure import lock_account_of, restate, to_reserve
from b2b.services.follow_up import follow_soon, look_for_room
from b2b.services.invoicing import invoice_of
from b2b.services.locked import Story, lock_story
from b2b.states import PurchaseStatus
from fulfillment.models import FulfillmentOrder, Shipment
from fulfillment.states import FulfillmentOrderStatus
from oms.core.actors import Actor
from oms.core.locking import lock
from oms.core.money import ZERO
from oms.core.services import service
from orders.models import Order, OrderLine

NOT_BEGUN = [
    FulfillmentOrderStatus.SCHEDULED,
    FulfillmentOrderStatus.OPEN,
    FulfillmentOrderStatus.REJECTED,
    FulfillmentOrderStatus.CANCELLED,
]


@service
def follow_order(*, order: str, by: Actor, at: datetime) -> PurchaseOrder | None:
    """Bring what we keep of a company's order in line with what has happened to it.

    Every shipment gets its invoice, every refund its credit note, the credit it reserves is what
    it will still cost, and the purchase order says how far it is. Nothing when all that is so.

    Raises: OrderNotFound.
    Locks: Order, PurchaseOrder, CreditAccount, NumberSeries.
    Publishes: InvoiceIssued, CreditNoteIssued, PurchaseOrderCancelled.
    """
    story = lock_story(order)
    if story is None:
        return None
    shipments = Shipment.objects.filter(fulfillment_order__order=story.order)
    known = Invoice.objects.filter(order=story.order).values("shipment")
    for shipment in shipments.exclude(pk__in=known).order_by("shipped_at", "id"):
        invoice_of(shipment, story.order, story.document, story.account, by, at)
    credit_refunds(story, by, at)
    restate(story.account, story.order, to_reserve(story.order), by, at)
    state_progress(story, by, at)
    return story.document


def state_progress(story: Story, by: Actor, at: datetime) -> None:
    """Write how far a locked purchase order is."""
    document, order = story.document, story.order
    works = FulfillmentOrder.objects.filter(order=order)
    invoices = list(Invoice.objects.filter(order=order))
    status = purchase_progress(
        OrderLine.objects.filter(order=order),
        Work(
            has_begun=works.exclude(status__in=NOT_BEGUN).exists(),
            shipments=Shipment.objects.filter(fulfillment_order__order=order).count(),
            invoices=len(invoices),
            open_amount=sum((invoice.open_amount for invoice in invoices), ZERO),
        ),
    )
    if status == document.status:
        return
    document.status = status
    document.version += 1
    document.save(update_fields=["status", "version"])
    if status == PurchaseStatus.CANCELLED:
        tell_of_cancellation(document, "Its order was cancelled", by, at)


@service
def follow_cancellation(*, order: Order, whole: bool, reason: str, by: Actor, at: datetime) -> None:
    """Release the credit of units cancelled from a locked order; whole, the purchase order ends.

    Raises: nothing.
    Locks: PurchaseOrder, CreditAccount.
    Publishes: PurchaseOrderCancelled.
    """
    documents = lock(PurchaseOrder.objects.select_related("company").filter(order=order))
    if not documents:
        return
    document = documents[0]
    account = lock_account_of(order.customer_id)
    if account is not None:
        restate(account, order, to_reserve(order), by, at)
    if whole and document.status != PurchaseStatus.CANCELLED:
        document.status = PurchaseStatus.CANCELLED
        document.decision_reason = reason[:300]
        document.version += 1
        document.save(update_fields=["status", "decision_reason", "version"])
        tell_of_cancellation(document, reason, by, at)
    else:
        follow_soon(order=order.number, at=at)
    look_for_room(company=document.company.code, at=at)
