"""Lots and serial numbers: which expire, where each lies, what became of it; blocked or not."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from inventory import services
from inventory.forms import BlockForm, UnblockForm
from inventory.models import Lot
from inventory.selectors import lying, visible_location_ids
from inventory.views.stock import narrowed
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.htmx import is_part
from oms.core.keyset import page_of
from oms.core.models import User
from oms.core.said import posted, whole_number
from oms.core.shell import shell_of

SOON = 30
SPANS = (7, 30, 90)


@login_required
@permission_required("inventory.view_stocklevel", raise_exception=True)
@require_GET
def lot_list(request: HttpRequest) -> HttpResponse:
    """Lots that expire soon, that did, that are blocked, or all of which something lies here."""
    view = request.GET.get("view", "")
    view = view if view in lying.LOT_VIEWS else lying.LOT_VIEWS[0]
    days = min(whole_number(request.GET.get("days", "")) or SOON, 3650)
    search = request.GET.get("search", "").strip()[:64]
    places, today = narrowed(request), timezone.localdate()
    found = lying.lots(
        view=view,
        until=today + timedelta(days=days),
        today=today,
        location_ids=places,
        search=search,
    )
    keys = ("expires_on", "id") if view in ("expiring", "expired") else ("id",)
    page = page_of(found, cursor=request.GET.get("cursor", ""), keys=keys, descending=view == "all")
    lying.count_units(page.rows, places)
    labels = {
        "expiring": _("Expire soon"),
        "expired": _("Expired"),
        "blocked": _("Blocked"),
        "all": _("All lots"),
    }
    context = {
        "page": page,
        "view": view,
        "days": days,
        "spans": SPANS,
        "today": today,
        "search": search,
        "location": request.GET.get("location", ""),
        "locations": shell_of(request).locations,
        "tabs": [
            {"label": labels[each], "url": f"?view={each}", "current": each == view}
            for each in lying.LOT_VIEWS
        ],
    }
    return render(request, "inventory/lots.html", context)


@login_required
@permission_required("inventory.view_stocklevel", raise_exception=True)
@require_GET
def lot(request: HttpRequest, pk: int) -> HttpResponse:
    """One lot: where it lies, which orders it went to, and every movement of it."""
    found = lot_or_404(pk)
    places = visible_location_ids(cast(User, request.user))
    quants = lying.quants_of_lot(found, places)
    page = page_of(
        lying.ledger_of_lot(found, places), cursor=request.GET.get("cursor", ""), keys=("id",)
    )
    context = {
        "lot": found,
        "quants": quants,
        "units": sum(each.quantity for each in quants),
        "documents": lying.documents_of_lot(found, places),
        "page": page,
        "is_expired": bool(found.expires_on and found.expires_on < timezone.localdate()),
    }
    return render(request, "inventory/lot.html", context)


def lot_or_404(pk: int) -> Lot:
    """The lot with its SKU."""
    found = Lot.objects.select_related("sku").filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


@login_required
@permission_required("inventory.block_lot", raise_exception=True)
@require_http_methods(["GET", "POST"])
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """Block a lot at every location, or set it free again, with a reason."""
    found = lot_or_404(pk)
    kind = UnblockForm if found.blocked_at else BlockForm
    form = kind(posted(request))
    status = 422 if form.is_bound else 200
    service = services.unblock_lot if found.blocked_at else services.block_lot
    if form.is_valid():
        try:
            units = service(
                sku=found.sku.code,
                lot=found.code,
                by=Actor.of(request.user),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            count = sum(units.values())
            if found.blocked_at:
                text = ngettext("{n} unit is set free.", "{n} units are set free.", count)
            else:
                text = ngettext("{n} unit is held.", "{n} units are held.", count)
            messages.success(request, text.format(n=count))
            return redirect("inventory:lot", pk)
    template = "inventory/_block.html" if is_part(request) else "inventory/block.html"
    return render(request, template, {"form": form, "lot": found}, status=status)
