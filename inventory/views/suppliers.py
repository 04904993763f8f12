"""Suppliers as staff see them, what they supply, and what is out."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inventory import selectors, services
from inventory.forms import SupplierForm, SupplyForm
from inventory.models import Supplier
from inventory.views.stock import narrowed
from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.models import User


def _supplier(code: str) -> Supplier:
    found = Supplier.objects.filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


@login_required
@permission_required("inventory.view_supplier", raise_exception=True)
@require_GET
def supplier_list(request: HttpRequest) -> HttpResponse:
    """Show suppliers by name, a page at a time."""
    search = request.GET.get("search", "").strip()[:120]
    page = page_of(
        selectors.supplier_list(search=search),
        cursor=request.GET.get("cursor", ""),
        keys=("name", "id"),
        descending=False,
    )
    return render(request, "inventory/suppliers.html", {"page": page, "search": search})


@login_required
@permission_required("inventory.view_supplier", raise_exception=True)
@require_GET
def supplier(request: HttpRequest, code: str) -> HttpResponse:
    """Show one supplier: what it supplies, how it keeps its word, its latest orders."""
    found = _supplier(code)
    page = page_of(
        selectors.supplies_of(found),
        cursor=request.GET.get("cursor", ""),
        keys=("sku__code", "id"),
        descending=False,
    )
    visible = selectors.visible_location_ids(cast(User, request.user))
    orders = selectors.replenishment_orders(visible).filter(supplier=found).order_by("-id")[:5]
    context = {
        "supplier": found,
        "page": page,
        "score": selectors.scorecard(found),
        "rows": selectors.replenishment_rows(orders),
    }
    return render(request, "inventory/supplier.html", context)


@login_required
@permission_required("inventory.change_supplier", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit_supplier(request: HttpRequest, code: str = "") -> HttpResponse:
    """Know a new supplier, or change what we know of one."""
    found = _supplier(code) if code else None
    form = SupplierForm(request.POST or None, instance=found)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = dict(form.cleaned_data)
        known = services.save_supplier(
            code=said.pop("code", code), fields=said, by=Actor.of(request.user), at=timezone.now()
        )
        messages.success(request, _("{name} is saved.").format(name=known.name))
        return redirect("inventory:supplier", known.code)
    context = {"supplier": _supplier(code) if code else None, "form": form}
    return render(request, "inventory/supplier_edit.html", context, status=status)


@login_required
@permission_required("inventory.change_supplier", raise_exception=True)
@require_http_methods(["GET", "POST"])
def supply(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a supplier sells a SKU for."""
    found = _supplier(code)
    form = SupplyForm(request.POST or None, initial=_standing(request, found))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            services.save_supply(
                supplier=code, by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("sku", str(refusal))
            status = 409
        else:
            text = _("{name} supplies {sku}.")
            messages.success(request, text.format(name=found.name, sku=form.cleaned_data["sku"]))
            return redirect("inventory:supplier", code)
    context = {"supplier": found, "form": form}
    return render(request, "inventory/supply_edit.html", context, status=status)


def _standing(request: HttpRequest, supplier: Supplier) -> dict[str, Any]:
    """What stands in the form: the supply that the address names, or nothing known yet."""
    sku = request.GET.get("sku", "")[:64]
    known = selectors.supplies_of(supplier).filter(sku__code=sku).first() if sku else None
    if known is None:
        return {"sku": sku, "currency": supplier.currency}
    names = ("supplier_sku", "cost", "currency", "lead_time_days", "minimum_quantity")
    more = ("pack_size", "is_preferred")
    return {"sku": sku, **{name: getattr(known, name) for name in (*names, *more)}}


@login_required
@permission_required("inventory.view_replenishmentorder", raise_exception=True)
@require_GET
def shortages(request: HttpRequest) -> HttpResponse:
    """Show what is out while orders wait for it, and what runs low that nobody supplies."""
    uncovered = Sku.objects.in_bulk(selectors.without_supplier(narrowed(request)))
    found = selectors.shortages()
    context = {
        "shortages": found,
        "units": sum(each.waiting.units for each in found),
        "is_cut": len(found) == selectors.MOST_SHORTAGES,
        "uncovered": sorted(uncovered.values(), key=lambda sku: sku.code),
        "suppliers": selectors.active_suppliers(),
    }
    return render(request, "inventory/shortages.html", context)
