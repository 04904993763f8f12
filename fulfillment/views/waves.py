"""Waves: which there are, making one, and what becomes of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment import selectors, services
from fulfillment.forms_waves import FEW, WaveForm
from fulfillment.models import Wave
from fulfillment.selectors.free_work import free_work, preview
from fulfillment.selectors.waves import (
    figures_of,
    papers_of,
    pickers_at,
    wave_walk,
    waves_of_user,
)
from fulfillment.states import LIVE_WAVE, PaperKind, WaveRule, WaveStatus
from fulfillment.views.seen import actor_of, attempt, user_of
from inventory.models import Location
from oms.channels.naming import person_name
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.models import EventRecord
from oms.core.shell import working_locations
from orders.timeline import entries

TABS = (
    ("", gettext_lazy("To pick"), LIVE_WAVE),
    ("done", gettext_lazy("Picked"), [WaveStatus.DONE]),
    ("cancelled", gettext_lazy("Cancelled"), [WaveStatus.CANCELLED]),
)


def wave_or_404(request: HttpRequest, number: str) -> Wave:
    """Return the wave, when it is at a location of this person; else it does not exist."""
    found = waves_of_user(user_of(request)).filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found


@login_required
@permission_required("fulfillment.view_fulfillmentorder", raise_exception=True)
@require_GET
def wave_list(request: HttpRequest) -> HttpResponse:
    """Show the waves of these locations, the newest first."""
    user, status = user_of(request), request.GET.get("status", "")
    chosen = next((each for each in TABS if each[0] == status), TABS[0])
    here = selectors.location_ids_of(working_locations(request))
    found = waves_of_user(user).filter(location__in=here, status__in=chosen[2])
    if is_mine := "mine" in request.GET:
        found = found.filter(picker=user.get_username())
    page = page_of(found, cursor=request.GET.get("cursor", ""), keys=("id",))
    figures = figures_of(page.rows)
    for wave in page:
        vars(wave)["figures"] = figures.get(wave.pk)
    tabs = [
        {"label": label, "url": f"?status={key}", "current": key == chosen[0]}
        for key, label, _states in TABS
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "is_mine": is_mine,
        "status": chosen[0],
        "several": len(here) != 1,
        "may_plan": user.has_perm("fulfillment.plan_wave"),
    }
    return render(request, "fulfillment/waves.html", context)


def _places(request: HttpRequest) -> list[Location]:
    codes = working_locations(request)
    return list(Location.objects.filter(code__in=codes, is_active=True).order_by("name"))


@login_required
@permission_required("fulfillment.plan_wave", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new_wave(request: HttpRequest) -> HttpResponse:
    """Show what a wave would be; a post makes the one that was shown."""
    places = _places(request)
    if not places:
        raise Http404
    said = request.POST if request.method == "POST" else request.GET
    named = next((each for each in places if each.code == said.get("location")), places[0])
    only = said.getlist("number")
    free = free_work(named, numbers=only or None)
    first: dict[str, str] = {
        "location": named.code,
        "rule": WaveRule.CHOSEN if only else WaveRule.CUT_OFF,
        "orders": str(max(FEW, len(only))),
    }
    data = QueryDict(mutable=True)
    data.update({**first, **{key: said[key] for key in said if key in WaveForm.base_fields}})
    data["location"] = named.code
    form = WaveForm(data, places=places, zones=free.zones)
    status, shown = 200, None
    if form.is_valid():
        if request.method == "POST":
            try:
                return _make(request, form, named)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = 409
        shown = preview(free, form.wish, now=timezone.now(), only=only)
    else:
        status = 422
    context = {"form": form, "preview": shown, "place": named, "only": only, "said": data}
    return render(request, "fulfillment/wave_new.html", context, status=status)


def _make(request: HttpRequest, form: WaveForm, place: Location) -> HttpResponse:
    made = services.make_waves(
        location=place.code,
        numbers=request.POST.getlist("work"),
        rule=form.wish.rule,
        zone=form.wish.zone,
        by=actor_of(request),
        at=timezone.now(),
    )
    numbers = ", ".join(wave.number for wave in made)
    text = ngettext("{numbers} is made.", "{numbers} are made.", len(made))
    messages.success(request, text.format(numbers=numbers))
    if len(made) > 1:
        return redirect("fulfillment:waves")
    return redirect("fulfillment:wave", made[0].number)


@login_required
@permission_required("fulfillment.plan_wave", raise_exception=True)
@require_POST
def wave_of_chosen(request: HttpRequest) -> HttpResponse:
    """Lead from work that was chosen in the queue to the wave it would be."""
    numbers = request.POST.getlist("number")[:50]
    if not numbers:
        messages.error(request, _("Choose at least one piece of work first."))
        return redirect("fulfillment:queue")
    work = selectors.work_of_user(user_of(request)).filter(number__in=numbers).first()
    if work is None:
        raise Http404
    query = QueryDict(mutable=True)
    query.setlist("number", numbers)
    query["location"] = work.location.code
    return redirect(f"{reverse('fulfillment:wave-new')}?{query.urlencode()}")


@login_required
@permission_required("fulfillment.view_fulfillmentorder", raise_exception=True)
@require_GET
def wave(request: HttpRequest, number: str) -> HttpResponse:
    """Show one wave: how far it is, its orders, its walk, its papers and what happened."""
    found = wave_or_404(request, number)
    user, walk = user_of(request), wave_walk(found)
    may_plan = user.has_perm("fulfillment.plan_wave")
    pickers = pickers_at(found.location) if may_plan and found.is_live else []
    others = waves_of_user(user).filter(
        location=found.location,
        status__in=LIVE_WAVE,
        zone=found.zone,
        has_totes=found.has_totes,
    )
    story = EventRecord.objects.filter(thread=number).order_by("-pk")
    context: dict[str, Any] = {
        "wave": found,
        "walk": walk,
        "rows": [(place, *walk.progress_of(place)) for place in walk.places],
        "may_plan": may_plan and found.is_live,
        "may_pick": user.has_perm("fulfillment.pick_fulfillmentorder") and found.is_live,
        "pickers": pickers,
        "is_guest": found.picker and found.picker not in {each.username for each in pickers},
        "others": list(others.exclude(pk=found.pk).order_by("-pk")[:20])
        if may_plan and found.is_live
        else [],
        "papers": papers_of(found),
        "kinds": [(PaperKind.WALKS, _("Pick list")), (PaperKind.SLIPS, _("Packing slips"))],
        "story": entries(story[:50], []),
    }
    return render(request, "fulfillment/wave.html", context)


@login_required
@permission_required("fulfillment.plan_wave", raise_exception=True)
@require_POST
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Say who picks it."""
    wave_or_404(request, number)
    picker = request.POST.get("picker", "")[:150]
    return attempt(
        request,
        lambda: services.assign_wave(
            number=number, picker=picker, by=actor_of(request), at=timezone.now()
        ),
        _("{n} is given to {who}.").format(n=number, who=person_name(picker))
        if picker
        else _("{n} is for whoever comes first.").format(n=number),
        "fulfillment:wave",
        number,
    )


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_POST
def take_over(request: HttpRequest, number: str) -> HttpResponse:
    """Walk it oneself from here on."""
    wave_or_404(request, number)
    return attempt(
        request,
        lambda: services.assign_wave(
            number=number,
            picker=user_of(request).get_username(),
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("{n} is yours now.").format(n=number),
        "fulfillment:walk",
        number,
    )


@login_required
@permission_required("fulfillment.plan_wave", raise_exception=True)
@require_POST
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """Take one order out of it."""
    wave_or_404(request, number)
    work = request.POST.get("work", "")[:40]
    return attempt(
        request,
        lambda: services.take_back(
            number=number, work=work, by=actor_of(request), at=timezone.now()
        ),
        _("{work} is no longer in {n}.").format(work=work, n=number),
        "fulfillment:wave",
        number,
    )


@login_required
@permission_required("fulfillment.plan_wave", raise_exception=True)
@require_POST
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Put one more order into it."""
    wave_or_404(request, number)
    work = request.POST.get("work", "").strip().upper()[:40]
    return attempt(
        request,
        lambda: services.add_to_wave(
            number=number, works=[work], by=actor_of(request), at=timezone.now()
        ),
        _("{work} is in {n} now.").format(work=work, n=number),
        "fulfillment:wave",
        number,
    )


@login_required
@permission_required("fulfillment.plan_wave", raise_exception=True)
@require_POST
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Take what is left of another wave into it."""
    wave_or_404(request, number)
    other = request.POST.get("other", "")[:32]
    wave_or_404(request, other)
    return attempt(
        request,
        lambda: services.merge_waves(
            number=number, others=[other], by=actor_of(request), at=timezone.now()
        ),
        _("What was left of {other} is in {n} now.").format(other=other, n=number),
        "fulfillment:wave",
        number,
    )


@login_required
@permission_required("fulfillment.plan_wave", raise_exception=True)
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Let all its orders go."""
    wave_or_404(request, number)
    return attempt(
        request,
        lambda: services.cancel_wave(number=number, by=actor_of(request), at=timezone.now()),
        _("{n} is cancelled: its orders are free again.").format(n=number),
        "fulfillment:wave",
        number,
    )
