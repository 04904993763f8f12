"""Where customers start a return: which order, which units and why, what happens next."""

import time

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.said import posted
from orders import selectors as orders
from orders.models import Order
from returns import selectors, services
from returns.forms import FindOrderForm, WishForm

LET_IN = "return_orders"
"""Session key with the numbers of the orders a visitor proved to know here."""

BY_LINK = "status_links"
"""The same with those a link opened, and each link's revision then."""

ANSWER_AFTER = 0.4
"""Seconds until a try is answered that found nothing: as long for every kind of wrong."""

MOST_KEPT = 10


def _known_order(request: HttpRequest, number: str) -> Order | None:
    """Return an order the visitor may see: proven here, or by a link that holds."""
    order = orders.order_list().filter(number=number).first()
    if order is None or number in request.session.get(LET_IN, []):
        return order
    is_open = request.session.get(BY_LINK, {}).get(number) == order.link_revision
    return order if is_open else None


def _order_or_404(request: HttpRequest, number: str) -> Order:
    order = _known_order(request, number)
    if order is None:
        raise Http404(number)
    return order


@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Let a customer in by order number and e-mail address, or by the status page."""
    known = request.GET.get("order", "")
    if request.method == "GET" and known and _known_order(request, known):
        return redirect("returns:choose", known)
    form = FindOrderForm(posted(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        began = time.monotonic()
        admission = services.admit(
            **form.cleaned_data, ip=request.META["REMOTE_ADDR"], at=timezone.now()
        )
        if admission.order:
            return _let_in(request, admission.order)
        time.sleep(max(0.0, ANSWER_AFTER - (time.monotonic() - began)))
        if admission.is_limited:
            form.add_error(
                None, _("That was too many tries. Wait a quarter of an hour, then try again.")
            )
            status = 429
        else:
            form.add_error(
                None,
                _(
                    "We find no order with this number and this address. "
                    "Look at the mail that confirmed it, and check both."
                ),
            )
    response = render(request, "returns/start.html", {"form": form}, status=status)
    if status == 429:
        response["Retry-After"] = "900"
    return response


def _let_in(request: HttpRequest, order: Order) -> HttpResponse:
    kept = [each for each in request.session.get(LET_IN, []) if each != order.number]
    request.session.cycle_key()
    request.session[LET_IN] = [*kept, order.number][-MOST_KEPT:]
    return redirect("returns:choose", order.number)


@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, order: str) -> HttpResponse:
    """Let the customer say how many of what come back, and why."""
    placed = _order_or_404(request, order)
    lines = selectors.returnable_lines(placed)
    form = WishForm(posted(request), lines=lines)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made = services.request_return(
                order=placed.number,
                wishes=[services.Wish(**each) for each in form.wishes],
                by=Actor.customer(placed.number),
                at=timezone.now(),
            )
            return redirect("returns:started", placed.number, made.number)
        except Refusal:
            form.add_error(
                None,
                _("Some of it was asked back meanwhile. Choose again from what is left."),
            )
            status = 409
    context = {"order": placed, "known_as": placed.external_id or placed.number, "form": form}
    return render(request, "returns/portal_choose.html", context, status=status)


@never_cache
@require_GET
def done(request: HttpRequest, order: str, number: str) -> HttpResponse:
    """Tell the customer what happens next, and how far a return is."""
    placed = _order_or_404(request, order)
    document = selectors.return_list().filter(order=placed, number=number).first()
    if document is None:
        raise Http404(number)
    context = {
        "order": placed,
        "known_as": placed.external_id or placed.number,
        "document": document,
        "found": selectors.return_page(document),
    }
    return render(request, "returns/portal_done.html", context)
