"""Reads: what is kept for the carts of channels, for whom, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from inventory.models import CartLine, CartReservation
from inventory.states import CartStatus
from oms.core import sql
from oms.core.keyset import Page, page_of


@dataclass(frozen=True)
class KeptUnits:
    """Units of one SKU that are, or were, kept at one location."""

    sku: str
    location: str
    quantity: int


@dataclass(frozen=True)
class KeptCart:
    """A cart reservation and its units."""

    cart: CartReservation
    units: tuple[KeptUnits, ...]

    @property
    def by_sku(self) -> dict[str, list[KeptUnits]]:
        found: dict[str, list[KeptUnits]] = {}
        for each in self.units:
            found.setdefault(each.sku, []).append(each)
        return found


def with_units(carts: Sequence[CartReservation]) -> list[KeptCart]:
    """Return these carts with their units. One query."""
    lines = CartLine.objects.filter(cart__in=[cart.pk for cart in carts], quantity__gt=0)
    rows = lines.order_by("id").values_list(
        "cart_id",
        "reservation__level__sku__code",
        "reservation__level__location__code",
        "quantity",
    )
    found: dict[int, list[KeptUnits]] = {cart.pk: [] for cart in carts}
    for cart_id, sku, location, quantity in rows:
        found[cart_id].append(KeptUnits(sku, location, quantity))
    return [KeptCart(cart, tuple(found[cart.pk])) for cart in carts]


def carts_of(channel_id: int) -> QuerySet[CartReservation]:
    """Return the cart reservations of a channel, ended ones too."""
    return CartReservation.objects.filter(channel_id=channel_id)


def carts_at(location_ids: Sequence[int] | None) -> QuerySet[CartReservation]:
    """Return the carts for which units are, or were, kept at these locations (None: at any)."""
    carts = CartReservation.objects.select_related("channel")
    if location_ids is None:
        return carts
    here = CartLine.objects.filter(
        cart=OuterRef("pk"), reservation__level__location__in=location_ids, quantity__gt=0
    )
    return carts.filter(Exists(here))


def cart_page(
    location_ids: Sequence[int] | None, *, channel: str, cursor: str
) -> tuple[Page[CartReservation], list[KeptCart]]:
    """Return a page of open carts, those that end first on top, and its carts with their units."""
    carts = carts_at(location_ids).filter(status=CartStatus.OPEN)
    if channel:
        carts = carts.filter(channel__slug=channel)
    page = page_of(carts, cursor=cursor, keys=("expires_at", "id"), descending=False)
    return page, with_units(page.rows)


LAPSED = """
SELECT r.level_id, sum(r.quantity)::int
FROM inventory_cartreservation c
JOIN inventory_cartline l ON l.cart_id = c.id
JOIN inventory_reservation r ON r.id = l.reservation_id
WHERE c.status = %s AND c.expires_at <= now() AND r.quantity > 0
GROUP BY r.level_id
"""


def lapsed_units() -> dict[int, int]:
    """Return the units, by stock level, of carts whose time is over and that are given back
    within a minute: they are as good as free. One query."""
    return dict(sql.run(LAPSED, [str(CartStatus.OPEN)]))


def database_time() -> datetime:
    """Return what time it is for carts: by the one clock that all processes share."""
    [(now,)] = sql.run("SELECT now()")
    found: datetime = now
    return found
