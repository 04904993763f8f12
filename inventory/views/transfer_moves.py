"""Both ends of a transfer: units leave the one location, and are counted in at the other."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from inventory import selectors, services
from inventory.errors import TooManyReceived
from inventory.forms import ArrivalForm, ShipForm
from inventory.views.scanned import count_one
from inventory.views.transfers import find_or_404
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.htmx import lead_to
from oms.core.said import posted


@login_required
@permission_required("inventory.ship_transfer", raise_exception=True)
@require_http_methods(["GET", "POST"])
def ship(request: HttpRequest, number: str) -> HttpResponse:
    """Send units on their way, whole or in part."""
    transfer = find_or_404(request, number, "source")
    lines = [line for line in selectors.lines_of_transfer(transfer) if line.to_ship]
    form = ShipForm(
        posted(request),
        lines=lines,
        initial={"expected_on": transfer.expected_on},
    )
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if not form.loads and lines:
            form.add_error(None, _("Say how many leave, at least one unit."))
        else:
            try:
                services.ship_transfer(
                    number=number,
                    loads=[services.Load(**each) for each in form.loads],
                    key=form.cleaned_data["key"],
                    expected_on=form.cleaned_data["expected_on"],
                    by=Actor.of(request.user),
                    at=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                units = sum(each["quantity"] for each in form.loads)
                text = ngettext("{n} unit is in transit.", "{n} units are in transit.", units)
                messages.success(request, text.format(n=units))
                return redirect("inventory:transfer", number)
    verbs = transfer.verbs
    may = bool(lines) and ("ship" in verbs or "ship_rest" in verbs)
    context = {"transfer": transfer, "form": form, "may_ship": may}
    return render(request, "inventory/transfer_ship.html", context, status=status)


@login_required
@permission_required("inventory.receive_transfer", raise_exception=True)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Count the units in hand, then put them on the shelf; those who wait get them first."""
    transfer = find_or_404(request, number, "target")
    lines = selectors.lines_of_transfer(transfer)
    form = ArrivalForm(posted(request), lines=lines)
    verdict: dict[str, str] | None = None
    asks_to_keep = bool(request.POST.get("keep_over"))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        code = form.cleaned_data["code"].strip()
        if code:
            form, verdict = count_one(
                request, form, code, expected="in_transit", unknown=_("Not in this transfer")
            )
            status = 200
        elif not form.counts:
            form.add_error(None, _("Count at least one unit."))
        else:
            try:
                services.receive_transfer(
                    number=number,
                    counts=[services.Came(**each) for each in form.counts],
                    key=form.cleaned_data["key"],
                    keep_over=form.cleaned_data["keep_over"],
                    by=Actor.of(request.user),
                    at=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                asks_to_keep = asks_to_keep or isinstance(refusal, TooManyReceived)
                status = 409
            else:
                messages.success(request, _told(form))
                return lead_to(request, "inventory:transfer", number)
    context = {
        "transfer": transfer,
        "form": form,
        "verdict": verdict,
        "may_receive": "receive" in transfer.verbs,
        "asks_to_keep": asks_to_keep,
    }
    return render(request, "inventory/transfer_receive.html", context, status=status)


def _told(form: ArrivalForm) -> str:
    good = sum(each["good"] for each in form.counts)
    damaged = sum(each["damaged"] for each in form.counts)
    parts = []
    if good:
        text = ngettext("{n} unit is on the shelf.", "{n} units are on the shelf.", good)
        parts.append(text.format(n=good))
    if damaged:
        text = ngettext("{n} damaged unit is held.", "{n} damaged units are held.", damaged)
        parts.append(text.format(n=damaged))
    return " ".join(parts)
