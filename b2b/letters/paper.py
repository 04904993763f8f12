"""The invoice as a page: HTML in, `oms.core.pdf` makes paper of it."""

from django.conf import settings
from django.template.loader import render_to_string

from b2b.letters.addressing import price_text
from b2b.models import Invoice, InvoiceLine
from oms.core.display import money_text
from oms.core.money import ZERO

INVOICE_STYLESHEETS = ("oms/invoice.css",)


def invoice_page(invoice: Invoice) -> str:
    """Return the HTML of an invoice."""
    currency = invoice.currency
    lines = list(InvoiceLine.objects.filter(invoice=invoice).order_by("id"))
    goods = sum((line.amount for line in lines), ZERO)
    return render_to_string(
        "b2b/invoice.html",
        {
            "invoice": invoice,
            "company": invoice.company,
            "purchase_order": invoice.purchase_order,
            "order": invoice.order,
            "shipment": invoice.shipment,
            "seller": getattr(settings, "SHELL_BRAND", ""),
            "bill_to": invoice.bill_to.lines,
            "country": invoice.bill_to.country,
            "lines": [
                {
                    "sku": line.sku_code,
                    "name": line.name,
                    "quantity": line.quantity,
                    "price": price_text(line.unit_price, currency),
                    "amount": money_text(line.amount, currency),
                }
                for line in lines
            ],
            "goods": money_text(goods, currency),
            "other": money_text(invoice.other_amount, currency) if invoice.other_amount else "",
            "tax": money_text(invoice.tax_amount, currency) if invoice.tax_amount else "",
            "total": money_text(invoice.amount, currency),
        },
    )
