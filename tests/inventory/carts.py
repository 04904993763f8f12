"""How tests keep units for carts, in few words."""

from django.utils import timezone

from inventory import services
from oms.core import sql
from oms.core.actors import Actor

URL = "/api/v1/stock/reservations/"
SHOP = Actor.channel("shop")


def keep(world, key="c-1", channel="shop", **units):
    said = ("location", "country", "postal_code", "minutes")
    fields = {name: units.pop(name) for name in said if name in units}
    kept, _ = services.reserve_cart(
        channel_id=world.channel(channel).pk,
        key=key,
        wish=services.CartWish(units=units, **fields),
        by=SHOP,
        at=timezone.now(),
    )
    return kept


def change(world, key="c-1", channel="shop", **units):
    fields = {name: units.pop(name) for name in ("location", "minutes") if name in units}
    return services.change_cart(
        channel_id=world.channel(channel).pk,
        key=key,
        wish=services.CartWish(units=units, **fields),
        by=SHOP,
        at=timezone.now(),
    )


def time_is_over(key="c-1"):
    sql.run(
        "UPDATE inventory_cartreservation SET expires_at = now() - interval '1 second' "
        "WHERE key = %s",
        [key],
    )


def expire():
    return services.expire_carts(by=SHOP, at=timezone.now())
