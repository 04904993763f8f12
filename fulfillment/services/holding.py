from datetime import datetime

from fulfillment.errors import AlreadyOnHold, NotOnHold
from fulfillment.events import FulfillmentOrderHeld, FulfillmentOrderResumed
from fulfillment.models import FulfillmentOrder
from fulfillment.services.working import lock_work, refuse_unless
from fulfillment.states import LIVE
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service


@service
def hold_work(*, number: str, reason: str, by: Actor, at: datetime) -> FulfillmentOrder:
    """Stop this work alone, whatever step it is at; the rest of the order goes on.

    Raises: FulfillmentOrderNotFound, TransitionNotAllowed, AlreadyOnHold.
    Locks: Order, FulfillmentOrder.
    Publishes: FulfillmentOrderHeld.
    """
    work = lock_work(number=number)
    held = work.fulfillment_order
    refuse_unless(held, "hold", LIVE)
    if held.hold_reason:
        raise AlreadyOnHold(number=number, reason=held.hold_reason)

    held.hold_reason, held.held_by, held.held_at = reason, str(by), at
    held.save(update_fields=["hold_reason", "held_by", "held_at"])

    publish(
        FulfillmentOrderHeld(
            thread=work.order.number,
            subject=number,
            by=by,
            at=at,
            location=work.location,
            reason=reason,
        )
    )
    return held


@service
def resume_work(*, number: str, by: Actor, at: datetime) -> FulfillmentOrder:
    """Let work go on that was held by itself; holds of the order still stand.

    Raises: FulfillmentOrderNotFound, NotOnHold.
    Locks: Order, FulfillmentOrder.
    Publishes: FulfillmentOrderResumed.
    """
    work = lock_work(number=number)
    held = work.fulfillment_order
    if not held.hold_reason:
        raise NotOnHold(number=number)

    held.hold_reason, held.held_by, held.held_at = "", "", None
    held.save(update_fields=["hold_reason", "held_by", "held_at"])

    publish(
        FulfillmentOrderResumed(
            thread=work.order.number, subject=number, by=by, at=at, location=work.location
        )
    )
    return held
