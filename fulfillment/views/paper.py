"""Papers by the hundred: asked for, watched, stopped, gone on with, printed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment import selectors, services
from fulfillment.models import PrintPart, PrintRun
from fulfillment.selectors.waves import wave_walk
from fulfillment.states import PaperKind, PrintState
from fulfillment.views.seen import actor_of, attempt, user_of
from fulfillment.views.waves import wave_or_404
from inventory.selectors import visible_location_ids
from oms.core.errors import Refusal
from oms.core.htmx import is_part
from oms.core.keyset import page_of
from oms.core.shell import working_locations

NO_MORE = 286


def _runs(request: HttpRequest) -> QuerySet[PrintRun]:
    ids = visible_location_ids(user_of(request))
    found = PrintRun.objects.select_related("location", "wave")
    return found if ids is None else found.filter(location__in=ids)


def _run_or_404(request: HttpRequest, number: str) -> PrintRun:
    found = _runs(request).filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found


@login_required
@permission_required("fulfillment.view_fulfillmentorder", raise_exception=True)
@require_GET
def run_list(request: HttpRequest) -> HttpResponse:
    """Show what was printed in these locations, the newest first."""
    here = selectors.location_ids_of(working_locations(request))
    found = _runs(request).filter(location__in=here)
    page = page_of(found, cursor=request.GET.get("cursor", ""), keys=("id",))
    return render(request, "fulfillment/papers.html", {"page": page})


@login_required
@permission_required("fulfillment.view_fulfillmentorder", raise_exception=True)
@require_GET
def run(request: HttpRequest, number: str) -> HttpResponse:
    """Show how far a run is, and its parts to print; asked again and again while it is made."""
    found = _run_or_404(request, number)
    parts = list(PrintPart.objects.filter(run=found).order_by("nth"))
    context = {
        "run": found,
        "parts": parts,
        "failed": {n: why for part in parts for n, why in part.failed.items()},
        "is_live": found.state == PrintState.DRAWING,
    }
    if is_part(request):
        status = 200 if context["is_live"] else NO_MORE
        return render(request, "fulfillment/_paper.html", context, status=status)
    return render(request, "fulfillment/paper.html", context)


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_POST
def print_wave(request: HttpRequest, number: str) -> HttpResponse:
    """Have the pick list or the packing slips of a wave made."""
    wave = wave_or_404(request, number)
    kind = request.POST.get("kind", "")
    if kind not in PaperKind.values:
        raise Http404(kind)
    numbers = [number]
    if kind != PaperKind.WALKS:
        numbers = [place.fulfillment_order.number for place in wave_walk(wave).places]
    return _ask(request, PaperKind(kind), wave.location.code, numbers, wave=number)


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_POST
def print_chosen(request: HttpRequest) -> HttpResponse:
    """Have the packing slips, or pick lists, of the chosen work made."""
    kind = request.POST.get("kind", PaperKind.SLIPS)
    if kind not in (PaperKind.SLIPS, PaperKind.PICK_LISTS):
        raise Http404(kind)
    chosen = request.POST.getlist("number")[:50]
    works = selectors.work_of_user(user_of(request)).filter(number__in=chosen)
    places = dict(works.order_by("pk").values_list("number", "location__code"))
    location = places[min(places)] if places else ""
    numbers = [number for number in chosen if places.get(number) == location]
    return _ask(request, PaperKind(kind), location, numbers)


def _ask(
    request: HttpRequest, kind: PaperKind, location: str, numbers: list[str], *, wave: str = ""
) -> HttpResponse:
    try:
        made = services.request_paper(
            kind=kind,
            location=location,
            numbers=numbers,
            wave=wave,
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("fulfillment:wave", wave) if wave else redirect("fulfillment:queue")
    return redirect("fulfillment:paper", made.number)


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_POST
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """Make no further part."""
    _run_or_404(request, number)
    return attempt(
        request,
        lambda: services.stop_paper(number=number, at=timezone.now()),
        _("{n} is stopped.").format(n=number),
        "fulfillment:paper",
        number,
    )


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_POST
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """Make what is missing."""
    _run_or_404(request, number)
    return attempt(
        request,
        lambda: services.resume_paper(number=number, at=timezone.now()),
        _("{n} goes on.").format(n=number),
        "fulfillment:paper",
        number,
    )


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_POST
def print_part(request: HttpRequest, number: str, nth: int) -> HttpResponseBase:
    """Hand a part out to be printed, and count it."""
    _run_or_404(request, number)
    try:
        part = services.note_print(number=number, nth=nth, by=actor_of(request), at=timezone.now())
    except Refusal as refusal:
        raise Http404(number) from refusal
    return FileResponse(
        part.file.open("rb"), content_type="application/pdf", filename=f"{number}-{nth}.pdf"
    )
