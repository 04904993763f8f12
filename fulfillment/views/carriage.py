"""Carriers: their services, what they take, and the boxes they take it in."""

import csv
import io
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment import selectors, services
from fulfillment.forms import BoxForm, RateForm, ServiceForm
from fulfillment.imports import Rates
from fulfillment.models import Box, CarrierService, Rate, Zone
from fulfillment.rules.rates import BUILT_IN
from fulfillment.views.seen import actor_of, attempt
from oms.core import imports
from oms.core.exports import write_csv
from oms.core.money import ZERO
from oms.core.said import posted

SEE = "fulfillment.view_fulfillmentorder"
CHANGE = "fulfillment.change_carriage"
ALWAYS = date.min.isoformat()
SIZE = F("length_mm") * F("width_mm") * F("height_mm")


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def service_list(request: HttpRequest) -> HttpResponse:
    """Show every service with how fast it is and where it goes; what is built in until there is
    one."""
    rows = selectors.services_for_staff()
    context = {
        "services": rows,
        "built_in": () if rows else BUILT_IN,
        "boxes": list(Box.objects.order_by("-is_active", SIZE, "code")),
        "own_boxes": selectors.rate_book().boxes,
        "may_change": request.user.has_perm(CHANGE),
    }
    return render(request, "fulfillment/services.html", context)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def new_service(request: HttpRequest) -> HttpResponse:
    """Ask how a service works, and have it."""
    form = ServiceForm(posted(request))
    if form.is_valid():
        code = form.cleaned_data["code"]
        if selectors.service_with_rates(code) is not None:
            form.add_error("code", _("There is a service of this code already."))
        else:
            _keep(request, form, code)
            messages.success(request, _("The service is there. Bring in its rates now."))
            return redirect("fulfillment:service", code)
    status = 422 if form.errors else 200
    return render(request, "fulfillment/service_new.html", {"form": form}, status=status)


@login_required
@permission_required(SEE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Show one service and its rates; change how it works."""
    found = selectors.service_with_rates(code)
    if found is None:
        raise Http404(code)
    may_change = request.user.has_perm(CHANGE)
    if request.method == "POST" and not may_change:
        return render(request, "403.html", status=403)
    form = ServiceForm(posted(request), initial=_initial(found), keeps_code=True)
    if form.is_valid():
        _keep(request, form, code)
        messages.success(request, _("{name} works like this from now on.").format(name=found.name))
        return redirect("fulfillment:service", code)
    context = {
        "service": found,
        "zones": [(zone, _sheets(zone)) for zone in found.zones.all()],
        "form": form,
        "may_change": may_change,
        "today": timezone.localdate(),
        "always": date.min,
    }
    status = 422 if form.errors else 200
    return render(request, "fulfillment/service.html", context, status=status)


def _sheets(zone: Zone) -> list[tuple[date, list[Rate]]]:
    """The rates of a zone by first day, the newest sheet first."""
    found: dict[date, list[Rate]] = {}
    for rate in zone.rates.all():
        found.setdefault(rate.valid_from, []).append(rate)
    return list(found.items())


def _initial(found: CarrierService) -> dict[str, Any]:
    names = (
        "name",
        "transit_days",
        "cutoff_time",
        "max_weight_g",
        "max_length_mm",
        "cm3_per_kg",
        "fuel_percent",
        "is_active",
    )
    return {
        **{name: getattr(found, name) for name in names},
        "carrier": found.carrier.name,
        "weekdays": found.carrier.weekdays,
        "methods": ", ".join(found.methods),
    }


def _keep(request: HttpRequest, form: ServiceForm, code: str) -> None:
    said = form.cleaned_data
    terms = services.ServiceTerms(
        code=code,
        carrier=said["carrier"],
        name=said["name"],
        methods=form.words,
        transit_days=said["transit_days"],
        weekdays=tuple(said["weekdays"]),
        cutoff_time=said["cutoff_time"],
        max_weight_g=said["max_weight_g"],
        max_length_mm=said["max_length_mm"],
        cm3_per_kg=said["cm3_per_kg"],
        fuel_percent=said["fuel_percent"] or ZERO,
        is_active=said["is_active"],
    )
    services.keep_service(terms=terms, by=actor_of(request), at=timezone.now())


def _bring_in(request: HttpRequest, table: str) -> imports.Report:
    context = imports.Context(channel="", by=actor_of(request), at=timezone.now())
    file = io.BytesIO(table.encode())
    return imports.run(Rates(), file, context, dry_run=False, skip_bad_rows=False)


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def rates_file(request: HttpRequest) -> StreamingHttpResponse:
    """All rates as the file that brings them in."""
    answer = StreamingHttpResponse(write_csv(selectors.rate_table()), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="rates.csv"'
    return answer


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for one rate, a new one or one that is there, and bring it in as a file of one row."""
    found = selectors.service_with_rates(code)
    if found is None:
        raise Http404(code)
    shown = {name: request.GET[name] for name in RateForm.base_fields if name in request.GET}
    if shown.get("valid_from") == ALWAYS:
        shown["valid_from"] = ""
    form = RateForm(posted(request), initial=shown)
    if form.is_valid():
        row = {**form.cleaned_data, "service": code}
        written = io.StringIO()
        table = csv.DictWriter(written, list(Rates.columns), restval="", lineterminator="\n")
        table.writeheader()
        table.writerow(row)
        bad = _bring_in(request, written.getvalue()).bad
        for each in bad:
            form.add_error(each.column if each.column in form.fields else None, each.reason)
        if not bad:
            messages.success(request, _("The rate counts from now on."))
            return redirect("fulfillment:service", code)
    status = 422 if form.errors else 200
    context = {"form": form, "service": found}
    return render(request, "fulfillment/rate.html", context, status=status)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_POST
def remove_rate(request: HttpRequest, code: str) -> HttpResponse:
    """Take one rate off its sheet."""
    reach = services.Reach(
        service=code,
        country=request.POST.get("country", ""),
        origin_id=selectors.location_id_of(request.POST.get("origin", "")),
        origin_country=request.POST.get("origin_country", ""),
        postal_from=request.POST.get("postal_from", ""),
        postal_to=request.POST.get("postal_to", ""),
    )
    weight, since = request.POST.get("up_to_weight_g", ""), request.POST.get("valid_from", "")
    if not weight.isascii() or not weight.isdigit() or len(weight) > 9 or not _is_day(since):
        raise Http404
    return attempt(
        request,
        lambda: services.remove_rate(
            reach=reach,
            up_to_weight_g=int(weight),
            valid_from=date.fromisoformat(since),
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("The rate is gone."),
        "fulfillment:service",
        code,
    )


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def box(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask for the lengths of a box, a new one or one that is there."""
    known = Box.objects.filter(code=code).first() if code else None
    if code and known is None:
        raise Http404(code)
    names = list(BoxForm.base_fields)
    initial = {name: getattr(known, name) for name in names} if known else None
    form = BoxForm(posted(request), initial=initial)
    form.fields["code"].disabled = known is not None
    if form.is_valid():
        services.keep_box(by=actor_of(request), at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The box is on the packing table."))
        return redirect("fulfillment:services")
    status = 422 if form.errors else 200
    return render(request, "fulfillment/box.html", {"form": form, "box": known}, status=status)
