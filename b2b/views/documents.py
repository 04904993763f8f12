"""One purchase order, quote, request or invoice, and its papers."""

from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from b2b import selectors
from b2b.models import PriceList, QuoteVersion
from b2b.states import Issue
from b2b.views.seen import one
from fulfillment.models import Shipment
from oms.core.models import User


@login_required
@permission_required("b2b.view_purchaseorder", raise_exception=True)
@require_GET
def purchase_order(request: HttpRequest, number: str) -> HttpResponse:
    """Show a purchase order: its lines and our answers, what was delivered and invoiced."""
    document = one(selectors.purchase_orders_of(cast(User, request.user)), number)
    shipments = Shipment.objects.filter(fulfillment_order__order=document.order_id or 0)
    context = {
        "document": document,
        "lines": [
            {"line": line, "amount": line.amount(document.currency)}
            for line in selectors.lines_of_purchase_order(document)
        ],
        "limit": selectors.approval_needed(document),
        "issues": [Issue(each).label for each in document.issues],
        "invoices": document.invoices.order_by("id"),
        "shipments": shipments.select_related("fulfillment_order__location").order_by("id"),
        "today": timezone.localdate(),
    }
    return render(request, "b2b/purchase_order.html", context)


@login_required
@permission_required("b2b.view_quote", raise_exception=True)
@require_GET
def quote(request: HttpRequest, number: str) -> HttpResponse:
    """Show a quote: the newest version, and what each one changed."""
    document = one(selectors.quotes_of(cast(User, request.user)), number)
    versions = list(QuoteVersion.objects.filter(quote=document).order_by("-nth"))
    context = {
        "document": document,
        "newest": versions[0],
        "versions": versions,
        "lines": selectors.compared_lines(document, versions),
        "purchase_orders": list(
            selectors.purchase_orders_of(cast(User, request.user)).filter(
                quote_version__quote=document
            )
        ),
    }
    return render(request, "b2b/quote.html", context)


@login_required
@permission_required("b2b.view_quoterequest", raise_exception=True)
@require_GET
def quote_request(request: HttpRequest, number: str) -> HttpResponse:
    """Show what a company asked us to offer."""
    document = one(selectors.requests_of(cast(User, request.user)), number)
    context = {
        "document": document,
        "lines": document.lines.select_related("sku").order_by("position"),
        "quotes": document.quotes.order_by("id"),
    }
    return render(request, "b2b/request.html", context)


@login_required
@permission_required("b2b.view_invoice", raise_exception=True)
@require_GET
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """Show an invoice, what was paid and what was credited."""
    document = one(selectors.invoices_of(cast(User, request.user)), number)
    today = timezone.localdate()
    context = {
        "document": document,
        "standing": document.standing(today),
        "late": (today - document.due_on).days if document.is_overdue(today) else 0,
        "lines": document.lines.order_by("id"),
        "payments": document.payments.order_by("id"),
        "credit_notes": document.credit_notes.order_by("id"),
    }
    return render(request, "b2b/invoice_page.html", context)


@login_required
@permission_required("b2b.view_invoice", raise_exception=True)
@require_GET
def invoice_file(request: HttpRequest, number: str) -> HttpResponseBase:
    """The invoice as PDF; asked for before it is made, a page that says so."""
    document = one(selectors.invoices_of(cast(User, request.user)), number)
    if not document.file:
        return render(request, "b2b/invoice_waiting.html", {"document": document}, status=503)
    return FileResponse(document.file.open("rb"), filename=f"{number}.pdf")


@login_required
@permission_required("b2b.view_pricelist", raise_exception=True)
@require_GET
def price_list(request: HttpRequest, code: str) -> HttpResponse:
    """Show the prices of a list, those of single companies among them."""
    found = PriceList.objects.filter(code=code).first()
    if found is None:
        raise Http404
    search = request.GET.get("search", "").strip()[:64]
    prices = found.entries.select_related("sku", "company").order_by(
        "sku__code", "company", "min_quantity"
    )
    if search:
        prices = prices.filter(sku__code__istartswith=search)
    context = {
        "list": found,
        "prices": prices[:300],
        "companies": found.companies.order_by("name")[:50],
        "search": search,
        "today": timezone.localdate(),
    }
    return render(request, "b2b/price_list.html", context)
