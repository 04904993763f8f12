from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from b2b.models import PurchaseOrder, PurchaseOrderLine
from b2b.rules.progress import Work, purchase_progress
from b2b.selectors import lines_of_purchase_order
from b2b.services.accepting import Answered, as_order, b2b_channel
from b2b.services.purchasing import save_purchase_order
from b2b.services.wishes import LineWish
from b2b.states import Decision, Source
from oms.core.actors import Actor
from oms.core.money import ZERO
from oms.core.services import batch_service
from oms.customers.addresses import Address
from orders.rules.wanted import NewPayment
from orders.services.recording import record_past_order
from orders.states import OrderStatus


@batch_service
def record_past_purchase_order(
    *,
    company: str,
    po_number: str,
    lines: Sequence[LineWish],
    status: str,
    by: Actor,
    at: datetime,
    sales_rep: str | None = None,
    ship_to: Address | None = None,
    requested_on: date | None = None,
    note: str = "",
) -> PurchaseOrder:
    """Keep a purchase order of `at` that came to its end elsewhere: completed or cancelled.

    It counts as supplied and paid (or called off) and touches neither stock nor credit; nobody
    is told.

    Raises: what `save_purchase_order` raises; AmountDoesNotFit, Busy.
    Locks: PurchaseOrder.
    Publishes: nothing.
    """
    document = save_purchase_order(
        company=company,
        po_number=po_number,
        lines=lines,
        source=Source.REP,
        sales_rep=sales_rep,
        ship_to=ship_to,
        requested_on=requested_on,
        note=note,
        by=by,
        at=at,
    )
    rows = lines_of_purchase_order(document)
    supplied = [Answered(row, row.quantity, row.unit_price) for row in rows]
    paid = NewPayment(method="imported", status="captured", amount=document.total_amount)
    is_paid = status == OrderStatus.COMPLETED and document.total_amount
    kept = record_past_order(
        wanted=replace(as_order(document, supplied, at), payments=(paid,) if is_paid else ()),
        status=status,
        channel=b2b_channel(),
        by=by,
        at=at,
    )
    for row in rows:
        row.decision, row.accepted_quantity = Decision.ACCEPT, row.quantity
    PurchaseOrderLine.objects.bulk_update(rows, ["decision", "accepted_quantity"])
    nothing_left = Work(has_begun=False, shipments=0, invoices=0, open_amount=ZERO)
    document.status = purchase_progress(kept.lines, nothing_left)
    document.order = kept.order
    document.issues = []
    document.sales_rep = document.sales_rep or document.company.sales_rep
    document.submitted_by = document.decided_by = str(by)
    document.submitted_at = document.decided_at = at
    document.save()
    return document
