from collections.abc import Collection, Mapping
from datetime import datetime

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.models import Order, OrderLine
from returns import selectors
from returns.errors import NotReturnable
from returns.events import ReturnApproved
from returns.models import ReturnAuthorization, ReturnLine
from returns.services.documents import changed
from returns.services.requesting import Wish, announce
from returns.states import OPEN, RETURN, Reason, Resolution


@service
def expect_return(
    *,
    order: Order,
    units: Mapping[int, int],
    note: str,
    told_before: Collection[str],
    by: Actor,
    at: datetime,
) -> str:
    """Return the return of a locked order that its channel speaks of: units (by line id) for which
    the money went back there already.

    One that is open here for just these units is that return, when the channel has not named it
    before (`told_before`). Otherwise it is a new one, approved: its units are received and graded
    like all others. Nothing more is given back for it, and nobody is written to.

    Raises: NotReturnable.
    Locks: nothing.
    Publishes: ReturnRequested, ReturnApproved.
    """
    if known := _known(order, units, told_before):
        known.is_followed = True
        changed(known, "is_followed")
        return known.number
    lines = {line.pk: line for line in OrderLine.objects.filter(order=order, pk__in=units)}
    for pk, count in units.items():
        if count > lines[pk].returnable:
            raise NotReturnable(
                number=order.number,
                sku=lines[pk].sku_code or lines[pk].name,
                requested=count,
                returnable=lines[pk].returnable,
            )
    document = announce(
        order,
        [
            (Wish(lines[pk].sku_code, count, Reason.OTHER, line_id=pk), lines[pk], count)
            for pk, count in sorted(units.items())
        ],
        location=selectors.location_for(order),
        resolution=Resolution.REFUND,
        language=order.language,
        note=note,
        by=by,
        at=at,
        is_followed=True,
    )
    document.status = RETURN.after("approve", document.status)
    document.decided_by, document.decided_at = str(by), at
    changed(document, "status", "decided_by", "decided_at")
    publish(
        ReturnApproved(
            thread=order.number,
            subject=document.number,
            by=by,
            at=at,
            location=document.location.code,
            is_followed=True,
        )
    )
    return document.number


def _known(
    order: Order, units: Mapping[int, int], told_before: Collection[str]
) -> ReturnAuthorization | None:
    found: dict[int, dict[int, int]] = {}
    ours = ReturnAuthorization.objects.filter(order=order, status__in=OPEN, is_followed=False)
    documents = {each.pk: each for each in ours.exclude(number__in=told_before).order_by("pk")}
    for line in ReturnLine.objects.filter(authorization__in=documents):
        of = found.setdefault(line.authorization_id, {})
        of[line.order_line_id] = of.get(line.order_line_id, 0) + line.quantity
    return next((documents[pk] for pk, of in sorted(found.items()) if of == dict(units)), None)
