"""What staff do to a return. A refusal is shown where it was asked for."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.models import User
from oms.core.said import posted
from orders import selectors as orders
from orders.models import Order
from returns import selectors, services
from returns.forms import ApproveForm, CancelForm, DeclineForm, OrderNumberForm, WishForm
from returns.views.showing import find_or_404


@login_required
@permission_required("returns.request_returnauthorization", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a return for a customer: which order, then which units and why."""
    said = (request.POST.get("order") or request.GET.get("order", "")).strip()
    order = _order(cast(User, request.user), said)
    if order is None:
        form = OrderNumberForm({"order": said} if said else None)
        if said:
            form.add_error("order", _("There is no order with this number."))
        status = 422 if said else 200
        return render(request, "returns/new.html", {"form": form}, status=status)
    lines = selectors.returnable_lines(order)
    wish = WishForm(posted(request), lines=lines)
    status = 422 if wish.is_bound else 200
    if wish.is_valid():
        try:
            made = services.request_return(
                order=order.number,
                wishes=[services.Wish(**each) for each in wish.wishes],
                by=Actor.of(request.user),
                at=timezone.now(),
            )
        except Refusal as refusal:
            wish.add_error(None, str(refusal))
            status = 409
        else:
            text = _("{number} is requested.").format(number=made.number)
            messages.success(request, text)
            return redirect("returns:detail", made.number)
    return render(request, "returns/choose.html", {"form": wish, "order": order}, status=status)


def _order(user: User, said: str) -> Order | None:
    if not said:
        return None
    found = orders.orders_of(user)
    return found.filter(number=said.upper()).first() or found.filter(external_id=said).first()


def _decide(
    request: HttpRequest,
    number: str,
    form_class: type[Form],
    verb: str,
    service: Callable[..., object],
    done: str,
) -> HttpResponse:
    """Ask for a word, then decide; a page, or for the dialog its part."""
    document = find_or_404(request, number)
    form = form_class(posted(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            service(
                number=number, by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, done.format(number=number))
            return redirect("returns:detail", number)
    alone = request.headers.get("HX-Request") == "true"
    context: dict[str, Any] = {
        "document": document,
        "form": form,
        "verb": verb,
        "units": sum(line.quantity for line in document.lines.all()),
    }
    page = "returns/_decide.html" if alone else "returns/decide.html"
    return render(request, page, context, status=status)


@login_required
@permission_required("returns.approve_returnauthorization", raise_exception=True)
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Let the units come back."""
    done = _("{number} is approved. The customer is told where to send the units.")
    return _decide(request, number, ApproveForm, "approve", services.approve_return, done)


@login_required
@permission_required("returns.approve_returnauthorization", raise_exception=True)
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """Turn the request down, with a reason for the customer."""
    done = _("{number} is declined. The customer is told why.")
    return _decide(request, number, DeclineForm, "decline", services.decline_return, done)


@login_required
@permission_required("returns.approve_returnauthorization", raise_exception=True)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call the return off before anything came."""
    done = _("{number} is cancelled.")
    return _decide(request, number, CancelForm, "cancel", services.cancel_return, done)
