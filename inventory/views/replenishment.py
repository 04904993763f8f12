"""Replenishment orders as staff see them: the list, one order, and what may be done to it."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inventory import selectors, services
from inventory.forms import EditForm, ReasonForm
from inventory.letters import order_pdf
from inventory.models import ReplenishmentOrder
from inventory.states import WITH_SUPPLIER
from inventory.views.stock import narrowed
from inventory.views.story import timeline_of
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.htmx import is_part
from oms.core.keyset import page_of
from oms.core.models import User
from oms.core.said import posted

PERMISSIONS = {
    "edit": "inventory.plan_replenishmentorder",
    "approve": "inventory.approve_replenishmentorder",
    "send": "inventory.send_replenishmentorder",
    "receive": "inventory.receive_replenishmentorder",
    "close": "inventory.plan_replenishmentorder",
    "cancel": "inventory.plan_replenishmentorder",
}


def find_or_404(request: HttpRequest, number: str) -> ReplenishmentOrder:
    """Return the order, if it is for a location where the user works."""
    visible = selectors.visible_location_ids(cast(User, request.user))
    order = selectors.replenishment_orders(visible).filter(number=number).first()
    if order is None:
        raise Http404(number)
    return order


@login_required
@permission_required("inventory.view_replenishmentorder", raise_exception=True)
@require_GET
def replenishment_list(request: HttpRequest) -> HttpResponse:
    """Show replenishment orders newest first, by view, a page at a time."""
    views = selectors.REPLENISHMENT_VIEWS
    view = views.get(request.GET.get("view", "open")) or views["open"]
    visible = selectors.replenishment_orders(narrowed(request))
    supplier = request.GET.get("supplier", "")[:32]
    if supplier:
        visible = visible.filter(supplier__code=supplier)
    page = page_of(
        visible.filter(status__in=view.statuses),
        cursor=request.GET.get("cursor", ""),
        keys=("id",),
    )
    counts = selectors.replenishment_counts(visible)
    text = ngettext("{n} order, newest first", "{n} orders, newest first", len(page))
    context = {
        "rows": selectors.replenishment_rows(page.rows),
        "page": page,
        "view": view,
        "supplier": supplier,
        "summary": text.format(n=f"{len(page)}+" if page.older else len(page)),
        "tabs": [
            {
                "label": each.label,
                "url": f"?view={each.name}" + (f"&supplier={supplier}" if supplier else ""),
                "count": counts.get(each.name),
                "current": each == view,
            }
            for each in views.values()
        ],
    }
    return render(request, "inventory/replenishment_list.html", context)


@login_required
@permission_required("inventory.plan_replenishmentorder", raise_exception=True)
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Bring the proposals up to date for the locations of this page."""
    changed = services.propose_replenishment(
        by=Actor.of(request.user), at=timezone.now(), location_ids=narrowed(request)
    )
    if changed:
        text = ngettext(
            "{n} proposal is new or changed.", "{n} proposals are new or changed.", len(changed)
        ).format(n=len(changed))
    else:
        text = _("Nothing new is needed: every proposal is up to date.")
    messages.success(request, text)
    return redirect(reverse("inventory:supply") + "?view=proposed")


@login_required
@permission_required("inventory.view_replenishmentorder", raise_exception=True)
@require_GET
def replenishment(request: HttpRequest, number: str) -> HttpResponse:
    """Show one order: its lines and why, what the supplier said, what came, its story."""
    return _show(request, find_or_404(request, number))


def _show(
    request: HttpRequest, order: ReplenishmentOrder, refused: str = "", status: int = 200
) -> HttpResponse:
    user = cast(User, request.user)
    with_supplier = order.status in WITH_SUPPLIER
    may_send = user.has_perm(PERMISSIONS["send"])
    found = selectors.replenishment_page(order)
    context = {
        "order": order,
        "found": found,
        "refused": refused,
        "may": {
            verb: verb in order.verbs and user.has_perm(permission)
            for verb, permission in PERMISSIONS.items()
        },
        "may_write": with_supplier and may_send,
        "is_with_supplier": with_supplier,
        "link": selectors.supplier_url(order) if with_supplier and may_send else "",
        "is_link_open": bool(order.link_until and order.link_until >= timezone.now()),
        "story": timeline_of(found.story, found.letters, supplier=order.supplier.name),
    }
    return render(request, "inventory/replenishment.html", context, status=status)


def _done(
    request: HttpRequest, number: str, service: Callable[..., object], said: str, **named: Any
) -> HttpResponse:
    """Have one thing done to an order; a refusal is shown on its page."""
    order = find_or_404(request, number)
    try:
        service(number=number, by=Actor.of(request.user), at=timezone.now(), **named)
    except Refusal as refusal:
        return _show(request, find_or_404(request, number), str(refusal), status=409)
    messages.success(request, said.format(number=number, supplier=order.supplier.name))
    return redirect("inventory:replenishment", number)


def _version(request: HttpRequest) -> int | None:
    said = request.POST.get("version", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


@login_required
@permission_required("inventory.approve_replenishmentorder", raise_exception=True)
@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Let it be sent as it is."""
    said = _("{number} is approved. It can be sent now.")
    return _done(
        request, number, services.approve_replenishment, said, expected_version=_version(request)
    )


@login_required
@permission_required("inventory.send_replenishmentorder", raise_exception=True)
@require_POST
def send(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the supplier for it."""
    order = find_or_404(request, number)
    said = _("{number} is on its way to {supplier}.")
    if not order.supplier.email:
        said = _("{number} counts as sent: hand {supplier} the PDF and the link.")
    return _done(
        request, number, services.send_replenishment, said, expected_version=_version(request)
    )


@login_required
@permission_required("inventory.send_replenishmentorder", raise_exception=True)
@require_POST
def remind(request: HttpRequest, number: str) -> HttpResponse:
    """Write to the supplier what is missing."""
    said = _("{supplier} is asked when the rest of {number} comes.")
    return _done(request, number, services.remind_supplier, said)


@login_required
@permission_required("inventory.send_replenishmentorder", raise_exception=True)
@require_POST
def revoke_link(request: HttpRequest, number: str) -> HttpResponse:
    """Close the links sent so far."""
    said = _("The links to {number} are closed. A reminder carries a new one.")
    return _done(request, number, services.revoke_supplier_link, said)


@login_required
@permission_required("inventory.plan_replenishmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change how much is proposed."""
    order = find_or_404(request, number)
    lines = selectors.lines_of_replenishment(order)
    form = EditForm(request.POST or None, lines=lines, initial={"note": order.note})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            services.edit_replenishment(
                number=number,
                quantities=form.quantities,
                note=form.cleaned_data["note"],
                expected_version=_version(request),
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("{number} is changed.").format(number=number))
            return redirect("inventory:replenishment", number)
    context = {
        "order": order,
        "form": form,
        "may_edit": "edit" in order.verbs,
        "supplies": selectors.supplies_of(order.supplier).order_by("sku__code")[:500],
    }
    return render(request, "inventory/replenishment_edit.html", context, status=status)


def _end(
    request: HttpRequest, number: str, verb: str, service: Callable[..., object], said: str
) -> HttpResponse:
    """Ask for the reason, then end it; a page, or for the dialog its part."""
    order = find_or_404(request, number)
    form = ReasonForm(posted(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            service(
                number=number, by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, said.format(number=number))
            return redirect("inventory:replenishment", number)
    context = {
        "order": order,
        "form": form,
        "verb": verb,
        "found": selectors.replenishment_page(order),
        "is_with_supplier": order.status in WITH_SUPPLIER,
    }
    page = "inventory/_end.html" if is_part(request) else "inventory/end.html"
    return render(request, page, context, status=status)


@login_required
@permission_required("inventory.plan_replenishmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Expect nothing more of it."""
    said = _("{number} is closed.")
    return _end(request, number, "close", services.close_replenishment, said)


@login_required
@permission_required("inventory.plan_replenishmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call it off."""
    said = _("{number} is cancelled.")
    return _end(request, number, "cancel", services.cancel_replenishment, said)


@login_required
@permission_required("inventory.view_replenishmentorder", raise_exception=True)
@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The order on paper, as it is now."""
    order = find_or_404(request, number)
    try:
        drawn = order_pdf(order)
    except Refusal as refusal:
        return _show(request, order, str(refusal), status=503)
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response
