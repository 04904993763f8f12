"""One order, with everything that is known of it."""

from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from oms.channels.naming import actor_name
from oms.core.models import User
from orders import selectors
from orders.models import Order
from orders.states import HOLDS, Stop
from orders.timeline import Entry, entries


@login_required
@permission_required("orders.view_order", raise_exception=True)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one order: its holds, lines, work, money, customer and story."""
    found = selectors.order_page(number, cast(User, request.user))
    if found is None:
        raise Http404(number)
    order, user = found.order, cast(User, request.user)
    holds = [
        {
            "hold": hold,
            "label": hold.described.label,
            "in_words": hold.described.in_words,
            "remedy": _remedy(order, hold.kind, user),
            "stops": [Stop(stop).label for stop in hold.stops],
            "who": actor_name(hold.set_by),
            "tone": "stop" if hold.is_late else "wait",
            "may_release": "release" in order.verbs
            and request.user.has_perm(hold.described.released_by),
        }
        for hold in found.holds
    ]
    may_hold = request.user.has_perm("orders.hold_order")
    context = {
        "found": found,
        "order": order,
        "units": found.units,
        "money": found.money,
        "holds": holds,
        "next": _next(found),
        "story": [*_ahead(found), *entries(found.story, found.letters)],
        "may_cancel": (
            "cancel" in order.verbs
            and found.cancellable > 0
            and request.user.has_perm("orders.cancel_order")
        ),
        "may_change": "change" in order.verbs and request.user.has_perm("orders.change_order"),
        "may_hold": may_hold and "hold" in order.verbs and len(found.holds) < len(HOLDS),
        "may_release": any(hold["may_release"] for hold in holds),
        "may_note": may_hold,
        "may_prioritize": "change" in order.verbs
        and request.user.has_perm("orders.prioritize_order"),
        "status_url": selectors.status_url(order),
    }
    return render(request, "orders/detail.html", context)


def _remedy(order: Order, kind: str, user: User) -> tuple[str, str] | None:
    """What takes the reason of a hold away: words, and where it is done; None where only a release
    does."""
    is_open = not (order.ship_to.line1 and order.ship_to.city and order.ship_to.country)
    may_change = "change" in order.verbs and user.has_perm("orders.change_order")
    if kind == "address" and is_open and may_change:
        return _("Complete the address"), reverse(
            "orders:change", args=[order.number]
        ) + "#h-address"
    if kind == "unknown_sku" and user.has_perm("orders.follow_channelorder"):
        of_it = urlencode({"channel": order.channel.slug})
        return _("Match the SKUs"), f"{reverse('orders:unknown-skus')}?{of_it}"
    return None


def _ahead(found: selectors.OrderPage) -> list[Entry]:
    due = found.order.deliver_by
    if found.order.status != "open" or due is None or due <= timezone.now():
        return []
    return [Entry(due, _("Promised to be delivered by then"), "", "wait", "s-clock")]


def _next(found: selectors.OrderPage) -> list[tuple[str, str, str]]:
    """What has to happen next, as tone, shape and words."""
    if found.order.status != "open":
        return []
    units = found.units
    steps = [
        (
            "wait",
            "s-pause",
            _("Release the {kind} hold").format(kind=hold.described.in_words),
        )
        for hold in found.holds
    ]
    waiting = units["backordered"]
    ahead = [
        (
            waiting,
            ("wait", "s-clock"),
            ngettext(
                "{n} unit waits for stock: it is promised as soon as some comes in",
                "{n} units wait for stock: they are promised as soon as some comes in",
                waiting,
            ),
        )
    ]
    for done, over, one, many in (
        ("picked", "allocated", _("Pick {n} unit"), _("Pick {n} units")),
        ("packed", "picked", _("Pack {n} unit"), _("Pack {n} units")),
        ("shipped", "packed", _("Ship {n} packed unit"), _("Ship {n} packed units")),
    ):
        left = units[over] - units[done]
        ahead.append((left, ("quiet", "s-ring"), one if left == 1 else many))
    steps += [(*looks, words.format(n=count)) for count, looks, words in ahead if count]
    return steps
