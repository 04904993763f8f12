"""The work lists."""

from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from oms.alerts import selectors
from oms.alerts.kinds import all_kinds
from oms.alerts.states import Severity
from oms.core.keyset import page_of
from oms.core.models import User
from oms.core.shell import shell_of


@login_required
@permission_required("alerts.view_alert", raise_exception=True)
@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """Show alerts by view, severity and subject, the most urgent first, a page at a time."""
    user = cast(User, request.user)
    place = shell_of(request).location
    views = selectors.views_for(user)
    view = views.get(request.GET.get("view", "open")) or views["open"]
    severity = request.GET.get("severity", "")
    search = request.GET.get("search", "").strip()[:64]
    visible = selectors.visible_alerts(user, place.code if place else "")
    found = visible.filter(view.where).select_related("owner")
    if severity in {str(each) for each in Severity.values}:
        found = found.filter(severity=severity)
    if search:
        found = found.filter(about__istartswith=search)
    page = page_of(found, cursor=request.GET.get("cursor", ""), keys=view.keys)
    counts = selectors.counts_of(visible, user)
    text = ngettext("{n} alert", "{n} alerts", len(page))
    kind = all_kinds().get(view.name)
    context = {
        "rows": selectors.rows_of(page.rows),
        "page": page,
        "view": view,
        "kind": kind,
        "search": search,
        "severity": severity,
        "severities": Severity.choices,
        "filtered": bool(search or severity),
        "precision": selectors.precision().get(view.name) if kind else None,
        "tabs": [
            {
                "label": _(str(each.label)),
                "url": f"?view={each.name}",
                "count": _count(each, counts),
                "current": each == view,
            }
            for each in views.values()
        ],
        "summary": text.format(n=f"{len(page)}+" if page.older else len(page)),
    }
    return render(request, "alerts/list.html", context)


def _count(view: selectors.View, counts: dict[str, selectors.KindCount]) -> int | None:
    if view.name == "done":
        return None
    if view.name in counts or view.name in all_kinds():
        return counts[view.name].open if view.name in counts else 0
    each = {"open": "open", "mine": "mine", "snoozed": "snoozed"}[view.name]
    return sum(int(getattr(count, each)) for count in counts.values())
