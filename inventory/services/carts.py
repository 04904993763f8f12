"""Units kept for the carts of a channel while its customers pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from inventory.errors import (
    CartDiffers,
    CartEnded,
    CartNotFound,
    CartOrdered,
    CartsNotTaken,
    CartTooLong,
    InsufficientStock,
    LocationNotFound,
    TooManyCarts,
)
from inventory.models import CartLine, CartReservation, Reservation
from inventory.rules.carts import Place, spread
from inventory.selectors import ServingLocation, Supply, kept_back, serving_locations, supply
from inventory.selectors.carts import KeptCart, KeptUnits, database_time
from inventory.services.ending_carts import Claim, claims_of, free_lapsed
from inventory.services.ledger import Entry, post
from inventory.services.reserving import lock_supply
from inventory.states import CART, CartStatus, MovementKind
from oms.catalog.selectors import SkuRef, parts_of_kits, skus_by_code
from oms.channels.models import Channel
from oms.core.actors import Actor
from oms.core.batch import current, next_id, record
from oms.core.geo import distance_km, locate, unknown_last
from oms.core.locking import lock, lock_one
from oms.core.services import batch_service

USUAL_MINUTES = 15
LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class CartWish:
    """What a channel asks to be kept: units by SKU code, and what says where.

    Kept at `location`, or else near the address; `minutes` from now (None: as usual).
    """

    units: Mapping[str, int]
    location: str = ""
    country: str = ""
    postal_code: str = ""
    minutes: int | None = None


@batch_service
def reserve_cart(
    *, channel_id: int, key: str, wish: CartWish, by: Actor, at: datetime
) -> tuple[KeptCart, bool]:
    """Keep units for a cart, all or none of them; return it, and whether anything changed.

    The same wish for the same cart changes nothing. A cart whose time is over, or that was given
    back, may be reserved for again. The channel's buffer and the safety stock stay untouched.

    Raises: CartsNotTaken, CartTooLong, TooManyCarts, CartDiffers, CartOrdered, LocationNotFound,
        UnknownSku, InsufficientStock, Busy.
    Locks: CartReservation, StockLevel.
    """
    channel = Channel.objects.get(pk=channel_id)
    minutes = _minutes(channel, wish)
    wish, refs = _unpacked(wish)
    found = lock(CartReservation.objects.filter(channel_id=channel_id, key=key))
    cart = found[0] if found else None
    now = database_time()
    if cart is not None:
        if cart.status == CartStatus.ORDERED:
            raise CartOrdered(key=key, order=cart.order_number)
        if cart.is_open and cart.expires_at > now:
            kept = claims_of([cart.pk])
            if not _is_same(cart, kept, wish):
                raise CartDiffers(key=key)
            return _seen(cart, {(each.location, each.sku): each.units for each in kept}), False
    _refuse_too_many(channel, now)
    if cart is None:
        pk = next_id()
        cart = CartReservation(id=pk, number=f"CR-{pk}", channel_id=channel_id, key=key)
    cart.status = CART.after("reserve", cart.status)
    cart.opened_at, cart.expires_at = now, now + timedelta(minutes=minutes)
    cart.ended_at, cart.ended_by, cart.end_reason = None, "", ""
    return _keep(cart, wish, refs, by, at), True


@batch_service
def change_cart(*, channel_id: int, key: str, wish: CartWish, by: Actor, at: datetime) -> KeptCart:
    """Keep exactly these units for a cart from now on, or leave it as it was.

    Without `minutes` its time stays; with them it begins anew, up to a day after it was opened.

    Raises: CartNotFound, CartEnded, CartOrdered, CartTooLong, CartsNotTaken, LocationNotFound,
        UnknownSku, InsufficientStock, Busy.
    Locks: CartReservation, StockLevel.
    """
    wish, refs = _unpacked(wish)
    named = CartReservation.objects.filter(channel_id=channel_id, key=key)
    cart = lock_one(named, missing=CartNotFound(key=key))
    now = database_time()
    if cart.status == CartStatus.ORDERED:
        raise CartOrdered(key=key, order=cart.order_number)
    if not cart.is_open or cart.expires_at <= now:
        status = CartStatus.EXPIRED if cart.is_open else CartStatus(cart.status)
        raise CartEnded(key=key, status=str(status.label).lower())
    if wish.minutes is not None:
        minutes = _minutes(Channel.objects.get(pk=channel_id), wish)
        cart.expires_at = min(now + timedelta(minutes=minutes), cart.opened_at + LONGEST)
    return _keep(cart, wish, refs, by, at)


def _unpacked(wish: CartWish) -> tuple[CartWish, dict[str, SkuRef]]:
    """The wish told in what lies on shelves, components in place of kits, and the SKUs it names.

    Raises: UnknownSku.
    """
    refs = skus_by_code(wish.units)
    parts = parts_of_kits(refs.values())
    units: dict[str, int] = {}
    for code, count in wish.units.items():
        of_kit = parts.get(refs[code].pk)
        each_of = [(part.sku, part.quantity) for part in of_kit] if of_kit else [(refs[code], 1)]
        for ref, in_one in each_of:
            refs[ref.code] = ref
            units[ref.code] = units.get(ref.code, 0) + count * in_one
    return replace(wish, units=units), refs


def _minutes(channel: Channel, wish: CartWish) -> int:
    most = channel.cart_minutes
    if not most:
        raise CartsNotTaken(channel=channel.name)
    minutes = min(USUAL_MINUTES, most) if wish.minutes is None else wish.minutes
    if minutes > most:
        raise CartTooLong(minutes=minutes, most=most)
    return minutes


def _refuse_too_many(channel: Channel, now: datetime) -> None:
    running = CartReservation.objects.filter(
        channel=channel, status=CartStatus.OPEN, expires_at__gt=now
    )
    if running.order_by("expires_at")[: channel.most_carts].count() >= channel.most_carts:
        raise TooManyCarts(channel=channel.name, most=channel.most_carts)


def _is_same(cart: CartReservation, kept: Sequence[Claim], wish: CartWish) -> bool:
    units: dict[str, int] = {}
    for each in kept:
        if each.units:
            units[each.sku] = units.get(each.sku, 0) + each.units
    place = next((p.pk for p in serving_locations() if p.code == wish.location), None)
    asked = (dict(wish.units), place, wish.country, wish.postal_code)
    return asked == (units, cart.location_id, cart.country, cart.postal_code)


def _keep(
    cart: CartReservation, wish: CartWish, refs: Mapping[str, SkuRef], by: Actor, at: datetime
) -> KeptCart:
    """Write the cart, and change what it claims to exactly what is wished for."""
    cart.location_id = _location_id(wish.location)
    cart.country, cart.postal_code = wish.country, wish.postal_code
    own: dict[Place, Claim] = {}
    if cart._state.adding:
        record(cart)
    else:
        cart.save()  # before stock is looked for, so that its own units do not count as over
        own = {(each.location_id, each.sku_id): each for each in claims_of([cart.pk])}
    wanted = {refs[code].pk: units for code, units in wish.units.items()}
    codes = {ref.pk: code for code, ref in refs.items()}
    free = _free(wanted, own)
    order = _nearest_first(cart, own)
    placed = _placed(cart, wanted, order, free, own)
    if placed is None and (freed := free_lapsed(sku_ids=list(wanted), at=at)):
        free = [
            each._replace(available=each.available + freed.get(each.level_id, 0)) for each in free
        ]
        placed = _placed(cart, wanted, order, free, own)
    if placed is None:
        raise _lacking(_may_have(cart, wanted, order, free, own), wanted, codes)
    _move(cart, placed, {(each.location_id, each.sku_id): each for each in free}, own, by, at)
    names = {place.pk: place.code for place in serving_locations()}
    units = {(names[place], codes[sku]): count for (place, sku), count in placed.items()}
    return _seen(cart, units)


def _location_id(code: str) -> int | None:
    if not code:
        return None
    for place in serving_locations():
        if place.code == code:
            return place.pk
    raise LocationNotFound(location=code)


def _free(wanted: Mapping[int, int], own: Mapping[Place, Claim]) -> list[Supply]:
    """What is free for the cart: what is for everybody, and what it has already."""
    places = [place.pk for place in serving_locations()]
    batch = current()
    if batch and batch.is_last:
        found = lock_supply(sku_ids=list(wanted), location_ids=places)
    else:
        found = supply(sku_ids=list(wanted), location_ids=places)
    mine = {each.level_id: each.units for each in own.values()}
    return [
        each._replace(available=max(0, each.available) + mine.get(each.level_id, 0))
        for each in found
    ]


def _nearest_first(cart: CartReservation, own: Mapping[Place, Claim]) -> list[int]:
    """Where its units may be kept: where they are already, then nearest to where they go."""
    if cart.location_id is not None:
        return [cart.location_id]
    target = None
    if cart.country:
        target = locate(country=cart.country, postal_code=cart.postal_code)
    here = {place for (place, _), each in own.items() if each.units}

    def distance(place: ServingLocation) -> tuple[bool, float, str]:
        far = unknown_last(distance_km(place.position, target))
        return place.pk not in here, far, place.code

    return [place.pk for place in sorted(serving_locations(), key=distance)]


def _may_have(
    cart: CartReservation,
    wanted: Mapping[int, int],
    order: Sequence[int],
    free: Sequence[Supply],
    own: Mapping[Place, Claim],
) -> dict[int, int]:
    """How many units of each SKU the cart may have; what it has stays its own, buffer or not."""
    buffers = kept_back(cart.channel_id, wanted)
    found = {}
    for sku in wanted:
        here = sum(e.available for e in free if e.sku_id == sku and e.location_id in order)
        everywhere = sum(each.available for each in free if each.sku_id == sku)
        mine = sum(each.units for (_, of), each in own.items() if of == sku)
        found[sku] = min(here, max(mine, everywhere - buffers.get(sku, 0)))
    return found


def _placed(
    cart: CartReservation,
    wanted: Mapping[int, int],
    order: Sequence[int],
    free: Sequence[Supply],
    own: Mapping[Place, Claim],
) -> dict[Place, int] | None:
    most = _may_have(cart, wanted, order, free, own)
    if any(units > most[sku] for sku, units in wanted.items()):
        return None
    there = {(each.location_id, each.sku_id): each.available for each in free}
    return spread(wanted, order, there)


def _lacking(
    most: Mapping[int, int], wanted: Mapping[int, int], codes: Mapping[int, str]
) -> InsufficientStock:
    lacking: list[dict[str, Any]] = [
        {"sku": codes[sku], "requested": units, "available": most[sku]}
        for sku, units in wanted.items()
        if units > most[sku]
    ]
    return InsufficientStock(**lacking[0], others=lacking[1:])


def _move(
    cart: CartReservation,
    placed: Mapping[Place, int],
    levels: Mapping[Place, Supply],
    own: Mapping[Place, Claim],
    by: Actor,
    at: datetime,
) -> None:
    """Change the cart's reservations to what was placed, and the ledger by the difference."""
    more: list[Entry] = []
    fewer: list[Entry] = []
    for place in sorted({*placed, *own}):
        known, units = own.get(place), placed.get(place, 0)
        change = units - (known.units if known else 0)
        if not change:
            continue
        level_id = known.level_id if known else levels[place].level_id
        (more if change > 0 else fewer).append(Entry(level_id, reserved=change))
        if known:
            Reservation.objects.filter(pk=known.reservation_id).update(quantity=units)
            CartLine.objects.filter(pk=known.line_id).update(quantity=units)
        else:
            claim = Reservation(
                level_id=level_id, quantity=units, reference=cart.number, created_at=at
            )
            record(claim)
            record(CartLine(cart_id=cart.pk, reservation_id=claim.pk, quantity=units))
    for entries, kind in ((fewer, MovementKind.RELEASE), (more, MovementKind.RESERVE)):
        if entries:
            post(entries, kind=kind, reference=cart.number, by=by, at=at)


def _seen(cart: CartReservation, units: Mapping[tuple[str, str], int]) -> KeptCart:
    """The cart with its units by location and SKU code."""
    return KeptCart(
        cart,
        tuple(KeptUnits(sku, location, count) for (location, sku), count in units.items() if count),
    )
