"""The walk of a wave: by scanner, by thumb, or by form."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment import services
from fulfillment.forms_waves import NotThereForm
from fulfillment.models import Wave
from fulfillment.selectors.waves import Halt, PutLine, Walk, wave_walk
from fulfillment.services import Heard
from fulfillment.views.seen import actor_of, ask, user_of
from fulfillment.views.stations import LONGEST_CODE, Verdict, refused_status, refused_verdict, scans
from fulfillment.views.waves import wave_or_404
from oms.core.errors import Refusal
from oms.core.htmx import is_part
from oms.core.said import posted

LONGEST_ITEM = 160


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_GET
def walk(request: HttpRequest, number: str) -> HttpResponse:
    """The stops that are before the picker, the next one first."""
    wave = wave_or_404(request, number)
    if not wave.is_live:
        return redirect("fulfillment:wave", number)
    return render(request, "fulfillment/walk.html", _station(request, wave))


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_POST
def scan(request: HttpRequest, number: str) -> HttpResponse:
    """Do what the scanned code asks for; the answer is the station with its verdict."""
    wave = wave_or_404(request, number)
    code = request.POST.get("code", "").strip()[:LONGEST_CODE]
    item = "" if request.POST.get("drop") else request.POST.get("item", "")[:LONGEST_ITEM]
    status, heard, verdict = 200, None, None
    if not request.POST.get("drop"):
        try:
            heard = services.scan_in_wave(
                number=number, code=code, item=item, by=actor_of(request), at=timezone.now()
            )
        except Refusal as refusal:
            verdict, status = refused_verdict(refusal), refused_status(refusal)
        else:
            verdict, item = _verdict(heard), heard.item
    wave = wave_or_404(request, number)
    context = _station(request, wave, verdict, code, item, heard)
    page = "fulfillment/_walk.html" if is_part(request) else "fulfillment/walk.html"
    return render(request, page, context, status=status)


def _verdict(heard: Heard) -> Verdict:
    if heard.what == "tote":
        words = _("{tote} is for order {n}.").format(tote=heard.tote, n=heard.nth)
        return Verdict("done", _("Right"), words)
    name = heard.halt.name if heard.halt else ""
    if heard.what == "bin":
        words = _("Take {n} of {item} here.").format(n=heard.units, item=name)
        return Verdict("done", _("Right bin"), words)
    if heard.what == "item" and heard.put:
        words = _("{n} of {item} into {tote}.").format(
            n=heard.units, item=name, tote=heard.put.place.tote
        )
        return Verdict("done", _("Right, now scan the tote"), words)
    where = heard.tote or _("order {n}").format(n=heard.nth)
    words = _("{n} of {item} for {where}.").format(n=heard.units, item=name, where=where)
    return Verdict("done", _("Right"), words)


def _station(
    request: HttpRequest,
    wave: Wave,
    verdict: Verdict | None = None,
    code: str = "",
    item: str = "",
    heard: Heard | None = None,
) -> dict[str, Any]:
    found = wave_walk(wave)
    at_bin = heard.halt.key if heard and heard.what == "bin" and heard.halt else ""
    halts = sorted(found.halts, key=lambda halt: halt.key != at_bin) if at_bin else found.halts
    held = next((halt for halt in halts if item and halt.key.startswith(_place(item))), None)
    if held:
        halts = [held, *(halt for halt in halts if halt is not held)]
    asks_for = found.without_tote
    return {
        "wave": wave,
        "walk": found,
        "halts": halts,
        "is_over": not wave.is_live,
        "is_anothers": bool(wave.picker) and wave.picker != user_of(request).get_username(),
        "tote_for": asks_for[0] if asks_for else None,
        "totes_left": len(asks_for),
        "item": item if held else "",
        "held": held,
        "into": held.puts[0].place.tote if held else "",
        "verdict": verdict,
        "scans": scans(request, verdict, code),
    }


def _place(item: str) -> str:
    """The stock level and bin of what is in hand, of which lot ever."""
    return item.rpartition(":")[0] + ":"


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_POST
def all_found(request: HttpRequest, number: str) -> HttpResponse:
    """Say that everything of one stop was found and put where it belongs."""
    wave = wave_or_404(request, number)
    halt = _halt(wave_walk(wave), request.POST.get("stop", ""))
    units = sum(_pick(request, wave, halt, put, put.units) for put in halt.puts)
    if units:
        text = ngettext("{n} unit of {item} is picked.", "{n} units of {item} are picked.", units)
        messages.success(request, text.format(n=units, item=halt.name))
    return redirect("fulfillment:walk", number)


def _halt(found: Walk, key: str) -> Halt:
    """Return the stop of this key, while something is left there."""
    halt = next((each for each in found.halts if each.key == key), None)
    if halt is None:
        raise Http404(key)
    return halt


def _pick(request: HttpRequest, wave: Wave, halt: Halt, put: PutLine, units: int) -> int:
    """Pick for one order, and return how much was; a refusal is told, and the others go on."""
    try:
        services.pick_in_wave(
            number=wave.number,
            work=put.place.fulfillment_order.number,
            sku=halt.sku.code,
            units=units,
            bin=halt.stop.bin,
            lot=halt.stop.lot,
            tote=put.place.tote,
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return 0
    return units


@login_required
@permission_required("fulfillment.pick_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def not_there(request: HttpRequest, number: str) -> HttpResponse:
    """Ask how much of a stop was found and why not all; others are asked for the rest."""
    wave = wave_or_404(request, number)
    said = request.POST if request.method == "POST" else request.GET
    halt = _halt(wave_walk(wave), said.get("stop", ""))
    form = NotThereForm(posted(request), units=halt.units, has_totes=wave.has_totes)
    return ask(
        request,
        "walk_short",
        form,
        lambda: _give_up(request, wave, halt, form),
        _("The rest is asked of others. Walk on."),
        {"wave": wave, "halt": halt},
        "fulfillment:walk",
        number,
    )


def _give_up(request: HttpRequest, wave: Wave, halt: Halt, form: NotThereForm) -> None:
    """The first orders of the stop get what was found, the others wait for others to send it."""
    left = form.units_found
    for put in halt.puts:
        units = min(left, put.units)
        left -= units
        if units:
            _pick(request, wave, halt, put, units)
        if put.units > units:
            services.short_in_wave(
                number=wave.number,
                work=put.place.fulfillment_order.number,
                sku=halt.sku.code,
                units=put.units - units,
                reason=form.cleaned_data["reason"],
                by=actor_of(request),
                at=timezone.now(),
            )
