"""Invoices of the company: what is open, what was paid, and the papers."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from b2b.models import Buyer, CreditAccount
from b2b.selectors import buying, listing
from b2b.selectors.desk import owed
from b2b.views.listing import list_page
from b2b.views.portal.access import buyers_only
from b2b.views.seen import one


@buyers_only
@require_GET
def invoices(request: HttpRequest, buyer: Buyer) -> HttpResponse:
    """The company's invoices, and how old what is open has become."""
    rows = buying.invoices_for(buyer)
    return list_page(
        request,
        listing.INVOICES,
        rows,
        folder="b2b/portal",
        buyer=buyer,
        ages=owed(rows, timezone.localdate()),
        credit=CreditAccount.objects.get(company=buyer.company),
    )


@buyers_only
@require_GET
def invoice(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Show an invoice, what was paid of it, and how to pay the rest."""
    document = one(buying.invoices_for(buyer), number)
    today = timezone.localdate()
    context = {
        "buyer": buyer,
        "document": document,
        "standing": document.standing(today),
        "lines": document.lines.order_by("id"),
        "payments": document.payments.order_by("id"),
        "credit_notes": document.credit_notes.order_by("id"),
    }
    return render(request, "b2b/portal/invoice.html", context)


@buyers_only
@require_GET
def invoice_file(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponseBase:
    """The invoice as PDF; asked for before it is made, a page that says so."""
    document = one(buying.invoices_for(buyer), number)
    if not document.file:
        context = {"buyer": buyer, "document": document}
        return render(request, "b2b/portal/invoice_waiting.html", context, status=503)
    return FileResponse(document.file.open("rb"), as_attachment=True, filename=f"{number}.pdf")
