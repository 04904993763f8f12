"""What staff do to one piece of work beside the stations. A refusal is shown where it was asked."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment import services
from fulfillment.errors import AlreadyShipped
from fulfillment.forms import (
    HoldWorkForm,
    MergeForm,
    MoveForm,
    RejectForm,
    ShipForm,
    SplitForm,
)
from fulfillment.models import FulfillmentOrder
from fulfillment.selectors import (
    carriage_revision,
    choice_for,
    lines_of,
    mergeable_with,
    packages_of,
    rate_book,
)
from fulfillment.services import Counted
from fulfillment.views.seen import actor_of, ask, attempt, work_or_404
from inventory.selectors import serving_locations
from oms.core.said import posted

DETAIL = "fulfillment:detail"


@login_required
@permission_required("fulfillment.release_fulfillmentorder", raise_exception=True)
@require_POST
def release(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the work to the people on the floor."""
    work_or_404(request, number)
    return attempt(
        request,
        lambda: services.release_work(number=number, by=actor_of(request), at=timezone.now()),
        _("{n} is released: its slip is being made.").format(n=number),
        DETAIL,
        number,
    )


@login_required
@permission_required("fulfillment.reject_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def reject(request: HttpRequest, number: str) -> HttpResponse:
    """Ask why, then give the work to other locations."""
    work = work_or_404(request, number)
    lines = [line for line in lines_of(work) if line.quantity]
    form = RejectForm(posted(request), lines=lines)

    def units() -> list[Counted] | None:
        return None if form.is_all else [Counted(sku, units) for sku, units in form.counted]

    return ask(
        request,
        "reject",
        form,
        lambda: services.reject(
            number=number,
            reason=form.cleaned_data["reason"],
            lines=units(),
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("{n}: other locations were asked.").format(n=number),
        {"work": work},
        DETAIL,
        number,
    )


@login_required
@permission_required("fulfillment.release_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Ask why, then stop this work alone."""
    work = work_or_404(request, number)
    form = HoldWorkForm(posted(request))
    return ask(
        request,
        "hold",
        form,
        lambda: services.hold_work(
            number=number,
            reason=form.cleaned_data["reason"],
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("{n} is on hold.").format(n=number),
        {"work": work},
        DETAIL,
        number,
    )


@login_required
@permission_required("fulfillment.release_fulfillmentorder", raise_exception=True)
@require_POST
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """Let work go on that was held alone."""
    work_or_404(request, number)
    return attempt(
        request,
        lambda: services.resume_work(number=number, by=actor_of(request), at=timezone.now()),
        _("{n} goes on.").format(n=number),
        DETAIL,
        number,
    )


@login_required
@permission_required("fulfillment.reject_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Ask where to, then have the same work done there."""
    work = work_or_404(request, number)
    places = [
        (place.code, place.name) for place in serving_locations() if place.pk != work.location_id
    ]
    form = MoveForm(posted(request), locations=places)
    return ask(
        request,
        "move",
        form,
        lambda: services.move_work(
            number=number, by=actor_of(request), at=timezone.now(), **form.cleaned_data
        ),
        _("{n} is done elsewhere now.").format(n=number),
        {"work": work},
        "fulfillment:queue",
    )


@login_required
@permission_required("fulfillment.release_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for units, then make them into work of their own."""
    work = work_or_404(request, number)
    lines = [line for line in lines_of(work) if line.quantity]
    form = SplitForm(posted(request), lines=lines)
    return ask(
        request,
        "split",
        form,
        lambda: services.split_work(
            number=number,
            lines=[Counted(sku, units) for sku, units in form.counted],
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("{n} is split in two.").format(n=number),
        {"work": work},
        DETAIL,
        number,
    )


@login_required
@permission_required("fulfillment.release_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Ask which other work of the order, then make it part of this one."""
    work = work_or_404(request, number)
    others = mergeable_with(work)
    form = MergeForm(posted(request), works=[(each.number, _named(each)) for each in others])
    return ask(
        request,
        "merge",
        form,
        lambda: services.merge_work(
            number=number,
            other=form.cleaned_data["other"],
            by=actor_of(request),
            at=timezone.now(),
        ),
        _("{n} has all units now.").format(n=number),
        {"work": work, "others": others},
        DETAIL,
        number,
    )


def _named(work: FulfillmentOrder) -> str:
    text = ngettext("{number}, {n} unit", "{number}, {n} units", work.units)
    return text.format(number=work.number, n=work.units)


@login_required
@permission_required("fulfillment.ship_fulfillmentorder", raise_exception=True)
@require_http_methods(["GET", "POST"])
def ship(request: HttpRequest, number: str) -> HttpResponse:
    """Show which services would take the packages and which is suggested, then let them go."""
    work = work_or_404(request, number)
    if work.is_pickup:
        return redirect("fulfillment:hand-over", number)
    book = rate_book(revision=carriage_revision())
    choice = choice_for(work, work.order, lines_of(work), book=book, at=timezone.now())
    form = ShipForm(posted(request), choice=choice, asks_why=not book.is_built_in)
    context: dict[str, Any] = {
        "work": work,
        "packages": packages_of([work.pk]).get(work.pk, []),
        "choice": choice,
        "possible": [each for each in choice.options if each.is_possible],
        "impossible": [each for each in choice.options if not each.is_possible],
        "is_built_in": book.is_built_in,
    }

    def let_go() -> None:
        try:
            services.ship(number=number, by=actor_of(request), at=timezone.now(), **form.named)
        except AlreadyShipped as refusal:
            context["first"] = refusal.shipment
            raise

    return ask(
        request,
        "ship",
        form,
        let_go,
        _("{n} is on its way.").format(n=number),
        context,
        DETAIL,
        number,
    )
