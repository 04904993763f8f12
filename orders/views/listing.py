"""The list of orders, and what is done to several at once."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from oms.channels.models import Channel
from oms.core.actors import Actor
from oms.core.display import short_number
from oms.core.errors import Refusal
from oms.core.exports import XLSX, write_csv, write_xlsx
from oms.core.keyset import page_of
from oms.core.models import User
from orders import selectors, services
from orders.errors import OrderNotFound
from orders.exports import order_table
from orders.filters import OrderFilter
from orders.forms import HoldForm
from orders.selectors.listing import View
from orders.states import hold_kind

MOST_AT_ONCE = 50


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_GET
def order_list(request: HttpRequest) -> HttpResponse:
    """Show orders newest first, by view, search and filters, a page at a time."""
    user = cast(User, request.user)
    search, view, filterset = _asked(request)
    page = page_of(filterset.qs, cursor=request.GET.get("cursor", ""))
    counts = selectors.view_counts(user)
    tabs = [
        {
            "label": each.label,
            "url": f"?view={each.name}",
            "count": counts.get(each.name),
            "current": each == view,
        }
        for each in selectors.VIEWS.values()
    ]
    context = {
        "rows": selectors.rows_of(page.rows),
        "page": page,
        "tabs": tabs,
        "view": view,
        "search": search,
        "filterset": filterset,
        "is_narrowed": bool(search or filterset.form.changed_data),
        "summary": _summary(len(page), counts.get(view.name), page.older, bool(search)),
        "ways": len(filterset.filters["channel"].extra["choices"]),
    }
    return render(request, "orders/list.html", context)


def _asked(request: HttpRequest) -> tuple[str, View, OrderFilter]:
    """What is searched for, the view, and the orders of both that this person may see."""
    search = request.GET.get("search", "").strip()[:120]
    chosen = selectors.VIEWS.get(request.GET.get("view", "all" if search else "open"))
    view = chosen or selectors.VIEWS["open"]
    channels = list(Channel.objects.order_by("name").values_list("slug", "name"))
    orders = selectors.orders_of(cast(User, request.user))
    wanted = view.narrow(selectors.matching(orders, search))
    return search, view, OrderFilter(request.GET, queryset=wanted, channels=channels)


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Hand out the orders of the list as it is narrowed, all pages of it, as CSV or XLSX."""
    _search, view, filterset = _asked(request)
    rows = order_table(filterset.qs)
    written, kind = write_csv(rows), "text/csv; charset=utf-8"
    if form == "xlsx":
        written, kind = write_xlsx(rows), XLSX
    answer = StreamingHttpResponse(written, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="orders-{view.name}.{form}"'
    return answer


def _summary(shown: int, count: int | None, more: str | None, search: bool) -> str:
    if search or count is None:
        text = ngettext("{n} order, newest first", "{n} orders, newest first", shown)
        return text.format(n=f"{shown}+" if more else shown)
    text = ngettext("{n} order, newest first", "{n} orders, newest first", count)
    return text.format(n=short_number(count))


@login_required
@permission_required("orders.hold_order", raise_exception=True)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Hold the chosen orders, or release what holds them; say of each how it went."""
    numbers = [n for n in request.POST.getlist("number") if n.isprintable()][:MOST_AT_ONCE]
    back = _back(request)
    if not numbers:
        messages.error(request, _("Choose at least one order first."))
        return back
    if request.POST.get("verb") == "release":
        _release(request, numbers)
        return back
    form = HoldForm(request.POST if "reason" in request.POST else None)
    if form.is_valid():
        _hold(request, numbers, form.cleaned_data["kind"], form.cleaned_data["reason"])
        return back
    context = {"form": form, "numbers": numbers, "back": back.url}
    return render(request, "orders/hold_many.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the list as it was: its filters travel with the form."""
    query = QueryDict(request.POST.get("query", "")[:2000]).urlencode()
    return redirect(f"{reverse('orders:list')}{'?' + query if query else ''}")


def _release(request: HttpRequest, numbers: list[str]) -> None:
    """Release what holds each of them, as far as this person may."""
    user, done = cast(User, request.user), 0
    by, reason = Actor.of(user), _("Released from the list")
    orders = selectors.orders_of(user).filter(number__in=numbers).order_by("-placed_at", "-id")
    for row in selectors.rows_of(orders):
        number = row.order.number
        if not row.holds:
            messages.info(request, _("{n}: nothing holds it.").format(n=number))
        for kind in row.holds:
            if not user.has_perm(hold_kind(kind).released_by):
                words = _("{n}: you may not release its {kind} hold.")
                label = hold_kind(kind).in_words
                messages.error(request, words.format(n=number, kind=label))
                continue
            try:
                services.release_hold(number=number, kind=kind, reason=reason, by=by)
                done += 1
            except Refusal as refusal:
                messages.error(request, str(refusal))
    if done:
        text = ngettext("{n} hold is released.", "{n} holds are released.", done)
        messages.success(request, text.format(n=done))


def _hold(request: HttpRequest, numbers: list[str], kind: str, reason: str) -> None:
    user, done = cast(User, request.user), 0
    seen = set(
        selectors.orders_of(user).filter(number__in=numbers).values_list("number", flat=True)
    )
    for number in numbers:
        try:
            if number not in seen:
                raise OrderNotFound(number=number)
            services.hold_order(number=number, kind=kind, reason=reason, by=Actor.of(user))
            done += 1
        except Refusal as refusal:
            messages.error(request, str(refusal))
    if done:
        text = ngettext("{n} order is on hold.", "{n} orders are on hold.", done)
        messages.success(request, text.format(n=done))
