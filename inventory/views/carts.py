"""What is kept for the carts of channels: for whom, until when, and an end to it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inventory import selectors, services
from inventory.forms import ReasonForm
from inventory.models import CartReservation
from inventory.views.stock import narrowed
from oms.channels.models import Channel
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.models import User


@login_required
@permission_required("inventory.view_cartreservation", raise_exception=True)
@require_GET
def cart_list(request: HttpRequest) -> HttpResponse:
    """Show the open carts, those that end first on top, of one channel or of all."""
    channel = request.GET.get("channel", "")[:64]
    page, carts = selectors.cart_page(
        narrowed(request), channel=channel, cursor=request.GET.get("cursor", "")
    )
    context = {
        "page": page,
        "carts": carts,
        "channel": channel,
        "channels": list(Channel.objects.order_by("name").values_list("slug", "name")),
    }
    return render(request, "inventory/carts.html", context)


@login_required
@permission_required("inventory.view_cartreservation", raise_exception=True)
@require_http_methods(["GET", "POST"])
def cart(request: HttpRequest, number: str) -> HttpResponse:
    """Show one cart and its units; who may ends it, with a reason."""
    user = cast(User, request.user)
    places = selectors.visible_location_ids(user)
    found = selectors.carts_at(places).filter(number=number).first()
    if found is None:
        raise Http404(number)
    form = ReasonForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_bound and not user.has_perm("inventory.end_cartreservation"):
        return HttpResponse(status=403)
    if form.is_valid():
        try:
            _end(found, form.cleaned_data["reason"], user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("Its units are free again."))
            return redirect("inventory:carts")
    context = {"kept": selectors.with_units([found])[0], "cart": found, "form": form}
    return render(request, "inventory/cart.html", context, status=status)


def _end(found: CartReservation, reason: str, user: User) -> None:
    services.give_cart_back(
        channel_id=found.channel_id,
        key=found.key,
        reason=reason,
        by=Actor.of(user),
        at=timezone.now(),
    )
