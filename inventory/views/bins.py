"""Zones and bins of a location, kept by those who label the shelves."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inventory import services
from inventory.forms import BinForm, KnownBinForm, ZoneForm
from inventory.models import Bin, Location, Zone
from inventory.selectors import lying
from inventory.views.shelves import location_or_404
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.said import posted
from oms.core.shell import shell_of

KEEP = "inventory.keep_bins"


@login_required
@permission_required("inventory.view_stocklevel", raise_exception=True)
@require_GET
def bin_list(request: HttpRequest) -> HttpResponse:
    """The bins of one location, by zone, and how much lies in each."""
    place = location_or_404(request)
    zone, search = request.GET.get("zone", ""), request.GET.get("search", "").strip()[:32]
    page = lying.bins_page(place.pk, zone=zone, search=search, cursor=request.GET.get("cursor", ""))
    zones = lying.zones_of(place.pk)
    here = f"?location={place.code}"
    tabs = [{"label": _("All"), "url": here, "current": not zone}]
    tabs += [
        {"label": str(each), "url": f"{here}&zone={each.code}", "current": zone == each.code}
        for each in zones
    ]
    tabs.append({"label": _("In no zone"), "url": f"{here}&zone=-", "current": zone == "-"})
    context = {
        "place": place,
        "locations": shell_of(request).locations,
        "zones": zones,
        "tabs": tabs,
        "page": page,
        "zone": zone,
        "search": search,
    }
    return render(request, "inventory/bins.html", context)


@login_required
@permission_required(KEEP, raise_exception=True)
@require_http_methods(["GET", "POST"])
def zone(request: HttpRequest, location: str, code: str = "") -> HttpResponse:
    """Lay out a zone, or change one."""
    place = location_or_404(request, location)
    kept = Zone.objects.filter(location=place, code=code).first() if code else None
    if code and kept is None:
        raise Http404(code)
    names = ("code", "name", "kind", "position")
    initial = {name: getattr(kept, name) for name in names} if kept else {}
    form = ZoneForm(posted(request), initial=initial)
    return _keep(request, place, form, "zone", kept, services.save_zone)


@login_required
@permission_required(KEEP, raise_exception=True)
@require_http_methods(["GET", "POST"])
def bin(request: HttpRequest, location: str, code: str = "") -> HttpResponse:
    """Know a new bin, or change one that is there and see what lies in it."""
    place = location_or_404(request, location)
    known = Bin.objects.filter(location=place, code=code).select_related("zone")
    kept = known.first() if code else None
    if code and kept is None:
        raise Http404(code)
    zones = [(each.code, str(each)) for each in lying.zones_of(place.pk)]
    initial: dict[str, Any] = {"zone": request.GET.get("zone", "")}
    if kept:
        initial = {"code": code, "position": kept.position, "is_active": kept.is_active}
        initial["zone"] = kept.zone.code if kept.zone else ""
    kind = KnownBinForm if kept else BinForm
    form = kind(posted(request), initial=initial, zones=zones)
    return _keep(request, place, form, "bin", kept, services.save_bin)


def _keep(
    request: HttpRequest, place: Location, form: Form, what: str, kept: Any, service: Any
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            service(
                location=place.code,
                was=kept.code if kept else "",
                by=Actor.of(request.user),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("{n} is kept.").format(n=form.cleaned_data["code"]))
            return redirect(f"{reverse('inventory:bins')}?location={place.code}")
    context = {"form": form, "place": place, "kept": kept, "what": what}
    if kept and what == "bin":
        context["quants"] = lying.in_bin(place.pk, kept.code)[:200]
    return render(request, "inventory/bin_edit.html", context, status=status)
