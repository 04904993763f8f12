"""Stock as staff see it: levels, one SKU with its ledger, receiving and adjusting."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inventory import selectors, services
from inventory.forms import AdjustForm, ReceiveForm, ReorderForm
from inventory.models import Location
from inventory.selectors import lying
from inventory.states import MovementKind
from inventory.views.kit_page import show_kit
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.models import User
from oms.core.shell import shell_of


def narrowed(request: HttpRequest) -> list[int] | None:
    """The locations of this page: the one in its address or in the switcher, else the user's."""
    chosen = shell_of(request).location
    code = request.GET.get("location") or (chosen.code if chosen else "")
    return selectors.working_location_ids(cast(User, request.user), code)


def sku_or_404(code: str) -> Sku:
    """The SKU of this page."""
    found = Sku.objects.filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


@login_required
@permission_required("inventory.view_stocklevel", raise_exception=True)
@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """Show what lies where, by SKU, a page at a time."""
    search = request.GET.get("search", "").strip()[:120]
    page = page_of(
        selectors.stock_list(location_ids=narrowed(request), search=search),
        cursor=request.GET.get("cursor", ""),
        keys=("sku__code", "id"),
        descending=False,
    )
    context = {
        "page": page,
        "search": search,
        "location": request.GET.get("location", ""),
        "locations": shell_of(request).locations,
        "is_unassigned": not page.rows
        and selectors.visible_location_ids(cast(User, request.user)) == [],
    }
    return render(request, "inventory/stock.html", context)


@login_required
@permission_required("inventory.view_stocklevel", raise_exception=True)
@require_GET
def sku(request: HttpRequest, code: str) -> HttpResponse:
    """Show one SKU: where it lies, and every movement of it."""
    found = sku_or_404(code)
    places = narrowed(request)
    if found.is_kit:
        return show_kit(request, found, places)
    levels = list(selectors.stock_list(location_ids=places, sku=code).order_by("location__name"))
    moves = selectors.ledger_of(sku=code, location_ids=places).select_related("level__location")
    chosen = {name: request.GET.get(name, "").strip()[:64] for name in ("kind", "bin", "lot")}
    wanted = {name: value for name, value in chosen.items() if value}
    page = page_of(
        moves.filter(**wanted),
        cursor=request.GET.get("cursor", ""),
        keys=("id",),
        narrowed=selectors.first_of_each_level([level.pk for level in levels]),
    )
    totals = {
        name: sum(getattr(level, name) for level in levels)
        for name in ("on_hand", "reserved", "held", "available")
    }
    coming = selectors.inbound([found.pk])
    if places is not None:
        coming = [each for each in coming if each.location_id in places]
    context = {
        "sku": found,
        "today": timezone.localdate(),
        "levels": levels,
        "lying": lying.explained(levels),
        "kinds": MovementKind.choices,
        "chosen": chosen,
        "is_filtered": bool(wanted),
        "page": page,
        "totals": totals,
        "coming": coming,
    }
    return render(request, "inventory/sku.html", context)


def _show(request: HttpRequest, page: str, form: Form, found: Sku, status: int) -> HttpResponse:
    alone = request.headers.get("HX-Request") == "true"
    template = f"inventory/_{page}.html" if alone else f"inventory/{page}.html"
    status = status or (422 if form.errors else 200)
    return render(request, template, {"form": form, "sku": found}, status=status)


@login_required
@permission_required("inventory.move_stock", raise_exception=True)
@require_http_methods(["GET", "POST"])
def adjust(request: HttpRequest, code: str) -> HttpResponse:
    """Correct the books at one of the user's locations."""
    found = sku_or_404(code)
    places = selectors.locations_of(cast(User, request.user))
    form = AdjustForm(request.POST or None, locations=places, initial=_initial(request))
    status = 0
    if form.is_valid():
        try:
            asked = services.correct_stock(
                sku=code, by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            if asked:
                text = _("{n}: a second person decides, since it is worth more than the limit.")
                messages.warning(request, text.format(n=asked.number))
            else:
                text = _("The books of {code} are corrected.")
                messages.success(request, text.format(code=code))
            return redirect("inventory:sku", code)
    return _show(request, "adjust", form, found, status)


@login_required
@permission_required("inventory.move_stock", raise_exception=True)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, code: str) -> HttpResponse:
    """Put units on the shelf at one of the user's locations; those who wait get them first."""
    found = sku_or_404(code)
    places = selectors.locations_of(cast(User, request.user))
    form = ReceiveForm(request.POST or None, locations=places, initial=_initial(request))
    status = 0
    if form.is_valid():
        said = form.cleaned_data
        arrival = services.Arrival(
            sku=found,
            location=Location.objects.get(code=said["location"]),
            quantity=said["quantity"],
            bin=said["bin"],
        )
        try:
            services.receive(
                arrivals=[arrival],
                reference=said["reference"] or f"receive:{said['location']}:{code}"[:64],
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            text = _("{n} units of {code} are on the shelf.")
            messages.success(request, text.format(n=said["quantity"], code=code))
            return redirect("inventory:sku", code)
    return _show(request, "receive", form, found, status)


def _initial(request: HttpRequest) -> dict[str, Any]:
    chosen = shell_of(request).location
    return {"location": chosen.code} if chosen else {}


@login_required
@permission_required("inventory.plan_replenishmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def reorder(request: HttpRequest, code: str) -> HttpResponse:
    """Say when more of a SKU is ordered for one of the user's locations."""
    found = sku_or_404(code)
    places = selectors.locations_of(cast(User, request.user))
    chosen = request.GET.get("location") or _initial(request).get("location") or ""
    levels = selectors.stock_list(location_ids=None, sku=code).filter(location__code=chosen)
    level = levels.first()
    names = ("reorder_point", "reorder_up_to", "safety_stock")
    initial = {"location": chosen, **{name: getattr(level, name, 0) for name in names}}
    form = ReorderForm(request.POST or None, locations=places, initial=initial)
    status = 0
    if form.is_valid():
        try:
            services.set_reorder_rules(
                sku=code, by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("The rules of {code} are saved.").format(code=code))
            return redirect("inventory:sku", code)
    return _show(request, "reorder", form, found, status)
