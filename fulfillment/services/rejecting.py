from collections.abc import Mapping, Sequence
from datetime import datetime

from fulfillment.errors import NothingToReject
from fulfillment.events import FulfillmentOrderRejected
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Package, PackageLine
from fulfillment.services.counting import Counted, units_by_line
from fulfillment.services.resourcing import ask_others
from fulfillment.services.waves.changing import let_go
from fulfillment.services.working import Step, Work, by_sku, lock_work, move
from fulfillment.states import FULFILLMENT_ORDER
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import batch_service


@batch_service
def reject(
    *, number: str, reason: str, lines: Sequence[Counted] | None = None, by: Actor, at: datetime
) -> FulfillmentOrder:
    """Say that this location does not serve this work, or these units of it; other locations are
    asked at once.

    Picked units go back to their shelf; with all of the work those in an open package too. A
    reason may say something of the stock: "missing" and "damaged" take the units off the books
    here, "none_here" holds all that is free of their SKUs here until somebody has looked.

    Raises: FulfillmentOrderNotFound, TransitionNotAllowed, UnknownLine, TooManyUnits,
        NothingToReject, Busy.
    Locks: Order, FulfillmentOrder, Wave, StockLevel.
    Publishes: FulfillmentOrderRejected, WaveFinished, OrderRouted, OrderBackordered.
    """
    work = lock_work(number=number)
    status = FULFILLMENT_ORDER.after("reject", work.fulfillment_order.status)
    given_up = {line: line.quantity for line in work.lines}
    if lines is not None:
        given_up = units_by_line(work, lines, lambda line: line.quantity)
    if not any(given_up.values()):
        raise NothingToReject(number=number)
    if all(given_up.get(line, 0) == line.quantity for line in work.lines):
        steps = _all_of_it(work)
    else:
        if lines is not None:
            given_up = units_by_line(work, lines, lambda line: line.quantity - line.packed)
        steps = _some(given_up)
        status = _status_without(work, given_up)

    move(work, steps, status=status, by=by, at=at)

    publish(
        FulfillmentOrderRejected(
            thread=work.order.number,
            subject=number,
            by=by,
            at=at,
            location=work.location,
            reason=reason,
            units=by_sku(given_up),
        )
    )
    let_go(number=number, by=by, at=at)
    ask_others(work, given_up, reason=reason, by=by, at=at)
    return work.fulfillment_order


def _all_of_it(work: Work) -> list[Step]:
    if any(line.packed for line in work.lines):
        PackageLine.objects.filter(package__fulfillment_order=work.fulfillment_order).delete()
        Package.objects.filter(fulfillment_order=work.fulfillment_order).delete()
    return [
        Step(line, quantity=-line.quantity, picked=-line.picked, packed=-line.packed)
        for line in work.lines
    ]


def _some(given_up: Mapping[FulfillmentOrderLine, int]) -> list[Step]:
    """Units leave that nobody has picked first, then picked ones; those in a package stay."""
    return [
        Step(line, quantity=-units, picked=-max(0, line.picked - (line.quantity - units)))
        for line, units in given_up.items()
    ]


def _status_without(work: Work, given_up: Mapping[FulfillmentOrderLine, int]) -> str:
    """Where the rest stands: with nothing left to pick of it, the picking is done."""
    left = [
        (line.quantity - given_up.get(line, 0), line.picked)
        for line in work.lines
        if line.quantity > given_up.get(line, 0)
    ]
    status = work.fulfillment_order.status
    begun = any(picked for _, picked in left)
    if begun and "pick" in FULFILLMENT_ORDER.verbs(status) and all(n <= p for n, p in left):
        return FULFILLMENT_ORDER.after("pick", status)
    return status
