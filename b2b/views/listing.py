"""Lists: purchase orders, quotes, requests, invoices, companies, price lists, orders on hold."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from b2b import selectors
from b2b.models import PriceList
from b2b.selectors import listing
from b2b.selectors.desk import desk_of, held_companies, owed
from oms.core.keyset import page_of
from oms.core.models import User


def list_page(
    request: HttpRequest,
    kind: listing.Listing,
    rows: QuerySet[Any],
    *,
    folder: str = "b2b",
    **more: Any,
) -> HttpResponse:
    """Show one kind of document newest first, by view and search, a page at a time."""
    today = timezone.localdate()
    search = request.GET.get("search", "").strip()[:120]
    view = kind.view(request.GET.get("view", "all" if search else ""))
    counts = listing.counts(kind, rows, today)
    found = listing.shown(rows, view, today)
    if search:
        found = kind.matching(found, search)
    page = page_of(found, cursor=request.GET.get("cursor", ""), keys=("id",))
    context = {
        "page": page,
        "tabs": [
            {
                "label": each.label,
                "url": f"?view={each.name}",
                "count": counts.get(each.name),
                "current": each == view,
            }
            for each in kind.views
        ],
        "view": view,
        "search": search,
        "today": today,
        **more,
    }
    return render(request, f"{folder}/{kind.name}.html", context)


@login_required
@permission_required("b2b.view_company", raise_exception=True)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What waits on the sales desk, the oldest first."""
    today = timezone.localdate()
    user = cast(User, request.user)
    context = {"desk": desk_of(user, today), "today": today}
    return render(request, "b2b/desk.html", context)


@login_required
@permission_required("b2b.view_purchaseorder", raise_exception=True)
@require_GET
def purchase_orders(request: HttpRequest) -> HttpResponse:
    """Purchase orders of the accounts one may see."""
    rows = selectors.purchase_orders_of(cast(User, request.user))
    return list_page(request, listing.PURCHASE_ORDERS, rows)


@login_required
@permission_required("b2b.view_quote", raise_exception=True)
@require_GET
def quotes(request: HttpRequest) -> HttpResponse:
    """Quotes of the accounts one may see."""
    rows = selectors.quotes_of(cast(User, request.user))
    return list_page(request, listing.QUOTES, rows)


@login_required
@permission_required("b2b.view_quoterequest", raise_exception=True)
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """What companies asked us to offer."""
    rows = selectors.requests_of(cast(User, request.user))
    return list_page(request, listing.REQUESTS, rows)


@login_required
@permission_required("b2b.view_invoice", raise_exception=True)
@require_GET
def invoices(request: HttpRequest) -> HttpResponse:
    """Invoices, and how old what is owed has become."""
    rows = selectors.invoices_of(cast(User, request.user))
    ages = owed(rows, timezone.localdate())
    return list_page(request, listing.INVOICES, rows, ages=ages)


@login_required
@permission_required("b2b.view_company", raise_exception=True)
@require_GET
def companies(request: HttpRequest) -> HttpResponse:
    """The accounts one may see, by name."""
    search = request.GET.get("search", "").strip()[:120]
    rows = selectors.companies_of(cast(User, request.user)).select_related("credit")
    if search:
        rows = rows.filter(Q(name__istartswith=search) | Q(code__iexact=search))
    cursor = request.GET.get("cursor", "")
    page = page_of(rows, cursor=cursor, keys=("id",))
    return render(request, "b2b/companies.html", {"page": page, "search": search})


@login_required
@permission_required("b2b.view_pricelist", raise_exception=True)
@require_GET
def price_lists(request: HttpRequest) -> HttpResponse:
    """Every price list."""
    rows = PriceList.objects.order_by("-is_active", "name")[:500]
    return render(request, "b2b/price_lists.html", {"lists": rows})


@login_required
@permission_required("b2b.view_creditaccount", raise_exception=True)
@require_GET
def credit_holds(request: HttpRequest) -> HttpResponse:
    """Orders that wait for credit, the oldest first."""
    held = held_companies(cast(User, request.user))
    return render(request, "b2b/credit_holds.html", {"held": held})
