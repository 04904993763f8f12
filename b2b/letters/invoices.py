from b2b.letters import kinds
from b2b.letters.addressing import day, line, portal_page, to_company
from b2b.models import CreditNote, Invoice, InvoiceLine
from oms.core.display import money_text
from oms.messaging.letters import Attachment, Letter

PDF = "application/pdf"


def invoice(*, number: str) -> Letter | None:
    """Send an invoice with its PDF."""
    found = Invoice.objects.select_related("company", "purchase_order__buyer__user", "order")
    document = found.filter(number=number).first()
    if document is None:
        return None
    currency = document.currency
    charged = InvoiceLine.objects.filter(invoice=document).order_by("id")
    return to_company(
        kinds.INVOICE,
        document.company,
        {
            "number": number,
            "po_number": document.purchase_order.po_number or document.purchase_order.number,
            "total": money_text(document.amount, currency),
            "due_on": day(document.due_on),
            "lines": [
                line(
                    quantity=each.quantity,
                    name=each.name,
                    sku=each.sku_code,
                    unit_price=each.unit_price,
                    amount=each.amount,
                    currency=currency,
                )
                for each in charged
            ],
        },
        thread=document.order.number,
        buyer=document.purchase_order.buyer,
        attachments=(
            (Attachment(name=f"{number}.pdf", content_type=PDF, path=document.file.name),)
            if document.file.name
            else ()
        ),
    )


def credit_note(*, number: str) -> Letter | None:
    """Tell the company what it need not pay, or gets back."""
    found = CreditNote.objects.select_related(
        "invoice__company", "invoice__order", "invoice__purchase_order__buyer__user"
    )
    note = found.filter(number=number).first()
    if note is None:
        return None
    charged = note.invoice
    return to_company(
        kinds.CREDIT_NOTE,
        charged.company,
        {
            "number": number,
            "invoice": charged.number,
            "url": portal_page(charged.number),
            "total": money_text(note.amount, charged.currency),
            "reason": note.reason,
        },
        thread=charged.order.number,
        buyer=charged.purchase_order.buyer,
    )
