"""Counting on the floor: scan the bin, scan what lies there or type it, done with the bin."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import selectors, services
from inventory.forms.counts import FoundForm
from inventory.models import CountBin, CountLine, StockCount
from inventory.services import Found
from inventory.views.counts import RUN, attempt, count_or_404
from oms.catalog.rules.gs1 import read
from oms.catalog.selectors import lot_on, sku_of_scan
from oms.core.actors import Actor
from oms.core.errors import Conflict, Refusal
from oms.core.htmx import is_part

LONGEST_CODE = 100


@dataclass(frozen=True)
class Verdict:
    """What the scan that was just made came to."""

    tone: str
    word: str
    detail: str

    @property
    def shape(self) -> str:
        return "s-check" if self.tone == "done" else "s-stop"


@login_required
@permission_required(RUN, raise_exception=True)
@require_GET
def station(request: HttpRequest, number: str) -> HttpResponse:
    """Show the bins to walk to, or the one that somebody stands before."""
    count = count_or_404(request, number)
    if not _is_going_on(count):
        return redirect("inventory:count", number)
    return _show(request, count, _bin(request, count, request.GET.get("bin")))


@login_required
@permission_required(RUN, raise_exception=True)
@require_POST
def scan(request: HttpRequest, number: str) -> HttpResponse:
    """Take one code: the label of a bin of this count, else a unit in the bin at hand."""
    count = count_or_404(request, number)
    code = request.POST.get("code", "").strip()[:LONGEST_CODE]
    here = _bin(request, count, request.POST.get("bin"))
    bins = {each.code: each for each in selectors.count_bins(count) if each.code}
    if code in bins:
        return _show(request, count, bins[code])
    if here is None:
        verdict = Verdict("stop", _("Not a bin of this count"), code)
        return _show(request, count, None, verdict, 422)
    return _record(request, count, here, _found(code))


def _found(code: str) -> Found:
    """What was scanned: a unit, or what a GS1 label says of its lot and of how many there are."""
    label, sku = read(code), sku_of_scan(code)
    if label is None or sku is None:
        return Found(code, 1, is_more=True)
    return Found(sku.code, label.units, lot_on(code, sku) or None, is_more=True)


@login_required
@permission_required(RUN, raise_exception=True)
@require_POST
def enter(request: HttpRequest, number: str) -> HttpResponse:
    """Take a number that was counted by eye."""
    count = count_or_404(request, number)
    here = _bin(request, count, request.POST.get("bin"))
    form = FoundForm(request.POST)
    if here is None or not form.is_valid():
        words = [str(error) for errors in form.errors.values() for error in errors]
        verdict = Verdict("stop", _("Not taken"), " ".join(words) or _("Choose a bin first."))
        return _show(request, count, here, verdict, 422)
    said = form.cleaned_data
    lot = said["lot"] or ("" if "known" in request.POST else None)
    return _record(request, count, here, Found(said["sku"].strip(), said["units"], lot))


def _record(request: HttpRequest, count: StockCount, here: CountBin, found: Found) -> HttpResponse:
    try:
        [line] = services.record_count(
            number=count.number,
            bin=here.code,
            found=[found],
            by=Actor.of(request.user),
            at=timezone.now(),
        )
    except Refusal as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _show(request, count, here, Verdict("stop", _("Not taken"), str(refusal)), status)
    words = _("{item}, {n} so far").format(item=_item(line), n=line.counted)
    return _show(request, count, here, Verdict("done", _("Counted"), words))


def _item(line: CountLine) -> str:
    name = line.level.sku.name or line.level.sku.code
    return f"{name}, {line.lot}" if line.lot else name


@login_required
@permission_required(RUN, raise_exception=True)
@require_POST
def done(request: HttpRequest, number: str) -> HttpResponse:
    """Leave a bin: what was not found in it counts as nothing."""
    count = count_or_404(request, number)
    here = _bin(request, count, request.POST.get("bin"))
    if here is None:
        return redirect("inventory:count-station", number)
    try:
        services.record_count(
            number=number,
            bin=here.code,
            is_done=True,
            by=Actor.of(request.user),
            at=timezone.now(),
        )
    except Refusal as refusal:
        verdict = Verdict("stop", _("Not taken"), str(refusal))
        return _show(request, count, here, verdict, 409)
    messages.success(request, _("{bin} is counted.").format(bin=here.code or _("No bin")))
    return redirect("inventory:count-station", number)


@login_required
@permission_required(RUN, raise_exception=True)
@require_POST
def finish(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the count in."""
    return attempt(
        request,
        number,
        lambda: services.finish_count(number=number, by=Actor.of(request.user), at=timezone.now()),
        _("{n} is handed in.").format(n=number),
    )


def _is_going_on(count: StockCount) -> bool:
    return not {"start", "finish"}.isdisjoint(count.verbs)


def _bin(request: HttpRequest, count: StockCount, code: str | None) -> CountBin | None:
    if code is None:
        return None
    return next((each for each in selectors.count_bins(count) if each.code == code), None)


def _show(
    request: HttpRequest,
    count: StockCount,
    here: CountBin | None,
    verdict: Verdict | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "count": count,
        "here": here,
        "verdict": verdict,
        "bins": selectors.count_bins(count),
    }
    context["left"] = sum(each.done_at is None for each in context["bins"])
    if here is not None:
        who = str(Actor.of(request.user))
        lines = selectors.station_lines(count, here.code, who)
        context["lines"] = lines
        context["unfound"] = sum(each.line.counted is None for each in lines)
        context["address"] = (
            reverse("inventory:count-station", args=[count.number])
            + "?"
            + urlencode({"bin": here.code})
        )
    page = "inventory/_count_station.html" if is_part(request) else "inventory/count_station.html"
    return render(request, page, context, status=status)
