"""Corrections that wait for a second person."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import selectors, services
from inventory.views.stock import narrowed
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.models import User

DECIDE = "inventory.decide_adjustmentrequest"


@login_required
@permission_required("inventory.view_adjustmentrequest", raise_exception=True)
@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second person, and what was decided, newest first."""
    views = selectors.REQUEST_VIEWS
    view = views.get(request.GET.get("view", "waiting")) or views["waiting"]
    found = selectors.adjustment_requests(narrowed(request))
    page = page_of(
        found.filter(status__in=view.statuses), cursor=request.GET.get("cursor", ""), keys=("id",)
    )
    context = {
        "page": page,
        "view": view,
        "me": str(Actor.of(request.user)),
        "may_decide": cast(User, request.user).has_perm(DECIDE),
        "tabs": [
            {"label": each.label, "url": f"?view={each.name}", "current": each == view}
            for each in views.values()
        ],
    }
    return render(request, "inventory/adjustment_requests.html", context)


@login_required
@permission_required(DECIDE, raise_exception=True)
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Approve a correction that somebody else asked for, or decline it."""
    visible = selectors.visible_location_ids(cast(User, request.user))
    if not selectors.adjustment_requests(visible).filter(number=number).exists():
        raise Http404(number)
    by, at = Actor.of(request.user), timezone.now()
    try:
        if request.POST.get("verb") == "approve":
            services.approve_adjustment(number=number, by=by, at=at)
            said = _("{n} is approved: the books are corrected.")
        else:
            note = request.POST.get("note", "").strip()[:200]
            services.decline_adjustment(number=number, note=note, by=by, at=at)
            said = _("{n} is declined: the books stay.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said.format(n=number))
    return redirect("inventory:adjustment-requests")
