"""The customer's own page, opened by a signed link and kept open by a cookie."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.private_pages import Door, private, unknown
from orders import selectors, services, telling
from orders.change_forms import AddressForm
from orders.forms import CustomerCancelForm
from orders.rules.changes import Action
from orders.states import PICKUP, ChangeType

DOOR = Door("oms_status")
SESSION = "status_links"
"""Session key with what links opened: numbers of orders, and each link's revision then."""


def _opened(request: HttpRequest, number: str) -> selectors.StatusPage | None:
    revision = DOOR.opened(request).get(number)
    return selectors.status_page(number, revision) if revision is not None else None


@private
@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a link in, and lead to an address that holds no secret."""
    order = selectors.order_by_token(token)
    if order is None:
        return unknown(request)
    response = redirect("orders:status", order.number)
    request.session[SESSION] = DOOR.open(request, response, order.number, order.link_revision)
    return response


@private
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Lead to the order opened last."""
    kept = DOOR.opened(request)
    return redirect("orders:status", list(kept)[-1]) if kept else unknown(request)


@private
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Tell the customer where everything is."""
    found = _opened(request, number)
    if found is None:
        return unknown(request)
    return render(request, "status/page.html", _context(found))


@private
@require_GET
def live(request: HttpRequest, number: str) -> HttpResponse:
    """The part of the page that changes, asked for every ten seconds; 286 ends the asking."""
    found = _opened(request, number)
    if found is None:
        return HttpResponse(status=286)
    return render(request, "status/_story.html", _context(found))


@private
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Let the customer call off what is not in a box yet."""
    found = _opened(request, number)
    if found is None:
        return unknown(request)
    form = CustomerCancelForm(request.POST or None, lines=found.lines)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            services.cancel_order(
                number=number,
                reason=_("Asked for by the customer on the status page"),
                units=form.units,
                by=Actor.customer(number),
            )
            return _done(number)
        except Refusal:
            found = _opened(request, number) or found
            form = CustomerCancelForm(request.POST, lines=found.lines)
            form.is_valid()
            form.add_error(
                None, _("Some of it was packed meanwhile and can no longer be cancelled.")
            )
            status = 409
    context = {**_context(found), "form": form}
    return render(request, "status/cancel.html", context, status=status)


@private
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, number: str) -> HttpResponse:
    """Let the customer say where else it shall go, while nothing is packed for the old address."""
    found = _opened(request, number)
    if found is None:
        return unknown(request)
    form = AddressForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            services.change_order(
                number=number,
                actions=[Action(ChangeType.SET_ADDRESS, address=form.address())],
                reason=_("Asked for by the customer on the status page"),
                by=Actor.customer(number),
            )
        except Refusal as refusal:
            form.add_error(None, telling.why_not(refusal))
            status = 409
        else:
            return HttpResponseRedirect(f"{reverse('orders:status', args=[number])}?redirected=1")
    context = {**_context(_opened(request, number) or found), "form": form}
    return render(request, "status/address.html", context, status=status)


@private
@require_GET
def start_return(request: HttpRequest, number: str) -> HttpResponse:
    """Lead on to the return portal, which knows this order from the session."""
    if _opened(request, number) is None:
        return unknown(request)
    request.session[SESSION] = DOOR.opened(request)
    return redirect(f"/returns/start/?order={number}")


def _done(number: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('orders:status', args=[number])}?cancelled=1")


def _context(found: selectors.StatusPage) -> dict[str, object]:
    order = found.order
    needs = telling.needs(found.holds)
    preparing, waiting = telling.still_to_come(found.lines)
    return {
        "found": found,
        "order": order,
        "known_as": order.external_id or order.number,
        "headline": telling.headline(found.lines, needs, collected=order.service == PICKUP),
        "needs": needs,
        "preparing": preparing,
        "preparing_steps": telling.steps(1 if _begun(found) else 0),
        "waiting": waiting,
        "not_out": telling.not_out(found.lines),
        "waiting_steps": telling.steps(0),
        "gone": any(line.shipped for line in found.lines),
        "called_off": [
            telling.Goods(line.cancelled, line.name) for line in found.lines if line.cancelled
        ],
        "money": found.money,
        "now": timezone.now(),
        "ends": order.status != "open" and not found.returnable,
    }


def _begun(found: selectors.StatusPage) -> bool:
    return any(line.picked > line.shipped for line in found.lines)
