"""What will miss its promise, while there is still something to be done."""

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
    """Show work by the time that is left, and what to do with it next; orders that wait for units
    which come too late."""
    assert isinstance(request.user, User)  # noqa: S101 (signed in)
    mine, now = visible_location_ids(request.user), timezone.now()
    page = page_of(
        selectors.at_risk(mine, at=now),
        cursor=request.GET.get("cursor", ""),
        keys=("leave_by", "id"),
        descending=False,
    )
    context = {
        "page": page,
        "rows": [
            {
                "promise": each,
                "is_over": each.leave_by is not None and each.leave_by < now,
                "next": _next(each),
            }
            for each in page.rows
        ],
        "orders": selectors.waits_too_long(at=now) if mine is None else [],
    }
    return render(request, "fulfillment/late.html", context)


def _next(promise: PromisedDate) -> Any:
    work = promise.fulfillment_order
    if work is None:
        return ""
    if work.hold_reason or work.stops:
        return _("Look at its hold")
    return NEXT.get(work.status, "")
