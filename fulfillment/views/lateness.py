"""What will miss its promise, while there is still something to be done."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fulfillment import selectors
from fulfillment.models import PromisedDate
from fulfillment.states import FulfillmentOrderStatus as S
from inventory.selectors import visible_location_ids
from oms.core.keyset import page_of
from oms.core.models import User

NEXT: dict[str, Any] = {
    S.SCHEDULED: _("Waits for its day"),
    S.OPEN: _("Release it"),
    S.RELEASED: _("Pick it"),
    S.PICKING: _("Finish picking"),
    S.PICKED: _("Pack it"),
    S.PACKED: _("Ship it"),
}


@login_required
@permission_required("fulfillment.view_fulfillmentorder", raise_exception=True)
@require_GET
def late_list(request: HttpRequest) -> HttpResponse:
    """Show work by the time that is left, and what to do with it next; or orders that wait for
    units which come too late."""
    assert isinstance(request.user, User)  # noqa: S101 (signed in)
    mine, now = visible_location_ids(request.user), timezone.now()
    cursor = request.GET.get("cursor", "")
    of_orders = mine is None and request.GET.get("view") == "waiting"
    tabs = [
        {"label": _("Work"), "url": "?", "current": not of_orders},
        {"label": _("Orders that wait"), "url": "?view=waiting", "current": of_orders},
    ]
    context: dict[str, Any] = {"tabs": tabs if mine is None else [], "of_orders": of_orders}
    if of_orders:
        waiting = selectors.orders_that_wait()
        orders = page_of(waiting, cursor=cursor, keys=("deliver_by", "id"), descending=False)
        context |= {"page": orders, "orders": selectors.waits_too_long(orders.rows, at=now)}
    else:
        risks = selectors.at_risk(mine, at=now)
        page = page_of(risks, cursor=cursor, keys=("leave_by", "id"), descending=False)
        context |= {"page": page, "rows": [_row(each, now) for each in page.rows]}
    return render(request, "fulfillment/late.html", context)


def _row(promise: PromisedDate, now: datetime) -> dict[str, Any]:
    return {
        "promise": promise,
        "is_over": promise.leave_by is not None and promise.leave_by < now,
        "next": _next(promise),
    }


def _next(promise: PromisedDate) -> Any:
    work = promise.fulfillment_order
    if work is None:
        return ""
    if work.hold_reason or work.stops:
        return _("Look at its hold")
    return NEXT.get(work.status, "")
