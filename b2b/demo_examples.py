"""What companies ask, order and owe in the demo: good examples."""

from django.urls import reverse
from django.utils import timezone

from b2b.models import Invoice, PurchaseOrder, Quote, QuoteRequest
from oms.core.demo_examples import Example

POS = {
    "purchase_order.to_decide": "4500-22",
    "purchase_order.to_approve": "4500-23",
    "purchase_order.over_credit": "L-204",
    "purchase_order.ships_complete": "MSD-74",
    "purchase_order.part_delivered": "HH-0092",
}


def examples() -> dict[str, Example]:
    """Return `quote.negotiated`, `purchase_order.to_decide`, `invoice.overdue` and so on."""
    found = {"company": Example("vermeer", reverse("b2b:company", args=["vermeer"]))}
    documents = dict(
        PurchaseOrder.objects.filter(po_number__in=POS.values()).values_list("po_number", "number")
    )
    for what, po_number in POS.items():
        if number := documents.get(po_number):
            found[what] = Example(number, reverse("b2b:purchase-order", args=[number]))
    for what, page, rows in (
        ("quote.negotiated", "b2b:quote", Quote.objects.filter(version=3)),
        ("quote.to_approve", "b2b:quote", Quote.objects.filter(status="pending_approval")),
        ("request", "b2b:request", QuoteRequest.objects.filter(status="submitted")),
        (
            "invoice.overdue",
            "b2b:invoice",
            Invoice.objects.filter(status="issued", due_on__lt=timezone.localdate()),
        ),
    ):
        if first := rows.order_by("id").first():
            found[what] = Example(first.number, reverse(page, args=[first.number]))
    return found
