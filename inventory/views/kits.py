"""Kits: which there are, and what they are made of."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inventory.forms import KitForm
from inventory.selectors import kits
from inventory.views.stock import narrowed, sku_or_404
from oms.catalog.errors import KitInKit, PartOfKits, UnknownSku
from oms.catalog.models import KitComponent, Sku
from oms.catalog.selectors import kit_table
from oms.catalog.services import set_kit
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.exports import write_csv
from oms.core.keyset import page_of
from oms.core.models import User
from oms.core.said import posted

SUGGESTED = 300


@login_required
@permission_required("inventory.view_stocklevel", raise_exception=True)
@require_GET
def kit_list(request: HttpRequest) -> HttpResponse:
    """Show kits with what can be made of each, a page at a time."""
    search = request.GET.get("search", "").strip()[:64]
    page = page_of(
        kits.kit_list(search),
        cursor=request.GET.get("cursor", ""),
        keys=("code", "id"),
        descending=False,
    )
    context = {
        "page": page,
        "rows": kits.kit_rows(page.rows, narrowed(request)),
        "search": search,
    }
    return render(request, "inventory/kits.html", context)


@login_required
@permission_required("inventory.view_stocklevel", raise_exception=True)
@require_GET
def kits_file(request: HttpRequest) -> StreamingHttpResponse:
    """Every kit, as the file that brings kits in."""
    answer = StreamingHttpResponse(write_csv(kit_table()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="kits.csv"'
    return answer


@login_required
@permission_required("catalog.keep_kits", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Sell a SKU of the catalog as a kit of others."""
    return _edit(request, None)


@login_required
@permission_required("catalog.keep_kits", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a kit is made of from now on, or that it is none any more."""
    found = sku_or_404(code)
    if not found.is_kit:
        raise Http404(code)
    return _edit(request, found)


def _edit(request: HttpRequest, kit: Sku | None) -> HttpResponse:
    if kit and "dissolve" in request.POST:
        return _dissolve(request, kit)
    known: dict[str, int] = {}
    if kit:
        rows = KitComponent.objects.filter(kit=kit).order_by("position")
        known = dict(rows.values_list("component__code", "quantity"))
    form = KitForm(posted(request), sku=kit.code if kit else "", components=known)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            set_kit(
                sku=said["sku"],
                components=said["components"],
                by=Actor.of(cast(User, request.user)),
                at=timezone.now(),
            )
        except Refusal as refusal:
            _show(form, refusal)
            status = 409
        else:
            messages.success(request, _("The kit is kept. Orders from now on hold this."))
            return redirect("inventory:sku", said["sku"])
    skus = Sku.objects.filter(is_kit=False).order_by("code")[:SUGGESTED]
    context = {"form": form, "sku": kit, "skus": skus}
    return render(request, "inventory/kit_edit.html", context, status=status)


def _dissolve(request: HttpRequest, kit: Sku) -> HttpResponse:
    try:
        set_kit(
            sku=kit.code,
            components={},
            by=Actor.of(cast(User, request.user)),
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("inventory:kit", kit.code)
    messages.success(request, _("{code} is no kit any more.").format(code=kit.code))
    return redirect("inventory:sku", kit.code)


def _show(form: KitForm, refusal: Refusal) -> None:
    """Show a refusal beside the SKU it names."""
    meant: set[str] = set()
    if isinstance(refusal, UnknownSku | KitInKit):
        meant = set(refusal.skus)
    elif isinstance(refusal, PartOfKits):
        meant = {refusal.sku}
    said = form.cleaned_data
    for n in range(form.count):
        if said.get(f"component-{n}") in meant:
            form.add_error(f"component-{n}", str(refusal))
            return
    is_sku = said.get("sku") in meant and not form.fields["sku"].disabled
    form.add_error("sku" if is_sku else None, str(refusal))
