"""The end of a cart reservation: its units go to an order, or are free again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.errors import CartNotFound, CartOrdered, UnknownCart
from inventory.events import StockFreed
from inventory.models import CartLine, CartReservation
from inventory.rules.carts import Place
from inventory.services.ledger import Entry, post
from inventory.services.reserving import Portion, lower_reservations
from inventory.states import CART, CartStatus, MovementKind
from oms.core import sql
from oms.core.actors import SYSTEM, Actor
from oms.core.events import publish
from oms.core.locking import lock, lock_one
from oms.core.services import batch_service, service

EXPIRED = "Its time is over"
GIVEN_BACK = "The channel gave it back"


@dataclass(frozen=True)
class Claim:
    """Units that a cart has at one stock level."""

    cart_id: int
    line_id: int
    reservation_id: int
    level_id: int
    sku_id: int
    location_id: int
    sku: str
    location: str
    units: int


def claims_of(cart_ids: Sequence[int]) -> list[Claim]:
    """Return what these carts claim; they are locked."""
    rows = CartLine.objects.filter(cart__in=cart_ids).order_by("id")
    return [
        Claim(*row)
        for row in rows.values_list(
            "cart_id",
            "id",
            "reservation_id",
            "reservation__level_id",
            "reservation__level__sku_id",
            "reservation__level__location_id",
            "reservation__level__sku__code",
            "reservation__level__location__code",
            "reservation__quantity",
        )
    ]


@service
def take_over_cart(
    *, channel_id: int, key: str, order: str, by: Actor, at: datetime
) -> dict[Place, int]:
    """End a cart because it became an order; return its units by location id and SKU id.

    They are released at the end of the batch, in which the order is given them. A cart that was
    not given back yet counts, its time over or not; one that was has nothing.

    Raises: UnknownCart, CartOrdered.
    Locks: CartReservation, StockLevel.
    """
    missing = UnknownCart(reservation=key)
    found = lock(CartReservation.objects.filter(channel_id=channel_id, key=key))
    if not found:
        raise missing
    [cart] = found
    if cart.status == CartStatus.ORDERED:
        raise CartOrdered(key=key, order=cart.order_number)
    if not cart.is_open:
        return {}
    claims = [each for each in claims_of([cart.pk]) if each.units]
    _end([cart], "order", "", by, at, order=order)
    _release(claims, cart.number, by, at)
    return {(each.location_id, each.sku_id): each.units for each in claims}


@batch_service
def give_cart_back(
    *, channel_id: int, key: str, by: Actor, at: datetime, reason: str = GIVEN_BACK
) -> None:
    """Set the units of a cart free; one that is over already stays as it ended.

    Raises: CartNotFound, CartOrdered, Busy.
    Locks: CartReservation, StockLevel.
    Publishes: StockFreed.
    """
    named = CartReservation.objects.filter(channel_id=channel_id, key=key)
    cart = lock_one(named, missing=CartNotFound(key=key))
    if cart.status == CartStatus.ORDERED:
        raise CartOrdered(key=key, order=cart.order_number)
    if cart.is_open:
        _set_free([cart], "release", reason, by, at)


@batch_service
def expire_carts(*, by: Actor, at: datetime, most: int = 200) -> int:
    """Set free what is kept for carts whose time is over, the oldest first; return how many.

    Those that somebody works on are passed over: they are looked at again in the next turn.

    Raises: Busy.
    Locks: CartReservation, StockLevel.
    Publishes: StockFreed.
    """
    return len(_expire(OVER, [], most, by, at)[0])


@service
def free_lapsed(*, sku_ids: Collection[int], at: datetime) -> dict[int, int]:
    """Give units of these SKUs back whose carts are over, though nobody came round to it yet;
    return them by stock level. For who would go without them otherwise.

    Waits for nobody, so it may be called with stock levels locked.

    Locks: nothing it waits for.
    Publishes: StockFreed.
    """
    _, claims = _expire(OVER_OF, [sorted(set(sku_ids))], MOST_AT_ONCE, SYSTEM, at)
    freed: dict[int, int] = {}
    for each in claims:
        freed[each.level_id] = freed.get(each.level_id, 0) + each.units
    return freed


MOST_AT_ONCE = 200

OVER = """
SELECT c.id FROM inventory_cartreservation c
WHERE c.status = 'open' AND c.expires_at <= now()
ORDER BY c.expires_at, c.id LIMIT %s FOR NO KEY UPDATE OF c SKIP LOCKED
"""
OVER_OF = """
SELECT c.id FROM inventory_cartreservation c
WHERE c.status = 'open' AND c.expires_at <= now() AND EXISTS (
    SELECT 1 FROM inventory_cartline l
    JOIN inventory_reservation r ON r.id = l.reservation_id
    JOIN inventory_stocklevel s ON s.id = r.level_id
    WHERE l.cart_id = c.id AND r.quantity > 0 AND s.sku_id = ANY(%s)
)
ORDER BY c.expires_at, c.id LIMIT %s FOR NO KEY UPDATE OF c SKIP LOCKED
"""


def _expire(
    over: str, params: list[object], most: int, by: Actor, at: datetime
) -> tuple[list[CartReservation], list[Claim]]:
    ids = [pk for (pk,) in sql.run(over, [*params, most])]
    if not ids:
        return [], []
    carts = list(CartReservation.objects.filter(pk__in=ids).order_by("pk"))
    return carts, _set_free(carts, "expire", EXPIRED, by, at)


def _set_free(
    carts: Sequence[CartReservation], verb: str, reason: str, by: Actor, at: datetime
) -> list[Claim]:
    claims = [each for each in claims_of([cart.pk for cart in carts]) if each.units]
    _end(carts, verb, reason, by, at)
    units: dict[str, int] = {}
    for each in claims:
        units[each.sku] = units.get(each.sku, 0) + each.units
    subject = carts[0].number if len(carts) == 1 else CARTS
    publish(
        StockFreed(
            thread=subject,
            subject=subject,
            by=by,
            at=at,
            carts=[cart.number for cart in carts],
            units=units,
            reason=reason,
            sku_ids=tuple(sorted({each.sku_id for each in claims})),
        )
    )
    for cart in carts:
        _release([each for each in claims if each.cart_id == cart.pk], cart.number, by, at)
    return claims


CARTS = "carts"


def _end(
    carts: Sequence[CartReservation],
    verb: str,
    reason: str,
    by: Actor,
    at: datetime,
    *,
    order: str = "",
) -> None:
    for cart in carts:
        cart.status = CART.after(verb, cart.status)
    CartReservation.objects.filter(pk__in=[cart.pk for cart in carts]).update(
        status=carts[0].status,
        ended_at=at,
        ended_by=str(by),
        end_reason=reason,
        order_number=order,
    )


def _release(claims: Sequence[Claim], number: str, by: Actor, at: datetime) -> None:
    if not claims:
        return
    lower_reservations([Portion(each.reservation_id, each.level_id, each.units) for each in claims])
    post(
        [Entry(each.level_id, reserved=-each.units) for each in claims],
        kind=MovementKind.RELEASE,
        reference=number,
        by=by,
        at=at,
    )
