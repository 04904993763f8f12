"""The counter: what waits to be collected, and giving it to the customer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fulfillment import selectors, services
from fulfillment.forms import HandOverForm
from fulfillment.rules.pickups import UNCOLLECTED_AFTER
from fulfillment.states import FulfillmentOrderStatus
from fulfillment.views.seen import actor_of, ask, user_of, work_or_404
from oms.core.keyset import page_of
from oms.core.said import posted
from oms.core.shell import working_locations

READY, LATE = "ready", "late"
LONGEST_SEARCH = 40


@login_required
@permission_required("fulfillment.view_fulfillmentorder", raise_exception=True)
@require_GET
def pickups(request: HttpRequest) -> HttpResponse:
    """Show what waits to be collected, the longest waiting first, or find it by what they say."""
    here = selectors.location_ids_of(working_locations(request))
    view = LATE if request.GET.get("view") == LATE else READY
    now = timezone.now()
    before = selectors.uncollected_before(now) if view == LATE else None
    found = selectors.pickups_of_user(user_of(request), location_ids=here, before=before)
    search = request.GET.get("search", "").strip()[:LONGEST_SEARCH]
    if search:
        found = selectors.pickups_matching(found, search)
    page = page_of(
        found,
        cursor=request.GET.get("cursor", ""),
        keys=("ready_at", "id"),
        descending=False,
    )
    tabs = [
        {"label": _("To collect"), "url": "?view=ready", "current": view == READY},
        {
            "label": _("Not collected for {n} days").format(n=UNCOLLECTED_AFTER.days),
            "url": "?view=late",
            "current": view == LATE,
        },
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "view": view,
        "search": search,
        "late_before": selectors.uncollected_before(now),
        "may_ship": request.user.has_perm("fulfillment.ship_fulfillmentorder"),
    }
    return render(request, "fulfillment/pickups.html", context)


@login_required
@permission_required("fulfillment.ship_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the customer's code, then give them their order."""
    work = work_or_404(request, number)
    if not work.is_pickup:
        raise Http404(number)
    if request.method == "GET" and work.status != FulfillmentOrderStatus.PACKED:
        messages.error(request, _("{n} does not wait to be collected now.").format(n=number))
        return redirect("fulfillment:detail", number)
    shown = request.GET.get("code", "")[:LONGEST_SEARCH]
    form = HandOverForm(posted(request), initial={"code": shown})
    return ask(
        request,
        "hand_over",
        form,
        lambda: services.hand_over(
            number=number, by=actor_of(request), at=timezone.now(), **form.cleaned_data
        ),
        _("{n} is handed over.").format(n=number),
        {
            "work": work,
            "packages": selectors.packages_of([work.pk]).get(work.pk, []),
            "pickup": selectors.pickup_waiting(number),
        },
        "fulfillment:pickups",
    )
