"""Goods-in: a delivery is counted by scanner, by thumb or by form, then taken in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from inventory import selectors, services
from inventory.errors import TooManyReceived
from inventory.forms import DeliveryForm
from inventory.states import StockState
from inventory.views.replenishment import find_or_404
from inventory.views.scanned import count_one
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.htmx import lead_to
from oms.core.said import posted


@login_required
@permission_required("inventory.receive_replenishmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Count the units in hand, then put them on the shelf; those who wait get them first."""
    order = find_or_404(request, number)
    lines = [each.line for each in selectors.lines_of_replenishment(order)]
    form = DeliveryForm(posted(request), lines=lines)
    verdict: dict[str, str] | None = None
    asks_to_keep = bool(request.POST.get("keep_over"))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        code = form.cleaned_data["code"].strip()
        if code:
            form, verdict = count_one(
                request, form, code, expected="missing", unknown=_("Not in this order")
            )
            status = 200
        elif not form.counts:
            form.add_error(None, _("Count at least one unit."))
        else:
            try:
                services.receive_replenishment(
                    number=number,
                    counts=[services.Count(**each) for each in form.counts],
                    key=form.cleaned_data["key"],
                    reference=form.cleaned_data["reference"],
                    keep_over=form.cleaned_data["keep_over"],
                    by=Actor.of(request.user),
                    at=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                asks_to_keep = asks_to_keep or isinstance(refusal, TooManyReceived)
                status = 409
            else:
                _tell(request, form.counts)
                return lead_to(request, "inventory:replenishment", number)
    context = {
        "order": order,
        "form": form,
        "verdict": verdict,
        "may_receive": "receive" in order.verbs,
        "asks_to_keep": asks_to_keep,
    }
    return render(request, "inventory/delivery.html", context, status=status)


def _tell(request: HttpRequest, counts: list[dict[str, Any]]) -> None:
    kept = [each for each in counts if each.get("state") == StockState.DAMAGED]
    damaged = sum(each["accepted"] for each in kept)
    taken = sum(each.get("accepted", 0) for each in counts) - damaged
    rejected = sum(each.get("rejected", 0) for each in counts)
    parts = (
        [ngettext("{n} unit is on the shelf.", "{n} units are on the shelf.", taken)]
        if (taken)
        else []
    )
    text = " ".join(parts).format(n=taken)
    if damaged:
        more = ngettext("{n} unit is kept as damaged.", "{n} units are kept as damaged.", damaged)
        text = f"{text} {more.format(n=damaged)}".strip()
    if rejected:
        more = ngettext("{n} unit is not taken in.", "{n} units are not taken in.", rejected)
        text = f"{text} {more.format(n=rejected)}".strip()
    messages.success(request, text)
