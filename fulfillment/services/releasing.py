from datetime import datetime

from fulfillment.events import FulfillmentOrderReleased
from fulfillment.models import FulfillmentOrder
from fulfillment.services.working import lock_work, move, refuse_on_hold
from fulfillment.states import FULFILLMENT_ORDER
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import batch_service
from orders.states import Stop


@batch_service
def release_work(*, number: str, by: Actor, at: datetime) -> FulfillmentOrder:
    """Hand work to the people on the floor.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed.
    Locks: Order, FulfillmentOrder.
    Publishes: FulfillmentOrderReleased.
    """
    work = lock_work(number=number)
    status = FULFILLMENT_ORDER.after("release", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PICK)

    move(work, [], status=status, by=by, at=at)

    publish(
        FulfillmentOrderReleased(
            thread=work.order.number, subject=number, by=by, at=at, location=work.location
        )
    )
    return work.fulfillment_order
