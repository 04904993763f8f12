"""One alert: its evidence, what may be done with it, what happened to it."""

from decimal import Decimal
from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from oms.alerts import selectors, story
from oms.alerts.kinds import Figure
from oms.alerts.models import Alert
from oms.core.display import money_text, number_text
from oms.core.models import User


def find_or_404(request: HttpRequest, number: str) -> Alert:
    """Return the alert, if this user may see it."""
    visible = selectors.visible_alerts(cast(User, request.user)).select_related("owner")
    alert = visible.filter(pk=selectors.key_of(number)).first()
    if alert is None:
        raise Http404
    return alert


@login_required
@permission_required("alerts.view_alert", raise_exception=True)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show an alert with its numbers and their yardsticks."""
    alert = find_or_404(request, number)
    rows = selectors.rows_of([alert])
    if not rows:
        raise Http404
    [row] = rows
    return render(
        request,
        "alerts/detail.html",
        {
            "alert": alert,
            "kind": row.kind,
            "told": row.told,
            "figures": [(figure, shown(figure)) for figure in row.told.figures],
            "precision": selectors.precision()[alert.kind],
            "verbs": alert.verbs,
            "subject_url": _subject_url(alert),
            "entries": story.entries(selectors.story_of(alert)),
        },
    )


def shown(figure: Figure) -> object:
    """Return a figure as it is read; moments are left to the page."""
    value = figure.value
    if value is None or value == "":
        return "\N{EN DASH}"
    if not isinstance(value, int | Decimal):
        return value
    if figure.form == "percent":
        return f"{number_text(value * 100)} %"
    if figure.form == "money" and figure.currency:
        return money_text(value, figure.currency)
    return number_text(value)


def _subject_url(alert: Alert) -> str:
    """The page of what it is about: an order, or a SKU."""
    name = "orders:detail" if alert.about.startswith("SO-") else "inventory:sku"
    try:
        return reverse(name, args=[alert.about])
    except NoReverseMatch:
        return ""
