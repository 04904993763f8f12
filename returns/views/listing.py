"""The list of returns."""

from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from oms.core.keyset import page_of
from oms.core.models import User
from oms.core.shell import shell_of
from returns import selectors


@login_required
@permission_required("returns.view_returnauthorization", raise_exception=True)
@require_GET
def return_list(request: HttpRequest) -> HttpResponse:
    """Show returns newest first, by view and search, a page at a time."""
    search = request.GET.get("search", "").strip()[:120]
    asked = request.GET.get("view", "all" if search else "open")
    view = selectors.VIEWS.get(asked) or selectors.VIEWS["open"]
    place = shell_of(request).location
    user = cast(User, request.user)
    visible = selectors.visible_returns(user, (place.code,) if place else None)
    found = visible.filter(status__in=view.statuses)
    if search:
        found = selectors.matching(found, search)
    page = page_of(found, cursor=request.GET.get("cursor", ""), keys=("id",))
    counts = selectors.view_counts(visible)
    text = ngettext("{n} return, newest first", "{n} returns, newest first", len(page))
    context = {
        "rows": selectors.rows_of(page.rows),
        "page": page,
        "tabs": [
            {
                "label": _(each.label),
                "url": f"?view={each.name}",
                "count": counts.get(each.name),
                "current": each == view,
            }
            for each in selectors.VIEWS.values()
        ],
        "view": view,
        "search": search,
        "summary": text.format(n=f"{len(page)}+" if page.older else len(page)),
    }
    return render(request, "returns/list.html", context)
