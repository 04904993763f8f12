"""Transfers between locations as staff see them: the list, a new one, one with both its sides."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from inventory import selectors, services
from inventory.errors import InsufficientStock
from inventory.forms import ReasonForm, TransferForm
from inventory.models import Transfer
from inventory.views.stock import narrowed
from inventory.views.transfer_story import timeline_of
from oms.catalog.errors import UnknownSku
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.models import User
from oms.core.said import posted

SIDES = {
    # what may be done, by whom, on which side
    "ship": ("inventory.ship_transfer", "source"),
    "receive": ("inventory.receive_transfer", "target"),
    "close": ("inventory.plan_transfer", "target"),
    "cancel": ("inventory.plan_transfer", "source"),
}


def find_or_404(request: HttpRequest, number: str, side: str = "") -> Transfer:
    """Return the transfer, if the user works at one of its locations: at that of `side`."""
    visible = selectors.visible_location_ids(cast(User, request.user))
    found = selectors.transfers(visible).filter(number=number).first()
    if found is None or (side and not _is_at(visible, found, side)):
        raise Http404(number)
    return found


def _is_at(visible: list[int] | None, transfer: Transfer, side: str) -> bool:
    return visible is None or getattr(transfer, f"{side}_id") in visible


@login_required
@permission_required("inventory.view_transfer", raise_exception=True)
@require_GET
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Show transfers from and to these locations newest first, by view, a page at a time."""
    views = selectors.TRANSFER_VIEWS
    view = views.get(request.GET.get("view", "open")) or views["open"]
    visible = selectors.transfers(narrowed(request))
    page = page_of(
        visible.filter(status__in=view.statuses),
        cursor=request.GET.get("cursor", ""),
        keys=("id",),
    )
    counts = selectors.transfer_counts(visible)
    text = ngettext("{n} transfer, newest first", "{n} transfers, newest first", len(page))
    context = {
        "rows": selectors.transfer_rows(page.rows),
        "page": page,
        "view": view,
        "summary": text.format(n=f"{len(page)}+" if page.older else len(page)),
        "may_request": _may_request(cast(User, request.user)),
        "tabs": [
            {
                "label": each.label,
                "url": f"?view={each.name}",
                "count": counts.get(each.name),
                "current": each == view,
            }
            for each in views.values()
        ],
    }
    return render(request, "inventory/transfer_list.html", context)


def _may_request(user: User) -> bool:
    places = selectors.locations_of(user)
    return user.has_perm("inventory.plan_transfer") and len(places) > 1


@login_required
@permission_required("inventory.plan_transfer", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask one location to send units to another; they are reserved there at once."""
    user = cast(User, request.user)
    places = selectors.locations_of(user)
    asked = request.GET
    form = TransferForm(
        posted(request),
        locations=places,
        initial={
            "source": asked.get("source", ""),
            "target": asked.get("target", ""),
            "sku-0": asked.get("sku", "")[:64],
            "units-0": asked.get("units", "")[:7],
        },
    )
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = services.request_transfer(
                source=said["source"],
                target=said["target"],
                lines=[services.Wanted(**each) for each in form.lines],
                expected_on=said["expected_on"],
                note=said["note"],
                key=said["key"],
                by=Actor.of(user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            _show_refusal(form, refusal)
            status = 409
        else:
            text = _("{number} is requested. Its units are kept for it.")
            messages.success(request, text.format(number=made.number))
            return redirect("inventory:transfer", made.number)
    source = form["source"].value() or ""
    context = {
        "form": form,
        "is_possible": len(places) > 1,
        "skus": selectors.skus_to_send([source] if source else [code for code, _ in places]),
    }
    return render(request, "inventory/transfer_new.html", context, status=status)


def _show_refusal(form: TransferForm, refusal: Refusal) -> None:
    """Show a refusal by the field it is about, where that is known."""
    wrong: list[str] = []
    if isinstance(refusal, UnknownSku):
        wrong = list(refusal.skus)
    elif isinstance(refusal, InsufficientStock):
        wrong = [refusal.sku, *(str(each["sku"]) for each in refusal.others)]
    names = [
        name
        for name, said in form.cleaned_data.items()
        if name.startswith("sku-") and said in wrong
    ]
    form.add_error(None, str(refusal))
    for name in names:
        field = name if isinstance(refusal, UnknownSku) else name.replace("sku", "units")
        known = isinstance(refusal, InsufficientStock)
        form.add_error(field, _("Not so many are free.") if known else _("No such SKU."))


@login_required
@permission_required("inventory.view_transfer", raise_exception=True)
@require_GET
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """Show one transfer: its lines, what moved when, its story, and what is to be done here."""
    found = selectors.transfer_page(find_or_404(request, number))
    may = _may(request, found)
    context = {
        "transfer": found.transfer,
        "found": found,
        "may": may,
        "story": timeline_of(found.story),
        "is_late": selectors.TransferRow(found.transfer, 0, 0).is_late,
    }
    return render(request, "inventory/transfer.html", context)


def _may(request: HttpRequest, found: selectors.TransferPage) -> dict[str, bool]:
    user = cast(User, request.user)
    visible = selectors.visible_location_ids(user)
    verbs = {each.removesuffix("_rest") for each in found.transfer.verbs}
    left = {"ship": found.to_ship, "receive": found.in_transit}
    return {
        verb: verb in verbs
        and bool(left.get(verb, 1))
        and user.has_perm(permission)
        and _is_at(visible, found.transfer, side)
        for verb, (permission, side) in SIDES.items()
    }


def _end(
    request: HttpRequest, number: str, verb: str, service: Callable[..., object], said: str
) -> HttpResponse:
    """Ask for the reason, then end it."""
    found = selectors.transfer_page(find_or_404(request, number, SIDES[verb][1]))
    form = ReasonForm(posted(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        named: dict[str, Any] = {"reason": form.cleaned_data["reason"]}
        version = request.POST.get("version", "")
        if verb == "close" and version.isascii() and version.isdigit() and len(version) < 9:
            named["expected_version"] = int(version)
        try:
            service(number=number, by=Actor.of(request.user), at=timezone.now(), **named)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, said.format(number=number))
            return redirect("inventory:transfer", number)
    context = {"transfer": found.transfer, "found": found, "form": form, "verb": verb}
    return render(request, "inventory/transfer_end.html", context, status=status)


@login_required
@permission_required("inventory.plan_transfer", raise_exception=True)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Expect nothing more of it: what is in transit is lost."""
    return _end(request, number, "close", services.close_transfer, _("{number} is closed."))


@login_required
@permission_required("inventory.plan_transfer", raise_exception=True)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call it off before anything left."""
    said = _("{number} is cancelled. Its units are free again.")
    return _end(request, number, "cancel", services.cancel_transfer, said)
