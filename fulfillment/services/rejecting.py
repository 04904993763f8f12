from datetime import datetime

from fulfillment.events import FulfillmentOrderRejected
from fulfillment.models import FulfillmentOrder, Package, PackageLine
from fulfillment.services.resourcing import ask_others
from fulfillment.services.working import Step, lock_work, move
from fulfillment.states import FULFILLMENT_ORDER
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import batch_service


@batch_service
def reject(*, number: str, reason: str, by: Actor, at: datetime) -> FulfillmentOrder:
    """Say that this location does not serve this work; other locations are asked at once.

    Picked units go back to their shelf, units in an open package too. A reason that says
    something of the stock ("missing", "damaged") takes all its units off the books here.

    Raises: FulfillmentOrderNotFound, TransitionNotAllowed, Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderRejected, OrderRouted, OrderBackordered.
    """
    work = lock_work(number=number)
    status = FULFILLMENT_ORDER.after("reject", work.fulfillment_order.status)
    given_up = {line: line.quantity for line in work.lines}
    units = work.units

    if any(line.packed for line in work.lines):
        PackageLine.objects.filter(package__fulfillment_order=work.fulfillment_order).delete()
        Package.objects.filter(fulfillment_order=work.fulfillment_order).delete()
    move(
        work,
        [
            Step(line, quantity=-line.quantity, picked=-line.picked, packed=-line.packed)
            for line in work.lines
        ],
        status=status,
        by=by,
        at=at,
    )

    publish(
        FulfillmentOrderRejected(
            thread=work.order.number,
            subject=number,
            by=by,
            at=at,
            location=work.location,
            reason=reason,
            units=units,
        )
    )
    ask_others(work, given_up, reason=reason, by=by, at=at)
    return work.fulfillment_order
