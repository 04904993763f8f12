"""What staff do to one order. A refusal is shown where it was asked for."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.htmx import is_part
from oms.core.models import User
from oms.messaging import services as messaging
from orders import selectors, services
from orders.change_words import letter_names
from orders.forms import CancelForm, HoldForm, NoteForm, PriorityForm, ReleaseForm
from orders.models import Order
from orders.states import HOLDS, hold_kind


def _order(request: HttpRequest, number: str) -> Order:
    order = selectors.orders_of(cast(User, request.user)).filter(number=number).first()
    if order is None:
        raise Http404(number)
    return order


def _show(
    request: HttpRequest, page: str, form: Form, context: dict[str, Any], status: int = 0
) -> HttpResponse:
    """The page with its form; for a dialog that page's part alone."""
    template = f"orders/_{page}.html" if is_part(request) else f"orders/{page}.html"
    answer = status or (422 if form.errors else 200)
    return render(request, template, {"form": form, **context}, status=answer)


@login_required
@permission_required("orders.hold_order", raise_exception=True)
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Ask which hold and why, then stop the order."""
    order = _order(request, number)
    form = HoldForm(request.POST or None)
    status = 0
    if form.is_valid():
        try:
            services.hold_order(number=number, by=Actor.of(request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            kind = HOLDS[form.cleaned_data["kind"]].label
            messages.success(request, _("{kind} hold is set.").format(kind=kind))
            return redirect("orders:detail", number)
    return _show(request, "hold", form, {"order": order}, status)


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Ask why, then let the order go on as far as this hold goes."""
    order = _order(request, number)
    if not selectors.is_held(order, kind) and kind not in HOLDS:
        raise Http404(kind)
    label = hold_kind(kind).label
    if not request.user.has_perm(hold_kind(kind).released_by):
        raise PermissionDenied
    form = ReleaseForm(request.POST or None)
    status = 0
    if form.is_valid():
        try:
            services.release_hold(
                number=number, kind=kind, by=Actor.of(request.user), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("{kind} hold is released.").format(kind=label))
            return redirect("orders:detail", number)
    in_words = hold_kind(kind).in_words
    context = {"order": order, "kind": kind, "label": label, "in_words": in_words}
    return _show(request, "release", form, context, status)


@login_required
@permission_required("orders.hold_order", raise_exception=True)
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Put down a note in the order's story."""
    order = _order(request, number)
    form = NoteForm(request.POST or None)
    if form.is_valid():
        services.add_note(number=number, by=Actor.of(request.user), **form.cleaned_data)
        messages.success(request, _("The note is in the timeline."))
        return redirect("orders:detail", number)
    return _show(request, "note", form, {"order": order})


@login_required
@permission_required("orders.prioritize_order", raise_exception=True)
@require_http_methods(["GET", "POST"])
def prioritize(request: HttpRequest, number: str) -> HttpResponse:
    """Ask how urgent an order is, and why."""
    order = _order(request, number)
    form = PriorityForm(request.POST or None, initial={"priority": order.priority})
    status = 0
    if form.is_valid():
        try:
            services.set_priority(
                number=number,
                by=Actor.of(request.user),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("The priority is kept."))
            return redirect("orders:detail", number)
    return _show(request, "priority", form, {"order": order}, status)


@login_required
@permission_required("orders.cancel_order", raise_exception=True)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for units and a reason, say what would happen, and cancel once that is confirmed."""
    found = selectors.order_page(number, cast(User, request.user))
    if found is None:
        raise Http404(number)
    form = CancelForm(request.POST or None, lines=found.lines)
    context: dict[str, Any] = {"order": found.order, "found": found}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "orders/cancel.html", {"form": form, **context}, status=status)
    by = Actor.of(request.user)
    try:
        if request.POST.get("step") == "confirm":
            services.cancel_order(
                number=number, reason=form.cleaned_data["reason"], units=form.units, by=by
            )
            messages.success(request, _("What you chose is cancelled."))
            return redirect("orders:detail", number)
        effects = services.preview_cancellation(number=number, units=form.units, by=by)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, "orders/cancel.html", {"form": form, **context}, status=409)
    context |= {"effects": effects, "letters": letter_names(effects)}
    return render(request, "orders/cancel_confirm.html", {"form": form, **context})


@login_required
@permission_required("orders.hold_order", raise_exception=True)
@require_POST
def resend(request: HttpRequest, number: str) -> HttpResponse:
    """Send the confirmation once more."""
    order = _order(request, number)
    if not order.email:
        messages.error(request, _("This order has no e-mail address to write to."))
        return redirect("orders:detail", number)
    messaging.post(
        letter="orders.letters.order_placed",
        key=f"order_placed:{number}:{timezone.now():%Y%m%d%H%M%S%f}",
        arguments={"order": number},
    )
    messages.success(request, _("The confirmation goes to {email}.").format(email=order.email))
    return redirect("orders:detail", number)


@login_required
@permission_required("orders.hold_order", raise_exception=True)
@require_POST
def revoke_link(request: HttpRequest, number: str) -> HttpResponse:
    """Close the links to the customer's page that were given out."""
    _order(request, number)
    services.revoke_status_link(number=number, by=Actor.of(request.user))
    messages.success(
        request, _("Older links no longer open the page; the next letter has a new one.")
    )
    return redirect("orders:detail", number)
