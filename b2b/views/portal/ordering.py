"""Ordering: what there is and costs, the grid in which an order is written, once more."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from b2b import entry, selectors, services, telling
from b2b.models import Buyer, Company, PurchaseOrder
from b2b.rules.pasting import Unreadable, quantity
from b2b.selectors import buying
from b2b.services import LineWish
from b2b.states import Source
from b2b.views.grid import Grid
from b2b.views.portal.access import buyers_only
from b2b.views.seen import one
from oms.catalog.models import Sku
from oms.catalog.selectors import skus_like
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import Page, page_of

ON_A_PAGE = 25
MOST_FOUND = 50


@buyers_only
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, buyer: Buyer, number: str = "") -> HttpResponse:
    """Write an order: kept as a draft while it is written, then looked over."""
    if request.method == "GET":
        if not number and "new" not in request.GET and (open_draft := buying.drafts_of(buyer)[:1]):
            return redirect("buying:order-draft", open_draft[0].number)
        draft = one(buying.writable(buyer), number) if number else None
        grid = grid_of(buyer.company, draft) if draft else Grid(buyer.company)
        return _show(request, buyer, grid)
    step = request.POST.get("step", "look")
    number = number or request.POST.get("number", "")
    draft = one(buying.writable(buyer), number) if number else None
    grid = sent_grid(request, buyer, step)
    if grid.written or draft:
        _keep(request, buyer, grid, draft)
    if step == "review" and grid.written and not grid.has_errors and not grid.refusal:
        return redirect("buying:order-review", grid.number)
    return _show(request, buyer, grid, step)


def sent_grid(request: HttpRequest, buyer: Buyer, step: str) -> Grid:
    """Return the rows that were sent, looked up. Buyers name no prices."""
    grid = Grid(buyer.company, request.POST.get("number", ""), rows=entry.rows_in(request.POST))
    grid.take(request, step)
    grid.rows = entry.without_prices(grid.rows)
    grid.look_up()
    return grid


def grid_of(company: Company, document: PurchaseOrder) -> Grid:
    """Return the lines of a draft as a grid, at today's prices."""
    rows = [
        entry.Row(
            sku=line.sku_code,
            quantity=str(line.quantity),
            day=line.requested_on.isoformat() if line.requested_on else "",
        )
        for line in selectors.lines_of_purchase_order(document)
    ]
    grid = Grid(company, document.number, str(document.version), rows)
    grid.look_up()
    return grid


def _keep(request: HttpRequest, buyer: Buyer, grid: Grid, draft: PurchaseOrder | None) -> None:
    """Keep the grid in its draft, or in a new one; what was said around it stays."""
    try:
        kept = save_draft(request, buyer, grid.wishes, draft)
    except Refusal as refusal:
        grid.refusal = str(refusal)
    else:
        grid.number, grid.version, grid.saved = kept.number, str(kept.version), True


def save_draft(
    request: HttpRequest,
    buyer: Buyer,
    lines: list[LineWish],
    draft: PurchaseOrder | None = None,
    **head: Any,
) -> PurchaseOrder:
    """Write lines into a draft of the buyer, or into a new one; a refusal is the caller's."""
    if draft is not None:
        names = ("po_number", "ship_to", "requested_on", "note")
        head = {**{name: getattr(draft, name) for name in names}, **head}
    return services.save_purchase_order(
        company=buyer.company.code,
        lines=lines,
        source=Source.PORTAL,
        number=draft.number if draft else None,
        buyer=buyer,
        partial=True,
        by=Actor.of(buyer.user),
        at=timezone.now(),
        **head,
    )


def grid_context(grid: Grid) -> dict[str, Any]:
    """Return what pages show of a grid: each row with its amount and what there is of it."""
    currency = grid.company.currency
    short = {row.code: row.short for row in grid.rows if row.code and row.short}
    coming = buying.coming_on(short, timezone.localdate())
    return {
        "sheet": grid,
        "rows": [
            {
                "row": row,
                "amount": row.amount(currency),
                "stock": telling.stock(row.available, row.units or 0, coming.get(row.code)),
            }
            for row in grid.rows
        ],
        "currency": currency,
        "total": entry.total(grid.rows, currency),
        "units": sum(row.units or 0 for row in grid.rows),
        "lines": len(grid.written),
        "now": timezone.now(),
        "word": "b2b/portal/_word.html",
        "unpriced": True,
    }


def _show(request: HttpRequest, buyer: Buyer, grid: Grid, step: str = "") -> HttpResponse:
    alone = request.headers.get("HX-Request") == "true" and step == "keep"
    sent = len(request.POST.getlist("sku"))
    grid.rows = entry.padded(grid.rows, to=sent if alone else None)
    context = {**grid_context(grid), "buyer": buyer, "step": step}
    context["money"] = "b2b/portal/_sum.html"
    if step == "review" and not grid.written:
        grid.refusal = _("Write at least one line.")
    page = "b2b/_entry_found.html" if alone else "b2b/portal/order.html"
    return render(request, page, context, status=422 if step == "review" or grid.refusal else 200)


@buyers_only
@require_GET
def look_up(request: HttpRequest, buyer: Buyer) -> HttpResponse:
    """Find SKUs by what somebody calls them, with the company's price: the grid's palette."""
    query = request.GET.get("q", "").strip()[:64]
    found = entry.look_up(query, buyer.company, timezone.localdate())
    context = {"found": found, "company": buyer.company, "query": query, "buyer": buyer}
    return render(request, "b2b/_skus_found.html", context)


@buyers_only
@require_POST
def again(request: HttpRequest, buyer: Buyer, number: str) -> HttpResponse:
    """Begin an order with the lines of an earlier one, at today's prices."""
    past = one(buying.orders_for(buyer), number)
    wanted = selectors.lines_of_purchase_order(past)
    units = {line.sku.code: line.quantity for line in wanted if line.sku}
    priced = selectors.company_prices(buyer.company, units, timezone.localdate())
    lines = [
        LineWish(sku=line.sku.code, quantity=line.quantity)
        for line in wanted
        if line.sku and line.sku.code in priced
    ]
    if not lines:
        messages.error(request, _("Nothing of {n} can be ordered any more.").format(n=number))
        return redirect("buying:orders-one", number)
    draft = save_draft(request, buyer, lines, ship_to=past.ship_to)
    return redirect(f"{reverse('buying:order-review', args=[draft.number])}?from={number}")


@buyers_only
@require_http_methods(["GET", "POST"])
def catalog(request: HttpRequest, buyer: Buyer) -> HttpResponse:
    """Show what there is, at the company's prices, and put some of it into the order."""
    data = request.POST if request.method == "POST" else request.GET
    draft = _draft_named(buyer, data.get("number", ""))
    search = data.get("search", "").strip()[:64]
    cursor = data.get("cursor", "")
    wanted: dict[str, int] = {}
    written: dict[str, str] = {}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        written = dict(zip(data.getlist("sku"), data.getlist("quantity"), strict=False))
        for code, cell in written.items():
            try:
                if cell.strip():
                    wanted[code] = quantity(cell)
            except Unreadable as reason:
                wrong[code] = str(reason).capitalize() + "."
        if wanted and not wrong:
            return _add(request, buyer, draft, wanted)
    page = (
        Page(list(skus_like(search)[:MOST_FOUND]), None, None)
        if search
        else page_of(
            Sku.objects.all(), cursor=cursor, keys=("code",), descending=False, size=ON_A_PAGE
        )
    )
    found = buying.articles(buyer.company, page.rows, timezone.localdate())
    context = {
        "buyer": buyer,
        "draft": draft,
        "search": search,
        "cursor": cursor,
        "page": page,
        "currency": buyer.company.currency,
        "articles": [
            {
                "article": each,
                "stock": telling.stock(each.free, 0, each.expected_on),
                "written": written.get(each.sku.code, ""),
                "error": wrong.get(each.sku.code, ""),
            }
            for each in found
        ],
        "refusal": _("Say of something how many units you want.")
        if request.method == "POST" and not wrong
        else "",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "b2b/portal/catalog.html", context, status=status)


def _draft_named(buyer: Buyer, number: str) -> PurchaseOrder | None:
    if number:
        return one(buying.writable(buyer), number)
    return buying.drafts_of(buyer).first()


def _add(
    request: HttpRequest, buyer: Buyer, draft: PurchaseOrder | None, wanted: dict[str, int]
) -> HttpResponse:
    """Add units to the draft: to the line of a SKU where there is one."""
    lines = []
    left = dict(wanted)
    for line in selectors.lines_of_purchase_order(draft) if draft else ():
        more = left.pop(line.sku_code, 0)
        lines.append(LineWish(line.sku_code, line.quantity + more, requested_on=line.requested_on))
    lines += [LineWish(code, units) for code, units in left.items()]
    try:
        kept = save_draft(request, buyer, lines, draft)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("buying:order-catalog")
    count = len(wanted)
    messages.success(
        request,
        ngettext("{n} article is in your order.", "{n} articles are in your order.", count).format(
            n=count
        ),
    )
    return redirect("buying:order-draft", kept.number)
