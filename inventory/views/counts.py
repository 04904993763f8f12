"""Stock counts as staff see them: the list, the plan, one count and what becomes of it."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inventory import selectors, services
from inventory.forms.counts import NewCountForm, NoteForm
from inventory.models import Location, StockCount
from inventory.views.count_story import timeline_of_count
from inventory.views.stock import narrowed
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.models import User
from oms.core.said import posted, whole_number
from oms.core.shell import shell_of

MOST_PLANNED = 40
USUALLY_PLANNED = 12
RUN, APPROVE = "inventory.run_stockcount", "inventory.approve_stockcount"


def count_or_404(request: HttpRequest, number: str) -> StockCount:
    """Return the count, if it is at a location where the user works."""
    visible = selectors.visible_location_ids(cast(User, request.user))
    count = selectors.counts(visible).filter(number=number).first()
    if count is None:
        raise Http404(number)
    return count


@login_required
@permission_required("inventory.view_stockcount", raise_exception=True)
@require_GET
def count_list(request: HttpRequest) -> HttpResponse:
    """Show counts newest first, by view, a page at a time."""
    views = selectors.COUNT_VIEWS
    view = views.get(request.GET.get("view", "open")) or views["open"]
    visible = selectors.counts(narrowed(request))
    page = page_of(
        visible.filter(status__in=view.statuses),
        cursor=request.GET.get("cursor", ""),
        keys=("id",),
    )
    by_view = selectors.counts_by_view(visible)
    context = {
        "rows": selectors.count_rows(page.rows),
        "page": page,
        "view": view,
        "location": request.GET.get("location", ""),
        "locations": shell_of(request).locations,
        "tabs": [
            {
                "label": each.label,
                "url": f"?view={each.name}",
                "count": by_view.get(each.name),
                "current": each == view,
            }
            for each in views.values()
        ],
    }
    return render(request, "inventory/counts.html", context)


@login_required
@permission_required(RUN, raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a count of bins, SKUs, or both."""
    chosen = shell_of(request).location
    initial: dict[str, Any] = {"location": chosen.code} if chosen else {}
    initial |= {"bins": request.GET.get("bin", ""), "skus": request.GET.get("sku", "")}
    places = selectors.locations_of(cast(User, request.user))
    form = NewCountForm(request.POST or None, locations=places, initial=initial)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            count = services.request_count(
                by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("{n} is ready to be counted.").format(n=count.number))
            return redirect("inventory:count", count.number)
    return render(request, "inventory/count_new.html", {"form": form}, status=status)


@login_required
@permission_required(RUN, raise_exception=True)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Propose what to count at one location today; a post makes the count of it."""
    places = selectors.locations_of(cast(User, request.user))
    place = _planned_place(request, [code for code, _name in places])
    most = _number(request.POST.get("most") or request.GET.get("most"))
    found = selectors.Plan([], 0)
    if place is not None:
        found = selectors.counting_plan(location_id=place.pk, at=timezone.now(), most=most)
    refused = ""
    if request.method == "POST" and place is not None:
        try:
            count = services.request_count(
                location=place.code,
                pairs=[(each.sku, each.bin) for each in found.places],
                note=_("Counting plan"),
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("{n} is ready to be counted.").format(n=count.number))
            return redirect("inventory:count", count.number)
    context = {
        "plan": found,
        "place": place,
        "places": places,
        "most": most,
        "cadence": selectors.CADENCE,
        "refused": refused,
    }
    return render(request, "inventory/count_plan.html", context, status=409 if refused else 200)


def _planned_place(request: HttpRequest, codes: list[str]) -> Location | None:
    chosen = shell_of(request).location
    code = request.POST.get("location") or request.GET.get("location")
    code = code or (chosen.code if chosen else codes[0] if codes else "")
    if not code:
        return None
    if code not in codes:
        raise Http404(code)
    return Location.objects.get(code=code)


def _number(said: str | None) -> int:
    """How many places at most."""
    if said and said.isascii() and said.isdigit() and len(said) < 4:
        return max(1, min(int(said), MOST_PLANNED))
    return USUALLY_PLANNED


@login_required
@permission_required("inventory.view_stockcount", raise_exception=True)
@require_GET
def count(request: HttpRequest, number: str) -> HttpResponse:
    """Show one count: where it goes, what was found, its story."""
    return show(request, count_or_404(request, number))


def show(
    request: HttpRequest, count: StockCount, refused: str = "", status: int = 200
) -> HttpResponse:
    """The page of a count, with what was refused on it."""
    user = cast(User, request.user)
    found = selectors.count_page(count)
    may_decide = user.has_perm(APPROVE) and found.request is None
    context = {
        "count": count,
        "found": found,
        "refused": refused,
        "is_hidden": not {"start", "finish"}.isdisjoint(count.verbs),
        "may": {
            "run": user.has_perm(RUN) and not {"start", "finish"}.isdisjoint(count.verbs),
            "approve": may_decide and "approve" in count.verbs,
            "recount": may_decide and "recount" in count.verbs,
            "cancel": user.has_perm(APPROVE) and "cancel" in count.verbs,
        },
        "story": timeline_of_count(found.story),
    }
    return render(request, "inventory/count.html", context, status=status)


def version_of(request: HttpRequest) -> int | None:
    return whole_number(request.POST.get("version", ""))


def attempt(
    request: HttpRequest, number: str, service: Callable[[], object], done: str
) -> HttpResponse:
    """Have one thing done to a count; a refusal is shown on its page."""
    count_or_404(request, number)
    try:
        service()
    except Refusal as refusal:
        return show(request, count_or_404(request, number), str(refusal), status=409)
    messages.success(request, done)
    return redirect("inventory:count", number)


@login_required
@permission_required(APPROVE, raise_exception=True)
@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Let the books follow the count, or ask it of a second person."""
    count_or_404(request, number)
    try:
        outcome = services.approve_count(
            number=number,
            expected_version=version_of(request),
            by=Actor.of(request.user),
            at=timezone.now(),
        )
    except Refusal as refusal:
        return show(request, count_or_404(request, number), str(refusal), status=409)
    if outcome.request:
        said = _("{request}: a second person decides, since it is worth more than the limit.")
        messages.warning(request, said.format(request=outcome.request.number))
    else:
        messages.success(request, _("The books follow {n}.").format(n=number))
    return redirect("inventory:count", number)


@login_required
@permission_required(APPROVE, raise_exception=True)
@require_POST
def recount(request: HttpRequest, number: str) -> HttpResponse:
    """Have what differs counted again by somebody else."""
    return attempt(
        request,
        number,
        lambda: services.ask_recount(
            number=number,
            expected_version=version_of(request),
            by=Actor.of(request.user),
            at=timezone.now(),
        ),
        _("What differs is counted again, by somebody else."),
    )


@login_required
@permission_required(APPROVE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Ask why, then call the count off."""
    count = count_or_404(request, number)
    form = NoteForm(posted(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            services.cancel_count(
                number=number,
                reason=form.cleaned_data["note"],
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("{n} is cancelled.").format(n=number))
            return redirect("inventory:count", number)
    context = {"count": count, "form": form}
    return render(request, "inventory/count_cancel.html", context, status=status)
