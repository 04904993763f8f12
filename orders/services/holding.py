from django.db.models import F
from django.utils import timezone

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import batch_service, service
from orders.errors import AlreadyHeld, NotHeld, SkuStillUnknown, UnknownHold
from orders.events import OrderHeld, OrderReleased
from orders.models import Hold, Order, OrderLine
from orders.services.progressing import lock_order
from orders.states import HOLDS, ORDER, OrderStatus


@service
def hold_order(*, number: str, kind: str, reason: str, by: Actor) -> Hold:
    """Stop an order from moving on, for one more reason.

    Raises: OrderNotFound, UnknownHold, AlreadyHeld, TransitionNotAllowed.
    Locks: Order.
    Publishes: OrderHeld.
    """
    if kind not in HOLDS:
        raise UnknownHold(kind=kind, known=list(HOLDS))
    order = lock_order(number=number)
    ORDER.after("hold", order.status)
    if Hold.objects.filter(order=order, kind=kind, released_at__isnull=True).exists():
        raise AlreadyHeld(number=number, kind=kind)
    now = timezone.now()
    hold = Hold.objects.create(order=order, kind=kind, reason=reason, set_by=str(by), set_at=now)
    publish(
        OrderHeld(
            thread=number,
            subject=number,
            by=by,
            at=now,
            kind=kind,
            reason=reason,
            stops=[str(stop) for stop in hold.stops],
            order=order,
        )
    )
    return hold


@batch_service
def release_hold(*, number: str, kind: str, by: Actor, reason: str = "") -> Hold:
    """Let an order move on, as far as this reason goes; others may still stand.

    Raises: OrderNotFound, NotHeld, SkuStillUnknown, TransitionNotAllowed.
    Locks: Order.
    Publishes: OrderReleased.
    """
    order = lock_order(number=number)
    if kind == UNKNOWN_SKU:
        unknown = OrderLine.objects.filter(order=order, sku__isnull=True, ships=True)
        if lines := unknown.filter(quantity__gt=F("cancelled")).count():
            raise SkuStillUnknown(number=number, lines=lines)
    ORDER.after("release", order.status)
    hold = Hold.objects.filter(order=order, kind=kind, released_at__isnull=True).first()
    if hold is None:
        raise NotHeld(number=number, kind=kind)
    return _release(order, hold, by, reason)


@batch_service
def release_when_paid(*, order: Order, by: Actor) -> None:
    """Let a locked order go on that waited for its payment only, once all of it is here.

    Raises: nothing.
    Publishes: OrderReleased.
    """
    if order._state.adding or order.status != OrderStatus.OPEN:
        return
    if order.captured_amount < order.due_amount:
        return
    hold = Hold.objects.filter(order=order, kind=PAYMENT, released_at__isnull=True).first()
    if hold is not None:
        _release(order, hold, by, "The order is paid")


@batch_service
def release_completed_address(*, order: Order, by: Actor) -> None:
    """Let a locked order go on whose channel gave no complete address, once it has one.

    Raises: nothing.
    Publishes: OrderReleased.
    """
    if order._state.adding or order.status != OrderStatus.OPEN:
        return
    ship_to = order.ship_to
    if not all((ship_to.line1, ship_to.city, ship_to.country)):
        return
    open_ones = Hold.objects.filter(order=order, kind=ADDRESS, released_at__isnull=True)
    hold = open_ones.filter(set_by__startswith="channel:").first()
    if hold is not None:
        _release(order, hold, by, "The address is complete")


PAYMENT = "payment"
ADDRESS = "address"
UNKNOWN_SKU = "unknown_sku"


def _release(order: Order, hold: Hold, by: Actor, reason: str) -> Hold:
    now = timezone.now()
    hold.released_by, hold.released_at = str(by), now
    hold.save(update_fields=["released_by", "released_at"])
    publish(
        OrderReleased(
            thread=order.number,
            subject=order.number,
            by=by,
            at=now,
            kind=hold.kind,
            reason=reason,
            order=order,
        )
    )
    return hold
