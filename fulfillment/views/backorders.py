"""The queue of those who wait for stock: all of it, that of a SKU, and who is served first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fulfillment import selectors, services
from fulfillment.forms_backorders import PolicyForm
from fulfillment.selectors import Place
from fulfillment.views.seen import actor_of, user_of
from inventory.selectors import visible_location_ids, working_location_ids
from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.core.exports import Cell, write_csv
from oms.core.rehearsal import rehearsal
from oms.core.said import posted
from oms.core.shell import shell_of

SEE = "inventory.view_stocklevel"
SET = "fulfillment.set_queuepolicy"
MOVE = "fulfillment.reallocate_units"
MOST_SEARCHED = 64
MOST_PREVIEWED = 20
COLUMNS = (
    "sku",
    "position",
    "of",
    "order",
    "channel",
    "units",
    "priority",
    "since",
    "expected_on",
    "units_without_a_day",
    "passed_over",
)


@dataclass(frozen=True)
class Narrowed:
    """What of the queue is looked at."""

    location: str
    location_ids: list[int] | None
    channel: str
    search: str


def narrowed(request: HttpRequest) -> Narrowed:
    """Return what the page is narrowed to: by its address, the switcher, and who looks."""
    chosen = shell_of(request).location
    said = {name: request.GET.get(name, "")[:MOST_SEARCHED] for name in ("channel", "search")}
    code = request.GET.get("location", chosen.code if chosen else "")[:16]
    return Narrowed(code, working_location_ids(user_of(request), code), **said)


def sees_orders(request: HttpRequest) -> bool:
    """Whether this person may open the orders of all locations, and see whose they are."""
    user = user_of(request)
    return user.has_perm("orders.view_order") and visible_location_ids(user) is None


def sku_or_404(code: str) -> Sku:
    found = Sku.objects.filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def queue_list(request: HttpRequest) -> HttpResponse:
    """Show the SKUs that orders wait for, the longest wait first."""
    asked = narrowed(request)
    rows = selectors.queue_list(
        search=asked.search.strip(), channel=asked.channel, location_ids=asked.location_ids
    )
    page = selectors.cut(rows, lambda row: row.sku_id, cursor=request.GET.get("cursor", ""))
    context = {
        **_filters(request, asked),
        "page": page,
        "queues": selectors.with_arrivals(page.rows, today=timezone.localdate()),
        "orders": sum(row.orders for row in rows),
        "units": sum(row.units for row in rows),
        "skus": len(rows),
        "policy": selectors.policy_of(None),
        "may_set": request.user.has_perm(SET),
        "may_see_moves": request.user.has_perm("fulfillment.view_reallocation"),
    }
    return render(request, "fulfillment/backorders.html", context)


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def queue(request: HttpRequest, code: str) -> HttpResponse:
    """Show the queue of one SKU: each place, what it waits for, and until when."""
    sku = sku_or_404(code)
    asked = narrowed(request)
    places = _places(sku, asked)
    context = {
        **_filters(request, asked),
        "sku": sku,
        "page": selectors.cut(
            places, lambda place: place.waiter.line_id, cursor=request.GET.get("cursor", "")
        ),
        "places": len(places),
        "units": sum(place.waiter.units for place in places),
        "policy": selectors.policy_of(sku.pk),
        "may_set": request.user.has_perm(SET),
        "may_move": request.user.has_perm(MOVE)
        and selectors.can_give(sku.pk, places, user_of(request)),
        "sees_orders": sees_orders(request),
    }
    return render(request, "fulfillment/backorder_queue.html", context)


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def queue_file(request: HttpRequest) -> StreamingHttpResponse:
    """The queue, of one SKU or of all, as a file."""
    asked = narrowed(request)
    code = request.GET.get("sku", "")
    if code:
        sku_ids = [sku_or_404(code).pk]
    else:
        rows = selectors.queue_list(search=asked.search, channel=asked.channel)
        sku_ids = [row.sku_id for row in rows]
    places = selectors.places_in_line(
        sku_ids, at=timezone.now(), location_ids=asked.location_ids, channel=asked.channel
    )
    table = write_csv(_table(places))
    answer = StreamingHttpResponse(table, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="backorders.csv"'
    return answer


def _table(places: Sequence[Place]) -> Iterator[Sequence[Cell]]:
    yield COLUMNS
    for each in places:
        yield (
            each.waiter.sku,
            each.position,
            each.of,
            each.waiter.number,
            each.channel,
            each.waiter.units,
            each.waiter.priority,
            each.waiter.placed_at,
            each.last_on,
            each.unknown,
            ", ".join(each.why),
        )


def _places(sku: Sku, asked: Narrowed) -> list[Place]:
    return selectors.places_in_line(
        [sku.pk], at=timezone.now(), location_ids=asked.location_ids, channel=asked.channel
    )


def _filters(request: HttpRequest, asked: Narrowed) -> dict[str, Any]:
    return {
        "asked": asked,
        "locations": shell_of(request).locations,
        "channels": list(Channel.objects.filter(is_active=True).order_by("name")),
    }


@login_required
@permission_required(SET, raise_exception=True)
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask who is served first, show how the queue would stand then, and keep it."""
    sku = sku_or_404(code) if code else None
    known = selectors.policy_of(sku.pk if sku else None)
    said = posted(request) or (request.GET if "rule" in request.GET else None)
    form = PolicyForm(said, policy=known, is_usual=sku is None)
    changes: list[Change] = []
    if form.is_valid():
        if request.method == "POST":
            services.set_queue_policy(
                rule=form.wanted, sku=code, by=actor_of(request), at=timezone.now()
            )
            messages.success(request, _("The queue goes by this from now on."))
            return (
                redirect("fulfillment:backorder-queue", code)
                if sku
                else redirect("fulfillment:backorders")
            )
        changes = _preview(request, form, sku)
    context = {
        "sku": sku,
        "form": form,
        "policy": known,
        "changes": changes,
        "is_previewed": form.is_bound and form.is_valid(),
        "sees_orders": sees_orders(request),
    }
    status = 422 if form.errors else 200
    return render(request, "fulfillment/backorder_policy.html", context, status=status)


@dataclass(frozen=True)
class Change:
    """A place in line before and after."""

    place: Place
    position: int
    last_on: date | None

    @property
    def is_moved(self) -> bool:
        return self.position != self.place.position or self.last_on != self.place.last_on


def _preview(request: HttpRequest, form: PolicyForm, sku: Sku | None) -> list[Change]:
    """What another rule does to the queues: it is kept for real, looked at, and undone."""
    now = timezone.now()
    if sku is not None:
        sku_ids = [sku.pk]
    else:
        rows = [row for row in selectors.queue_list() if not row.has_own_rule]
        sku_ids = [row.sku_id for row in rows[:MOST_PREVIEWED]]
    before = selectors.places_in_line(sku_ids, at=now)
    with rehearsal():
        services.set_queue_policy(
            rule=form.wanted, sku=sku.code if sku else "", by=actor_of(request), at=now
        )
        after = _by_line(selectors.places_in_line(sku_ids, at=now))
    return [
        Change(place, after[line].position, after[line].last_on)
        for place in before
        if (line := place.waiter.line_id) in after
    ]


def _by_line(places: Sequence[Place]) -> dict[int, Place]:
    return {each.waiter.line_id: each for each in places}
