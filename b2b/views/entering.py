"""The page on which a sales rep writes a purchase order or a quote down."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from b2b import entry, selectors, services
from b2b.errors import PurchaseOrderChanged
from b2b.models import PurchaseOrder, Quote, QuoteRequest
from b2b.selectors.companies import addresses_of
from b2b.states import PurchaseStatus, QuoteStatus, Source
from b2b.views.grid import Grid
from b2b.views.seen import company_or_404
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.models import User
from oms.core.said import whole_number

HEAD = ("po_number", "requested_on", "ship_to", "sales_rep", "note", "valid_until")


@dataclass
class Sheet(Grid):
    """What is being written: `kind` of document, and what stands around the grid."""

    kind: str = "purchase_order"
    head: dict[str, str] = field(default_factory=dict)
    overtaken: bool = False

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.head[name]) if self.head[name] else None
        except ValueError:
            return None


@login_required
@permission_required("b2b.enter_purchaseorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def purchase_order(request: HttpRequest, number: str = "") -> HttpResponse:
    """Write a purchase order: kept as a draft while it is written, then submitted."""
    user = cast(User, request.user)
    if request.method == "GET":
        sheet = _of_purchase_order(user, number) if number else _new(request, user)
        return _show(request, sheet) if sheet else _choose(request, user, "purchase_order")
    sheet = _sent(request, user, "purchase_order")
    step = request.POST.get("step", "submit")
    sheet.take(request, step)
    sheet.look_up()
    try:
        if step == "submit" and not sheet.has_errors:
            saved = services.enter_purchase_order(**_said(sheet), by=Actor.of(user), at=_now())
            messages.success(request, _submitted(saved))
            return redirect("b2b:purchase-order", saved.number)
        if step != "submit":
            draft = services.save_purchase_order(
                **_said(sheet), partial=True, by=Actor.of(user), at=_now()
            )
            sheet.number, sheet.version, sheet.saved = draft.number, str(draft.version), True
    except PurchaseOrderChanged as refusal:
        sheet.refusal = str(refusal)
        if not _is_by_itself(request, step):
            now = selectors.purchase_orders_of(user).get(number=sheet.number)
            sheet.version, sheet.overtaken = str(now.version), True
    except Refusal as refusal:
        sheet.refusal = str(refusal)
    return _show(request, sheet, step)


@login_required
@permission_required("b2b.draft_quote", raise_exception=True)
@require_http_methods(["GET", "POST"])
def quote(request: HttpRequest, number: str = "") -> HttpResponse:
    """Write a quote, or the next version of one; it goes to the company when it is presented."""
    user = cast(User, request.user)
    if request.method == "GET":
        sheet = _of_quote(user, number) if number else _new(request, user, "quote")
        return _show(request, sheet) if sheet else _choose(request, user, "quote")
    sheet = _sent(request, user, "quote")
    step = request.POST.get("step", "submit")
    sheet.take(request, step)
    sheet.look_up()
    try:
        if step == "submit" and not sheet.has_errors:
            drafted = services.draft_quote(
                company=sheet.company.code,
                lines=sheet.wishes,
                number=sheet.number or None,
                request=sheet.head["request"] or None,
                valid_until=sheet.day("valid_until"),
                note=sheet.head["note"],
                owner=user.username,
                by=Actor.of(user),
                at=_now(),
            )
            messages.success(request, _("{n} is drafted.").format(n=drafted.number))
            return redirect("b2b:quote", drafted.number)
    except Refusal as refusal:
        sheet.refusal = str(refusal)
    return _show(request, sheet, step)


@login_required
@permission_required("b2b.enter_purchaseorder", raise_exception=True)
@require_GET
def look_up(request: HttpRequest, code: str) -> HttpResponse:
    """Find SKUs by what somebody calls them, with the company's price: the grid's palette."""
    company = company_or_404(cast(User, request.user), code)
    query = request.GET.get("q", "").strip()[:64]
    found = entry.look_up(query, company, timezone.localdate())
    context = {"found": found, "company": company, "query": query}
    return render(request, "b2b/_skus_found.html", context)


def _is_by_itself(request: HttpRequest, step: str) -> bool:
    """Whether the page keeps its draft while somebody writes: nobody pressed anything."""
    return request.headers.get("HX-Request") == "true" and step == "keep"


def _now() -> Any:
    return timezone.now()


def _submitted(saved: PurchaseOrder) -> str:
    words = {
        PurchaseStatus.ACCEPTED: _("{n} is accepted and on its way to the warehouse."),
        PurchaseStatus.PENDING_APPROVAL: _("{n} waits for a second person of the company."),
    }
    return words.get(
        PurchaseStatus(saved.status), _("{n} is submitted and waits to be accepted.")
    ).format(n=saved.number)


def _said(sheet: Sheet) -> dict[str, Any]:
    chosen = sheet.head["ship_to"]
    places = {each.label: each.address for each in addresses_of(sheet.company)}
    return {
        "company": sheet.company.code,
        "lines": sheet.wishes,
        "source": Source.REP,
        "number": sheet.number or None,
        "po_number": sheet.head["po_number"],
        "ship_to": places.get(chosen),
        "requested_on": sheet.day("requested_on"),
        "note": sheet.head["note"],
        "sales_rep": sheet.head["sales_rep"],
        "expected_version": whole_number(sheet.version),
    }


def _new(request: HttpRequest, user: User, kind: str = "purchase_order") -> Sheet | None:
    code = request.GET.get("company", "")
    if not code:
        return None
    asked = request.GET.get("request", "")
    rows: list[entry.Row] = []
    if asked:
        wanted = selectors.requests_of(user).filter(number=asked).first()
        if wanted is None:
            raise Http404
        rows = [
            entry.Row(sku=line.sku.code, quantity=str(line.quantity))
            for line in wanted.lines.select_related("sku").order_by("position")
        ]
    company = company_or_404(user, code)
    head = {**dict.fromkeys(HEAD, ""), "request": asked}
    return _looked_up(Sheet(company, rows=rows, kind=kind, head=head))


def _of_purchase_order(user: User, number: str) -> Sheet:
    document = selectors.purchase_orders_of(user).filter(number=number).first()
    if document is None or ("change" not in document.verbs and "reopen" not in document.verbs):
        raise Http404
    rows = [
        entry.Row(
            sku=line.sku_code,
            quantity=str(line.quantity),
            price="" if not line.price_differs else f"{line.unit_price.normalize():f}",
            day=line.requested_on.isoformat() if line.requested_on else "",
        )
        for line in selectors.lines_of_purchase_order(document)
    ]
    label = next(
        (each.label for each in addresses_of(document.company) if each.address == document.ship_to),
        "",
    )
    head = {
        "po_number": document.po_number,
        "requested_on": document.requested_on.isoformat() if document.requested_on else "",
        "ship_to": label,
        "sales_rep": document.sales_rep.username if document.sales_rep else "",
        "note": document.note,
        "valid_until": "",
        "request": "",
    }
    company = company_or_404(user, document.company.code)
    return _looked_up(Sheet(company, number, str(document.version), rows, head=head))


def _of_quote(user: User, number: str) -> Sheet:
    found: Quote | None = selectors.quotes_of(user).filter(number=number).first()
    if found is None or found.status != QuoteStatus.DRAFT:
        raise Http404
    rows = [
        entry.Row(
            sku=line.sku.code,
            quantity=str(line.quantity),
            price="" if line.unit_price == line.list_price else f"{line.unit_price.normalize():f}",
        )
        for line in selectors.lines_of_quote(found)
    ]
    head = {
        **dict.fromkeys(HEAD, ""),
        "valid_until": found.valid_until.isoformat() if found.valid_until else "",
        "note": selectors.newest_version(found).note,
        "request": found.request.number if found.request else "",
    }
    company = company_or_404(user, found.company.code)
    return _looked_up(Sheet(company, number, rows=rows, kind="quote", head=head))


def _looked_up(sheet: Sheet) -> Sheet:
    sheet.look_up()
    return sheet


def _sent(request: HttpRequest, user: User, kind: str) -> Sheet:
    data = request.POST
    head = {name: data.get(name, "").strip()[:2000] for name in (*HEAD, "request")}
    return Sheet(
        company=company_or_404(user, data.get("company", "")),
        kind=kind,
        number=data.get("number", ""),
        version=data.get("version", ""),
        head=head,
        rows=entry.rows_in(data),
    )


def _show(request: HttpRequest, sheet: Sheet, step: str = "") -> HttpResponse:
    currency = sheet.company.currency
    alone = _is_by_itself(request, step)
    shown = entry.padded(sheet.rows, to=len(request.POST.getlist("sku")) if alone else None)
    amount = entry.total(sheet.rows, currency)
    credit = sheet.company.credit
    context = {
        "sheet": sheet,
        "rows": [{"row": row, "amount": row.amount(currency)} for row in shown],
        "total": amount,
        "units": sum(row.units or 0 for row in sheet.rows),
        "lines": len([row for row in sheet.rows if not row.is_blank]),
        "problems": sum(1 for row in sheet.rows if row.errors),
        "credit": credit,
        "over": credit.room_amount is not None and amount > credit.room_amount,
        "asked": None if alone else _asked(sheet),
        "places": addresses_of(sheet.company),
        "reps": selectors.sales_reps(),
        "action": reverse(f"b2b:new-{sheet.kind.replace('_', '-')}"),
        "now": timezone.now(),
    }
    page = "b2b/_entry_found.html" if alone else "b2b/entry.html"
    wrong = step == "submit" or sheet.refusal
    return render(request, page, context, status=422 if wrong else 200)


def _asked(sheet: Sheet) -> QuoteRequest | None:
    """The request that a quote answers, to read while it is written."""
    number = sheet.head.get("request", "")
    if not number:
        return None
    asked = QuoteRequest.objects.filter(number=number, company=sheet.company)
    return asked.prefetch_related("lines__sku").first()


def _choose(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """Ask for which company first."""
    companies = selectors.companies_of(user).filter(is_active=True).order_by("name")[:500]
    return render(request, "b2b/choose_company.html", {"companies": companies, "kind": kind})
