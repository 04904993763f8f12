"""One piece of work, its paper, and what left."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fulfillment import selectors, services
from fulfillment.forms import TrackingForm
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, TrackingEvent
from fulfillment.selectors.waves import places_of_work
from fulfillment.states import BEFORE_PICKED, LIVE, FulfillmentOrderStatus, ShipmentStatus
from fulfillment.views.seen import actor_of, user_of, work_or_404
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.models import EventRecord
from oms.core.said import posted
from oms.core.shell import working_locations
from oms.core.tones import tone_of
from orders.timeline import Entry, entries

VERBS = ("release", "pick", "pack", "ship", "reject")


@login_required
@permission_required("fulfillment.view_fulfillmentorder", raise_exception=True)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one piece of work: its lines, what stops it, its packages, and the next thing to do."""
    work = work_or_404(request, number)
    lines = [line for line in selectors.lines_of(work) if line.quantity]
    packages = selectors.packages_of([work.pk]).get(work.pk, [])
    user = user_of(request)
    may = {verb: user.has_perm(f"fulfillment.{verb}_fulfillmentorder") for verb in VERBS}
    untouched = _is_untouched(work, lines)
    step = selectors.STEP_OF_STATUS.get(work.status)
    story = EventRecord.objects.filter(thread=work.order.number, subject=work.number)
    context = {
        "work": work,
        "lines": lines,
        "packages": packages,
        "shipments": list(work.shipments.order_by("pk")),
        "slip": selectors.slip_of(work),
        "places": places_of_work(work.pk),
        "opens_on": selectors.opens_on(lines) if step and step.key == "scheduled" else None,
        "step": step.key if step else "",
        "is_stopped": bool(step and step.stop and work.is_stopped(step.stop)),
        "stops": sorted(work.stops),
        "left_to_pick": sum(line.quantity - line.picked for line in lines),
        "left_to_pack": sum(line.picked - line.packed for line in lines),
        "may": may,
        "is_live": work.status in LIVE,
        "is_ready_to_collect": work.is_pickup and work.status == FulfillmentOrderStatus.PACKED,
        "is_untouched": untouched,
        "can_merge": untouched and bool(selectors.mergeable_with(work)),
        "story": entries(story.order_by("-pk"), []),
    }
    return render(request, "fulfillment/detail.html", context)


def _is_untouched(work: FulfillmentOrder, lines: list[FulfillmentOrderLine]) -> bool:
    """Whether it may still be moved, split or merged."""
    return work.status in BEFORE_PICKED and not any(line.picked for line in lines)


@login_required
@permission_required("fulfillment.view_fulfillmentorder", raise_exception=True)
@require_GET
def packing_slip(request: HttpRequest, number: str) -> HttpResponseBase:
    """The paper for the box; while it is being made, a page that says so and asks again."""
    work = work_or_404(request, number)
    slip = selectors.slip_of(work)
    if slip is None:
        services.request_packing_slip(number=number, at=timezone.now())
    if slip is not None and slip.is_ready:
        return FileResponse(
            slip.file.open("rb"), content_type="application/pdf", filename=f"{number}.pdf"
        )
    response = render(request, "fulfillment/slip_waiting.html", {"work": work}, status=503)
    response["Retry-After"] = "3"
    response["Refresh"] = "3"
    return response


@login_required
@permission_required("fulfillment.view_shipment", raise_exception=True)
@require_GET
def shipment_list(request: HttpRequest) -> HttpResponse:
    """Show what left, newest first."""
    user = user_of(request)
    here = selectors.location_ids_of(working_locations(request))
    found = selectors.shipment_list(user, here)
    if status := request.GET.get("status", ""):
        found = found.filter(status=status)
    page = page_of(found, cursor=request.GET.get("cursor", ""), keys=("id",))
    tabs = [
        {"label": label, "url": f"?status={key}", "current": key == status}
        for key, label in (("", _("All")), *MOVING_TABS)
    ]
    return render(request, "fulfillment/shipments.html", {"page": page, "tabs": tabs})


MOVING_TABS = (
    (ShipmentStatus.SHIPPED, ShipmentStatus.SHIPPED.label),
    (ShipmentStatus.IN_TRANSIT, ShipmentStatus.IN_TRANSIT.label),
    (ShipmentStatus.OUT_FOR_DELIVERY, ShipmentStatus.OUT_FOR_DELIVERY.label),
    (ShipmentStatus.EXCEPTION, ShipmentStatus.EXCEPTION.label),
    (ShipmentStatus.DELIVERED, ShipmentStatus.DELIVERED.label),
)


@login_required
@permission_required("fulfillment.view_shipment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def shipment(request: HttpRequest, number: str) -> HttpResponse:
    """Show one shipment and what carriers said of it; put down what one says."""
    user = user_of(request)
    found = selectors.shipments_of_user(user).filter(number=number).first()
    if found is None:
        raise Http404(number)
    may_tell = user.has_perm("fulfillment.ship_fulfillmentorder")
    form = TrackingForm(posted(request))
    if request.method == "POST" and not may_tell:
        raise PermissionDenied
    if form.is_valid():
        try:
            services.record_tracking(
                number=number,
                occurred_at=timezone.now(),
                by=actor_of(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The event is put down."))
            return redirect("fulfillment:shipment", number)
    packages = selectors.packages_of([found.fulfillment_order_id])
    context = {
        "shipment": found,
        "work": found.fulfillment_order,
        "packages": packages.get(found.fulfillment_order_id, []),
        "story": [_told(event) for event in found.events.order_by("occurred_at", "pk")],
        "form": form,
        "may_tell": may_tell and found.status != ShipmentStatus.DELIVERED,
    }
    status = 422 if form.errors else 200
    return render(request, "fulfillment/shipment.html", context, status=status)


def _told(event: TrackingEvent) -> Entry:
    tone = tone_of("shipment", event.status)
    detail = ", ".join(part for part in (event.location, event.message) if part)
    return Entry(event.occurred_at, str(tone.word), detail, tone.tone, tone.shape)
