"""Moving units from one order to another: asked for, previewed, done, undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment import selectors, services
from fulfillment.forms_backorders import ReallocationForm
from fulfillment.models import Reallocation
from fulfillment.selectors import Expected, Holder, Place
from fulfillment.states import ReallocationReason
from fulfillment.views.backorders import MOVE, sku_or_404
from fulfillment.views.seen import actor_of, attempt, user_of
from oms.catalog.models import Sku
from oms.channels.naming import actor_name
from oms.core.errors import Refusal
from oms.core.keyset import page_of
from oms.core.rehearsal import rehearsal
from oms.core.said import posted
from orders.models import Order, OrderLine

SEE = "fulfillment.view_reallocation"


@dataclass(frozen=True)
class Effect:
    """What moving units does to one order: the days its units are expected, before and after."""

    order: Order
    before: list[Expected]
    after: list[Expected]


@login_required
@permission_required(MOVE, raise_exception=True)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Ask what goes where and why, show whose day moves to when, and do it."""
    sku = sku_or_404(code)
    places = selectors.places_in_line([sku.pk], at=timezone.now())
    holders = selectors.holders_of(sku.pk, places, user_of(request))
    first = _first_asked(request.GET.get("taker", ""), holders, places)
    form = ReallocationForm(posted(request), initial=first, holders=holders, places=places)
    effects: list[Effect] = []
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            if "confirm" in request.POST:
                done = _move(request, sku, form)
                messages.success(request, _("{n} is done.").format(n=done.number))
                return redirect("fulfillment:reallocation", done.number)
            effects = _preview(request, sku, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
    context = {
        "sku": sku,
        "form": form,
        "effects": effects,
        "units": form.cleaned_data.get("units") if effects else None,
        "has_choice": bool(holders and places),
    }
    return render(request, "fulfillment/reallocate.html", context, status=status)


def _first_asked(
    taker: str, holders: Sequence[Holder], places: Sequence[Place]
) -> dict[str, str | int]:
    """What the form begins with: the order that is named, or the next, and who else has units."""
    named = [each.waiter for each in places if each.waiter.number == taker]
    free = [each.waiter for each in places if not each.waiter.is_held]
    for waiter in [*named, *free]:
        for holder in holders:
            if holder.work.order_id != waiter.order_id:
                return {
                    "work": holder.work.number,
                    "taker": waiter.number,
                    "units": min(holder.units, waiter.units),
                }
    return {}


def _move(request: HttpRequest, sku: Sku, form: ReallocationForm) -> Reallocation:
    said = form.cleaned_data
    return services.reallocate(
        work=said["work"],
        sku=sku.code,
        taker=said["taker"],
        units=said["units"],
        reason=ReallocationReason(said["reason"]),
        note=said["note"],
        by=actor_of(request),
        at=timezone.now(),
    )


def _preview(request: HttpRequest, sku: Sku, form: ReallocationForm) -> list[Effect]:
    """Whose days move to when: it is done for real, looked at, and undone."""
    with rehearsal():
        said = form.cleaned_data
        orders = [
            Order.objects.get(
                pk=selectors.work_of_user(user_of(request))
                .values_list("order_id", flat=True)
                .get(number=said["work"])
            ),
            Order.objects.get(number=said["taker"]),
        ]
        before = [_days(order, sku) for order in orders]
        _move(request, sku, form)
        return [
            Effect(order, was, _days(order, sku)) for order, was in zip(orders, before, strict=True)
        ]


def _days(order: Order, sku: Sku) -> list[Expected]:
    lines = list(OrderLine.objects.filter(order=order, sku=sku))
    return selectors.expected_of(order, lines)


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def reallocation_list(request: HttpRequest) -> HttpResponse:
    """Show what was moved from order to order, the newest first."""
    page = page_of(
        selectors.reallocations(),
        cursor=request.GET.get("cursor", ""),
        keys=("moved_at", "id"),
    )
    return render(request, "fulfillment/reallocations.html", {"page": page})


@login_required
@permission_required(SEE, raise_exception=True)
@require_GET
def reallocation(request: HttpRequest, number: str) -> HttpResponse:
    """Show one move: what, from whom, to whom, why, and whether it can be undone."""
    found = selectors.reallocations().filter(number=number).first()
    if found is None:
        raise Http404(number)
    context = {
        "moved": found,
        "moved_by": actor_name(found.moved_by),
        "undone_by": actor_name(found.undone_by) if found.is_undone else "",
        "may_undo": not found.is_undone and request.user.has_perm(MOVE),
        "unpicked": selectors.unpicked_of(found),
    }
    return render(request, "fulfillment/reallocation.html", context)


@login_required
@permission_required(MOVE, raise_exception=True)
@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Give the units back, as long as nobody has picked them."""
    return attempt(
        request,
        lambda: services.undo_reallocation(number=number, by=actor_of(request), at=timezone.now()),
        _("{n} is undone.").format(n=number),
        "fulfillment:reallocation",
        number,
    )
