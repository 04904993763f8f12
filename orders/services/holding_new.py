from datetime import datetime

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.errors import UnknownHold
from orders.events import OrderHeld, OrderPlaced
from orders.models import Hold, Order
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
    hold = _hold(placed.order, kind, reason, by, placed.at)
    placed.holds.append(hold)
    return hold


@service
def hold_order_in_hand(
    *, order: Order, kind: str, reason: str, by: Actor, at: datetime
) -> Hold | None:
    """Hold an order that is new, or locked by whoever asks; None where it is held so already.

    Raises: UnknownHold.
    Locks: nothing.
    Publishes: OrderHeld.
    """
    if kind not in HOLDS:
        raise UnknownHold(kind=kind, known=list(HOLDS))
    if not order._state.adding:
        standing = Hold.objects.filter(order=order, kind=kind, released_at__isnull=True)
        if standing.exists():
            return None
    return _hold(order, kind, reason, by, at)


def _hold(order: Order, kind: str, reason: str, by: Actor, at: datetime) -> Hold:
    hold = Hold.objects.create(
        order_id=order.pk, kind=kind, reason=reason, set_by=str(by), set_at=at
    )
    publish(
        OrderHeld(
            thread=order.number,
            subject=order.number,
            by=by,
            at=at,
            kind=kind,
            reason=reason,
            stops=[str(stop) for stop in hold.stops],
            order=order,
        )
    )
    return hold
