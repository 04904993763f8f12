"""What staff do with alerts, one or several. A refusal is shown where it was asked for."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from oms.alerts import selectors, services
from oms.alerts.forms import AssignForm, SettleForm, SnoozeForm
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.htmx import is_part
from oms.core.models import User

MOST = 200
Act = Callable[..., list[str]]
may_act = permission_required("alerts.settle_alert", raise_exception=True)


def _asked(request: HttpRequest) -> list[selectors.AlertRow]:
    """Return the alerts that are meant, as far as this user may see them."""
    said = request.POST if request.method == "POST" else request.GET
    keys = [selectors.key_of(number) for number in said.getlist("number")[:MOST]]
    visible = selectors.visible_alerts(cast(User, request.user)).select_related("owner")
    found = selectors.rows_of(visible.filter(pk__in=keys).order_by("-severity", "-opened_at"))
    if not found and keys:
        raise Http404
    return found


def _back(request: HttpRequest, rows: list[selectors.AlertRow]) -> str:
    """Where one goes on: to the alert that was acted on from its page, else to the list."""
    if request.POST.get("from") == "detail" and len(rows) == 1:
        return reverse("alerts:detail", args=[rows[0].alert.number])
    view = request.POST.get("view", "open")
    known = selectors.views_for(cast(User, request.user))
    return f"{reverse('alerts:list')}?view={view if view in known else 'open'}"


def _told(done: list[str], rows: list[selectors.AlertRow], one: str, many: str) -> str:
    text = ngettext(one, many, len(done)).format(n=len(done), number=done[0])
    left = len(rows) - len(done)
    if left:
        more = ngettext(
            "{n} was settled or over already.", "{n} were settled or over already.", left
        )
        text = f"{text} {more.format(n=left)}"
    return text


@login_required
@may_act
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Make the alerts one's own, at once."""
    username = cast(User, request.user).get_username()
    words = (_("{number} is yours."), _("{n} alerts are yours."))
    return _at_once(request, services.assign_alerts, {"to": username}, *words)


@login_required
@may_act
@require_POST
def reopen(request: HttpRequest) -> HttpResponse:
    """Make settled alerts work again, at once."""
    words = (_("{number} is open again."), _("{n} alerts are open again."))
    return _at_once(request, services.reopen_alerts, {}, *words)


def _at_once(
    request: HttpRequest, act: Act, values: dict[str, Any], one: str, many: str
) -> HttpResponse:
    rows = _asked(request)
    if not rows:
        messages.error(request, _("No alert was chosen."))
        return redirect(_back(request, rows))
    numbers = [row.alert.number for row in rows]
    try:
        done = act(numbers=numbers, by=Actor.of(request.user), at=timezone.now(), **values)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _told(done, rows, one, many))
    return redirect(_back(request, rows))


@login_required
@may_act
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """Give the alerts to somebody."""
    words = (_("{number} has its owner."), _("{n} alerts have their owner."))
    return _with_form(request, "assign", AssignForm, services.assign_alerts, *words)


@login_required
@may_act
@require_http_methods(["GET", "POST"])
def snooze(request: HttpRequest) -> HttpResponse:
    """Let the alerts sleep for a while."""
    words = (_("{number} sleeps."), _("{n} alerts sleep."))
    return _with_form(request, "snooze", SnoozeForm, services.snooze_alerts, *words)


@login_required
@may_act
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest) -> HttpResponse:
    """Be done with the alerts, and say what they were worth."""
    words = (_("{number} is settled."), _("{n} alerts are settled."))
    return _with_form(request, "settle", SettleForm, services.settle_alerts, *words)


def _with_form(
    request: HttpRequest,
    verb: str,
    form_class: Callable[..., Any],
    act: Act,
    one: str,
    many: str,
) -> HttpResponse:
    """Ask, then act; a page, or for the dialog its part. The first POST of a list only asks."""
    rows = _asked(request)
    if not rows:
        messages.error(request, _("No alert was chosen."))
        return redirect(_back(request, rows))
    answered = request.method == "POST" and "confirm" in request.POST
    form = form_class(request.POST if answered else None)
    status = 422 if answered else 200
    now = timezone.now()
    if answered and form.is_valid():
        numbers = [row.alert.number for row in rows]
        try:
            done = act(numbers=numbers, by=Actor.of(request.user), at=now, **form.values(now))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _told(done, rows, one, many))
            return redirect(_back(request, rows))
    said = request.POST if request.method == "POST" else request.GET
    context = {
        "rows": rows,
        "verb": verb,
        "form": form,
        "view": said.get("view", "open"),
        "origin": said.get("from", ""),
        "back": reverse("alerts:list"),
    }
    page = "alerts/_act.html" if is_part(request) else "alerts/act.html"
    return render(request, page, context, status=status)
