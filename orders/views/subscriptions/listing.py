"""The list of subscriptions, and all that is to come."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from oms.core.keyset import page_of
from orders import selectors

SPANS = (7, 14, 30)


@login_required
@permission_required("orders.view_subscription", raise_exception=True)
@require_GET
def subscription_list(request: HttpRequest) -> HttpResponse:
    """Show subscriptions, the newest first, by view and search, a page at a time."""
    search = request.GET.get("search", "").strip()[:120]
    views = selectors.SUBSCRIPTION_VIEWS
    view = views.get(request.GET.get("view", "all" if search else "active")) or views["active"]
    rows = view.narrow(selectors.subscription_list())
    found = selectors.matching_subscriptions(rows, search)
    page = page_of(found, cursor=request.GET.get("cursor", ""), keys=("id",))
    shown = len(page)
    words = ngettext("{n} subscription", "{n} subscriptions", shown)
    context = {
        "rows": selectors.subscription_rows(page.rows),
        "page": page,
        "view": view,
        "search": search,
        "tabs": [
            {"label": each.label, "url": f"?view={each.name}", "current": each == view}
            for each in views.values()
        ],
        "summary": words.format(n=f"{shown}+" if page.older else shown),
    }
    return render(request, "orders/subscriptions/list.html", context)


@login_required
@permission_required("orders.view_subscription", raise_exception=True)
@require_GET
def upcoming(request: HttpRequest) -> HttpResponse:
    """Show the deliveries of the coming days, what they add up to, and what stock will not do."""
    asked = request.GET.get("days", "")
    days = {str(span): span for span in SPANS}.get(asked, SPANS[1])
    until = timezone.now() + timedelta(days=days)
    cycles = selectors.upcoming_cycles(until)
    page = page_of(
        cycles, cursor=request.GET.get("cursor", ""), keys=("due_at", "id"), descending=False
    )
    context = {
        "rows": selectors.upcoming_rows(page.rows),
        "page": page,
        "outlook": selectors.outlook(until),
        "tabs": [
            {
                "label": _("{n} days").format(n=span),
                "url": f"?days={span}",
                "current": span == days,
            }
            for span in SPANS
        ],
    }
    return render(request, "orders/subscriptions/upcoming.html", context)
