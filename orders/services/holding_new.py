from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.errors import UnknownHold
from orders.events import OrderHeld, OrderPlaced
from orders.models import Hold
from orders.states import HOLDS


@service
def hold_new_order(*, placed: OrderPlaced, kind: str, reason: str, by: Actor) -> Hold:
    """Hold an order that is just being placed, before anything is done for it.

    For reactions to `order.placed`: those that come after it find the hold in `placed.holds`.

    Raises: UnknownHold.
    Locks: nothing.
    Publishes: OrderHeld.
    """
    if kind not in HOLDS:
        raise UnknownHold(kind=kind, known=list(HOLDS))
    order = placed.order
    hold = Hold.objects.create(
        order_id=order.pk, kind=kind, reason=reason, set_by=str(by), set_at=placed.at
    )
    placed.holds.append(hold)
    publish(
        OrderHeld(
            thread=order.number,
            subject=order.number,
            by=by,
            at=placed.at,
            kind=kind,
            reason=reason,
            stops=[str(stop) for stop in hold.stops],
            order=order,
        )
    )
    return hold
