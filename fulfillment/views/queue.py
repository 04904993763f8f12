"""The queue: what stands at each step, in the locations someone works at."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from fulfillment import selectors, services
from fulfillment.errors import FulfillmentOrderNotFound
from fulfillment.models import WaveOrder
from fulfillment.selectors.waves import works_in_waves
from fulfillment.views.seen import actor_of, user_of
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.shell import working_locations

MOST_AT_ONCE = 50
SHIPPED = "shipped"
TO_PICK = ("release", "pick", "picking")
PRINTED = (*TO_PICK, "pack", "ship")
IN_A_WAVE = Q(fulfillment_order=OuterRef("pk"), is_live=True)


@login_required
@permission_required("fulfillment.view_fulfillmentorder", raise_exception=True)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show the work at one step, the longest waiting first; what left, newest first."""
    user = user_of(request)
    here = selectors.location_ids_of(working_locations(request))
    standing = selectors.standing_work(here)
    step = request.GET.get("step") or _busiest(standing)
    found = selectors.queue(user, step=step, location_ids=here)
    may_filter = step in TO_PICK
    if is_free := may_filter and "free" in request.GET:
        found = found.exclude(Exists(WaveOrder.objects.filter(IN_A_WAVE)))
    page = page_of(
        found,
        cursor=request.GET.get("cursor", ""),
        keys=("created_at", "id"),
        descending=step == SHIPPED,
    )
    waves = works_in_waves([work.number for work in page]) if may_filter else {}
    for work in page:
        vars(work)["wave"] = waves.get(work.number, "")
    may_release = step == "release" and user.has_perm("fulfillment.release_fulfillmentorder")
    may_plan = may_filter and user.has_perm("fulfillment.plan_wave")
    may_print = step in PRINTED and user.has_perm("fulfillment.pick_fulfillmentorder")
    places = [*selectors.STEPS, selectors.ON_HOLD]
    tabs = [
        {
            "label": each.label,
            "url": f"?step={each.key}",
            "count": standing[each.key].orders if each.key in standing else None,
            "current": each.key == step,
        }
        for each in places
    ]
    context = {
        "tabs": tabs,
        "step": next((each for each in places if each.key == step), places[0]),
        "page": page,
        "standing": standing.get(step),
        "may_release": may_release,
        "may_plan": may_plan,
        "may_print": may_print,
        "may_choose": may_release or may_plan or may_print,
        "may_filter": may_filter,
        "is_free": is_free,
        "several": len(here) != 1,
        "today": timezone.now(),
    }
    return render(request, "fulfillment/queue.html", context)


def _busiest(standing: dict[str, selectors.Standing]) -> str:
    """The first step at which something stands, so that nobody opens an empty list."""
    waiting = (each.key for each in selectors.STEPS if each.key in standing)
    return next(waiting, selectors.STEPS[0].key)


@login_required
@permission_required("fulfillment.release_fulfillmentorder", raise_exception=True)
@require_POST
def release_many(request: HttpRequest) -> HttpResponse:
    """Release the chosen work; say of each that was refused why."""
    numbers = request.POST.getlist("number")[:MOST_AT_ONCE]
    seen = set(
        selectors.work_of_user(user_of(request))
        .filter(number__in=numbers)
        .values_list("number", flat=True)
    )
    done = 0
    for number in numbers:
        try:
            if number not in seen:
                raise FulfillmentOrderNotFound(number=number)
            services.release_work(number=number, by=actor_of(request), at=timezone.now())
            done += 1
        except Refusal as refusal:
            messages.error(request, str(refusal))
    if not numbers:
        messages.error(request, _("Choose at least one piece of work first."))
    if done:
        text = ngettext("{n} order is released.", "{n} orders are released.", done)
        messages.success(request, text.format(n=done))
    query = QueryDict(request.POST.get("query", "")[:2000]).urlencode()
    return redirect(f"{reverse('fulfillment:queue')}{'?' + query if query else ''}")
