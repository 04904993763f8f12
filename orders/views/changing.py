"""Changing an order: written over, previewed, and confirmed by name of its effect."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oms.catalog.models import Sku
from oms.core.actors import Actor
from oms.core.display import money_text
from oms.core.errors import Refusal
from oms.core.models import User
from orders import selectors, services
from orders.change_forms import ChangeForm
from orders.change_words import differences, letter_names
from orders.errors import OrderMovedOn
from orders.models import OrderChange
from orders.rules.effects import Effects
from orders.services.known import as_asked
from orders.states import ChangeStatus
from orders.timeline import happened

SUGGESTED = 300


@login_required
@permission_required("orders.change_order", raise_exception=True)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Show the order to be written over; what differs is previewed."""
    found = selectors.order_page(number, cast(User, request.user))
    if found is None:
        raise Http404(number)
    form = ChangeForm(request.POST or None, order=found.order, lines=found.lines, kits=found.kits)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made = services.preview_change(
                number=number,
                actions=form.actions,
                reason=form.cleaned_data["reason"],
                by=Actor.of(request.user),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            return redirect("orders:change-preview", number, made.number)
    skus = Sku.objects.order_by("code").values_list("code", "name")[:SUGGESTED]
    context = {"form": form, "order": found.order, "skus": skus}
    return render(request, "orders/change.html", context, status=status)


@login_required
@permission_required("orders.change_order", raise_exception=True)
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, number: str, change: str) -> HttpResponse:
    """Show what a change does; confirmed, change the order as previewed.

    When the order has moved on meanwhile, what happened is shown in place.
    """
    document = _change(request, number, change)
    if request.method != "POST":
        return _page(request, document)
    try:
        services.confirm_change(number=number, change=change, by=Actor.of(request.user))
    except OrderMovedOn as refusal:
        document = _change(request, number, change)
        return _page(request, document, status=409, since=happened(refusal.since))
    except Refusal as refusal:
        document = _change(request, number, change)
        return _page(request, document, status=409, refusal=str(refusal))
    messages.success(request, _("{n} is changed.").format(n=number))
    return redirect("orders:detail", number)


@login_required
@permission_required("orders.change_order", raise_exception=True)
@require_POST
def discard(request: HttpRequest, number: str, change: str) -> HttpResponse:
    """Let a previewed change go."""
    _change(request, number, change)
    try:
        services.discard_change(number=number, change=change, by=Actor.of(request.user))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The change is discarded: the order stays as it is."))
    return redirect("orders:detail", number)


def _change(request: HttpRequest, number: str, change: str) -> OrderChange:
    orders = selectors.orders_of(cast(User, request.user))
    found = OrderChange.objects.select_related("order").filter(
        number=change, order__number=number, order__in=orders
    )
    document = found.first()
    if document is None:
        raise Http404(change)
    return document


def _page(
    request: HttpRequest,
    document: OrderChange,
    *,
    status: int = 200,
    since: Any = (),
    refusal: str = "",
) -> HttpResponse:
    order = document.order
    is_open = document.status == ChangeStatus.PREVIEWED
    effects = Effects.of_json(document.effects) if document.effects else None
    context = {
        "order": order,
        "change": document,
        "differences": differences(
            document.actions, document.before or as_asked(order), order.currency
        ),
        "effects": effects,
        "letters": letter_names(effects) if effects else [],
        "verb": _verb(effects) if effects else "",
        "may_confirm": is_open and not refusal and order.status == "open",
        "may_discard": is_open,
        "since": since,
        "refusal": refusal,
    }
    return render(request, "orders/change_preview.html", context, status=status)


def _verb(effects: Effects) -> str:
    """The button's name: what the change comes to."""
    if effects.refunded:
        sum_ = money_text(effects.refunded, effects.currency)
        return _("Change order, refund {sum}").format(sum=sum_)
    if effects.difference:
        sum_ = money_text(abs(effects.difference), effects.currency)
        words = _("Change order, {sum} more") if effects.difference > 0 else ""
        return (words or _("Change order, {sum} less")).format(sum=sum_)
    return _("Change order")
