"""The stations: picking and packing, by scanner, by thumb, or by form."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment import services
from fulfillment.errors_packing import LotNeeded, NothingToTakeOut, WeightDiffers
from fulfillment.forms import PackageForm, ShortPickForm
from fulfillment.models import FulfillmentOrder
from fulfillment.selectors import lines_of, packing_table
from fulfillment.services import Counted
from fulfillment.states import FulfillmentOrderStatus
from fulfillment.views.seen import actor_of, ask, attempt, work_or_404
from oms.core.errors import Conflict, Refusal
from oms.core.htmx import is_part, lead_to
from oms.core.said import posted
from oms.core.states import TransitionNotAllowed

LONGEST_CODE = 100
LAST_SCANS = 6
CLOSE, UNDO = "CLOSE", "UNDO"
SHAPES = {"done": "s-check", "wait": "s-clock", "stop": "s-stop"}


@dataclass(frozen=True)
class Verdict:
    """What the scan that was just made came to; `undo` is the code that takes it back."""

    tone: str
    word: str
    detail: str
    undo: str = ""

    @property
    def shape(self) -> str:
        return SHAPES[self.tone]


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, number: str) -> HttpResponse:
    """Walk past the bins; a post says that everything was found."""
    work = work_or_404(request, number)
    if request.method == "POST":
        return attempt(
            request,
            lambda: services.pick(number=number, by=actor_of(request), at=timezone.now()),
            _("{n} is picked.").format(n=number),
            "fulfillment:detail",
            number,
        )
    if "pick" not in work.verbs:
        return redirect("fulfillment:detail", number)
    return render(request, "fulfillment/pick.html", _walk(request, work))


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_POST
def pick_scan(request: HttpRequest, number: str) -> HttpResponse:
    """Count one scanned or tapped unit; the answer is the station with its verdict."""
    work = work_or_404(request, number)
    code = request.POST.get("code", "").strip()[:LONGEST_CODE]
    status = 200
    try:
        line = services.pick_one(number=number, code=code, by=actor_of(request), at=timezone.now())
    except Refusal as refusal:
        verdict, status = refused_verdict(refusal), refused_status(refusal)
    else:
        word = _("{item}, {done} of {all}").format(
            item=line.order_line.name, done=line.picked, all=line.quantity
        )
        verdict = Verdict("done", _("Right"), word)
        work.status = line.fulfillment_order.status
    context = _walk(request, work, verdict, code)
    page = "fulfillment/_pick.html" if is_part(request) else "fulfillment/pick.html"
    return render(request, page, context, status=status)


def _walk(
    request: HttpRequest, work: FulfillmentOrder, verdict: Verdict | None = None, code: str = ""
) -> dict[str, Any]:
    lines = [line for line in lines_of(work) if line.quantity]
    waiting = [line for line in lines if line.picked < line.quantity]
    done = [line for line in lines if line.picked == line.quantity]
    return {
        "work": work,
        "lines": [*waiting, *done],
        "picked": sum(line.picked for line in lines),
        "units": sum(line.quantity for line in lines),
        "left": sum(line.quantity - line.picked for line in waiting),
        "is_over": work.status == FulfillmentOrderStatus.PICKED,
        "verdict": verdict,
        "scans": scans(request, verdict, code),
    }


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def short(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what was found and why not all, then send the rest elsewhere."""
    work = work_or_404(request, number)
    lines = [line for line in lines_of(work) if line.quantity > line.picked]
    form = ShortPickForm(posted(request), lines=lines)
    return ask(
        request,
        "short",
        form,
        lambda: services.pick(
            number=number,
            lines=[Counted(sku, units) for sku, units in form.counted],
            reason=form.cleaned_data["reason"],
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("What was found is picked; the rest goes elsewhere."),
        {"work": work},
        "fulfillment:detail",
        number,
    )


@login_required
@permission_required("fulfillment.pack_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def pack(request: HttpRequest, number: str) -> HttpResponse:
    """The packing table; a post puts everything that is left into one box."""
    work = work_or_404(request, number)
    if request.method == "POST":
        return attempt(
            request,
            lambda: services.pack(number=number, by=actor_of(request), at=timezone.now()),
            _("{n} is packed.").format(n=number),
            "fulfillment:detail",
            number,
        )
    if "pack" not in work.verbs:
        return redirect("fulfillment:detail", number)
    return render(request, "fulfillment/pack.html", _table(request, work))


@login_required
@permission_required("fulfillment.pack_fulfillmentorder", raise_exception=True)
@require_POST
def pack_scan(request: HttpRequest, number: str) -> HttpResponse:
    """Check one scanned unit into the open package; printed commands close it or undo."""
    work = work_or_404(request, number)
    code = request.POST.get("code", "").strip()[:LONGEST_CODE]
    if code.upper() == CLOSE:
        return close(request, number)
    undo = request.POST.get("undo", "") or request.POST.get("last", "")
    taking_back = code.upper() == UNDO or bool(request.POST.get("undo"))
    code = undo.strip()[:LONGEST_CODE] if taking_back else code
    said = {} if taking_back else {"unit": request.POST.get("unit", "")[:LONGEST_CODE]}
    command = services.undo_scan if taking_back else services.scan_unit
    status, asked, last = 200, None, request.POST.get("last", "")[:LONGEST_CODE]
    try:
        if taking_back and not code:
            raise NothingToTakeOut(number=number)
        scanned = command(number=number, code=code, by=actor_of(request), at=timezone.now(), **said)
    except LotNeeded as refusal:
        verdict, asked = Verdict("wait", _("Which one?"), str(refusal)), refusal
    except Refusal as refusal:
        verdict, status = refused_verdict(refusal), refused_status(refusal)
    else:
        line = scanned.line
        word = _("{item}, {done} of {all}").format(
            item=line.order_line.name, done=line.packed, all=line.picked
        )
        if taking_back:
            verdict, last = Verdict("done", _("Taken out"), word), ""
        else:
            verdict = Verdict("done", _("Right"), word, undo=scanned.code)
            last = scanned.code
    context = {**_table(request, work, verdict, code), "asked": asked, "last": last}
    page = "fulfillment/_pack.html" if is_part(request) else "fulfillment/pack.html"
    return render(request, page, context, status=status)


def _table(
    request: HttpRequest, work: FulfillmentOrder, verdict: Verdict | None = None, code: str = ""
) -> dict[str, Any]:
    table = packing_table(work, at=timezone.now())
    suggested = table.box.code if table.box else ""
    chosen = request.POST.get("box", "")[:32]
    if not chosen or chosen == request.POST.get("suggested", ""):
        chosen = suggested
    return {
        "work": work,
        "table": table,
        "boxes": sorted(table.boxes, key=lambda box: box.volume),
        "box": chosen,
        "suggested": suggested,
        "expected": table.expected(chosen) if table.inside else None,
        "closes": table.inside and (not table.left or (table.here and table.here.is_complete)),
        "weight": request.POST.get("weight", "")[:12],
        "weight_reason": request.POST.get("weight_reason", "")[:200],
        "verdict": verdict,
        "scans": scans(request, verdict, code),
    }


@login_required
@permission_required("fulfillment.pack_fulfillmentorder", raise_exception=True)
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close the open package; go on to the next one, or to shipping when all is packed."""
    work = work_or_404(request, number)
    form = PackageForm(request.POST)
    if not form.is_valid():
        said = _("The weight is a number of kilograms, the reason at most 200 letters.")
        return _not_closed(request, work, said, 422)
    try:
        closed = services.close_package(
            number=number,
            box=form.cleaned_data["box"],
            weight_g=form.weight_g,
            weight_reason=form.cleaned_data["weight_reason"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except WeightDiffers as refusal:
        return _not_closed(request, work, str(refusal), 409, asks_why=True)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return lead_to(request, "fulfillment:pack", number)
    if closed.status == FulfillmentOrderStatus.PACKED:
        messages.success(request, _("{n} is packed.").format(n=number))
        return lead_to(request, "fulfillment:detail", number)
    messages.success(request, _("The package is closed. On to the next one."))
    return lead_to(request, "fulfillment:pack", number)


def _not_closed(
    request: HttpRequest, work: FulfillmentOrder, why: str, status: int, *, asks_why: bool = False
) -> HttpResponse:
    context = {**_table(request, work, Verdict("stop", _("Not closed"), why)), "asks_why": asks_why}
    page = "fulfillment/_pack.html" if is_part(request) else "fulfillment/pack.html"
    return render(request, page, context, status=status)


@login_required
@permission_required("fulfillment.pack_fulfillmentorder", raise_exception=True)
@require_POST
def unpack(request: HttpRequest, number: str) -> HttpResponse:
    """Take everything out of its boxes again."""
    work_or_404(request, number)
    return attempt(
        request,
        lambda: services.unpack(number=number, by=actor_of(request), at=timezone.now()),
        _("{n} is unpacked.").format(n=number),
        "fulfillment:detail",
        number,
    )


def refused_verdict(refusal: Refusal) -> Verdict:
    word = _("Not now") if isinstance(refusal, TransitionNotAllowed) else _("Stop")
    return Verdict("stop", word, str(refusal))


def refused_status(refusal: Refusal) -> int:
    return 409 if isinstance(refusal, Conflict) else 422


def scans(request: HttpRequest, verdict: Verdict | None, code: str) -> list[tuple[str, str]]:
    """The last scans as tone and words, newest first; they travel with the form."""
    before = [
        (tone, words)
        for each in request.POST.getlist("scans")[:LAST_SCANS]
        for tone, _bar, words in [each[:160].partition("|")]
        if tone in SHAPES
    ]
    if verdict is None or not code:
        return before
    time = timezone.localtime().strftime("%H:%M:%S")
    return [(verdict.tone, f"{time} {code}: {verdict.detail}"), *before][:LAST_SCANS]
