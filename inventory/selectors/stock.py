"""Reads: places, what lies there, what is free."""

import datetime
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from inventory.models import (
    ChannelBuffer,
    Location,
    LocationAssignment,
    Movement,
    ReplenishmentLine,
    StockLevel,
    SupplierSku,
)
from inventory.rules.calendar import ALWAYS_OPEN, Calendar
from inventory.selectors.carts import lapsed_units
from inventory.states import LocationKind
from oms.catalog.models import Sku
from oms.catalog.selectors import SkuRef, releases
from oms.core import sql
from oms.core.geo import Position, distance_km, locate, unknown_last
from oms.core.models import User
from oms.core.shell import Found
from oms.customers.addresses import Address
from oms.roles import EVERYWHERE


class Supply(NamedTuple):
    """Free units of one SKU at one location (safety stock left out)."""

    level_id: int
    sku_id: int
    location_id: int
    available: int


SUPPLY = """
SELECT id, sku_id, location_id, on_hand - reserved - held - safety_stock
FROM inventory_stocklevel
WHERE sku_id = ANY(%s) AND location_id = ANY(%s)
ORDER BY id
"""


def supply(
    *, sku_ids: Sequence[int], location_ids: Sequence[int], lock: bool = False
) -> list[Supply]:
    """Return what is free of these SKUs at these locations, nothing included. One query.

    Unlocked it is advice, and only `reserve` makes a promise of it; `lock` is for services.
    """
    rows = sql.run(
        SUPPLY + (" FOR NO KEY UPDATE" if lock else ""),
        [sorted(set(sku_ids)), sorted(set(location_ids))],
    )
    return list(map(Supply._make, rows))


@dataclass(frozen=True)
class ServingLocation:
    """A location that can serve orders, where it is, and until when parcels leave there.

    `daily_capacity` is how many pieces of work it takes on a day; None: as many as come.
    """

    pk: int
    code: str
    name: str
    position: Position | None
    address: Address
    time_zone: str
    cutoff_time: datetime.time | None
    kind: str = LocationKind.WAREHOUSE
    daily_capacity: int | None = None
    calendar: Calendar = ALWAYS_OPEN


Buffers = dict[tuple[int, int | None], int]

_KEPT_FOR = 5.0
_kept: tuple[float, list[ServingLocation], Buffers, dict[int, datetime.date]] = (
    -_KEPT_FOR,
    [],
    {},
    {},
)


def serving_locations() -> list[ServingLocation]:
    """Return the active warehouses and stores, by code; kept in the process for five seconds."""
    return _fresh()[1]


def kept_back(channel_id: int, sku_ids: Iterable[int]) -> dict[int, int]:
    """Return the units of these SKUs that a channel is not told of; none of most.

    Kept in the process for five seconds. A buffer is a cushion, no promise: two orders at one
    moment may dip into it.
    """
    buffers = _fresh()[2]
    usual = buffers.get((channel_id, None), 0)
    found = {sku_id: buffers.get((channel_id, sku_id), usual) for sku_id in sku_ids}
    return {sku_id: units for sku_id, units in found.items() if units}


def release_dates() -> Mapping[int, datetime.date]:
    """Return the day on which SKUs come out, by id, of those that are not out yet (somewhere on
    earth); kept in the process for five seconds."""
    return _fresh()[3]


def _fresh() -> tuple[float, list[ServingLocation], Buffers, dict[int, datetime.date]]:
    global _kept
    if time.monotonic() - _kept[0] > _KEPT_FOR:
        rows = Location.objects.filter(is_active=True).exclude(kind=LocationKind.SUPPLIER)
        found = [
            ServingLocation(
                place.pk,
                place.code,
                place.name,
                _position(place),
                _address(place),
                place.time_zone,
                place.cutoff_time,
                place.kind,
                place.daily_capacity,
                place.calendar,
            )
            for place in rows.order_by("code")
        ]
        buffers: Buffers = {
            (each.channel_id, each.sku_id): each.units for each in ChannelBuffer.objects.all()
        }
        coming_out = releases(since=localdate() - datetime.timedelta(days=1))
        _kept = (time.monotonic(), found, buffers, coming_out)
    return _kept


def forget_serving_locations() -> None:
    """Read locations, buffers and release dates anew at the next call, after one was changed in
    this process."""
    global _kept
    _kept = (-_KEPT_FOR, [], {}, {})


def _address(place: Location) -> Address:
    return Address(
        name=place.name,
        line1=place.line1,
        city=place.city,
        region=place.region,
        postal_code=place.postal_code,
        country=place.country,
    )


def _position(place: Location) -> Position | None:
    return locate(
        country=place.country,
        postal_code=place.postal_code,
        city=place.city,
        latitude=place.latitude,
        longitude=place.longitude,
    )


def visible_location_ids(user: User) -> list[int] | None:
    """Return the locations whose work `user` sees; None for all of them.

    Superusers and the `EVERYWHERE` roles see all, others those they are assigned to. Asked once
    per request: the answer is kept on the user.
    """
    if not hasattr(user, KEPT):
        setattr(user, KEPT, _visible_location_ids(user))
    found: list[int] | None = getattr(user, KEPT)
    return found


KEPT = "_visible_location_ids"


def _visible_location_ids(user: User) -> list[int] | None:
    if user.is_superuser or user.groups.filter(name__in=EVERYWHERE).exists():
        return None
    assigned = LocationAssignment.objects.filter(user=user)
    return list(assigned.order_by("location_id").values_list("location_id", flat=True))


def locations_of(user: User) -> list[tuple[str, str]]:
    """Return the code and name of every active location that `user` may see, by name."""
    places = Location.objects.filter(is_active=True).order_by("name", "code")
    visible = visible_location_ids(user)
    if visible is not None:
        places = places.filter(pk__in=visible)
    return list(places.values_list("code", "name"))


def people_at(location: str) -> QuerySet[User]:
    """Return those who see what happens at `location`: who works there, and who sees all."""
    assigned = LocationAssignment.objects.filter(location__code=location).values("user_id")
    everywhere = Q(is_superuser=True) | Q(groups__name__in=EVERYWHERE)
    return User.objects.filter(Q(pk__in=assigned) | everywhere)


def is_kept_as_stock(sku_id: int) -> bool:
    """Whether a SKU lies, or has lain, at some location, or is bought from suppliers."""
    kept = (StockLevel, SupplierSku, ReplenishmentLine)
    return any(model._default_manager.filter(sku_id=sku_id).exists() for model in kept)


@dataclass(frozen=True)
class Shelf:
    """Units of one SKU at one serving location. `distance_km` is None where it is not known."""

    location: str
    on_hand: int
    reserved: int
    held: int
    safety_stock: int
    distance_km: float | None

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved - self.held

    @property
    def promisable(self) -> int:
        """What a new order may be promised: the safety stock is kept back."""
        return max(0, self.available - self.safety_stock)


LYING = """
SELECT l.id, l.sku_id, l.location_id, l.on_hand, l.reserved, l.held, l.safety_stock
FROM (SELECT DISTINCT unnest(%s::bigint[]) AS id) asked
JOIN inventory_stocklevel l ON l.sku_id = asked.id
"""


def availability_of(
    refs: Mapping[str, SkuRef],
    *,
    country: str = "",
    postal_code: str = "",
    location_ids: Sequence[int] | None = None,
) -> dict[str, list[Shelf]]:
    """Return where these SKUs lie, by code, nearest to the destination first where one is given.

    Only what serves orders counts: active warehouses and stores (of `location_ids`). What is
    reserved for carts whose time is over counts as free. Two queries, no locks: the answer is
    advice, and only `reserve` makes a promise of it.
    """
    target = locate(country=country, postal_code=postal_code) if country else None
    places = {
        place.pk: place
        for place in serving_locations()
        if location_ids is None or place.pk in location_ids
    }
    if not places:
        return {code: [] for code in refs}
    rows = sql.run(
        LYING + ("" if location_ids is None else "WHERE l.location_id = ANY(%s)"),
        [[ref.pk for ref in refs.values()], *([] if location_ids is None else [list(places)])],
    )
    away = {place.pk: distance_km(target, place.position) for place in places.values()}
    lapsed = lapsed_units()
    found: dict[int, list[Shelf]] = {ref.pk: [] for ref in refs.values()}
    for level_id, sku_id, location_id, on_hand, reserved, held, safety_stock in rows:
        if place := places.get(location_id):
            reserved -= lapsed.get(level_id, 0)
            shelf = Shelf(place.code, on_hand, reserved, held, safety_stock, away[location_id])
            found[sku_id].append(shelf)
    return {code: sorted(found[refs[code].pk], key=_nearest) for code in refs}


def _nearest(shelf: Shelf) -> tuple[float, str]:
    return unknown_last(shelf.distance_km), shelf.location


def working_location_ids(user: User, chosen: str) -> list[int] | None:
    """Return the locations a page is narrowed to: the one chosen, else all that `user` sees."""
    visible = visible_location_ids(user)
    if not chosen:
        return visible
    found = list(Location.objects.filter(code=chosen).values_list("pk", flat=True))
    return found if visible is None else [pk for pk in found if pk in visible]


def stock_list(
    *, location_ids: list[int] | None, search: str = "", sku: str = ""
) -> QuerySet[StockLevel]:
    """Return stock levels with SKU and location, narrowed; `search` begins a SKU or its name."""
    levels = StockLevel.objects.select_related("sku", "location")
    if location_ids is not None:
        levels = levels.filter(location_id__in=location_ids)
    if sku:
        levels = levels.filter(sku__code=sku)
    if search:
        named = Q(code__startswith=search) | Q(code__startswith=search.upper())
        named |= Q(name__startswith=search) | Q(name__startswith=search.capitalize())
        named |= Q(barcode=search)
        matching = Sku.objects.filter(named).order_by("code").values_list("pk", flat=True)
        levels = levels.filter(sku_id__in=list(matching[:MOST_FOUND]))
    return levels


MOST_FOUND = 500


def ledger_of(*, sku: str, location_ids: list[int] | None) -> QuerySet[Movement]:
    """Return what moved a SKU at these locations, in no order yet."""
    levels = StockLevel.objects.filter(sku__code=sku)
    if location_ids is not None:
        levels = levels.filter(location_id__in=location_ids)
    return Movement.objects.filter(level_id__in=list(levels.values_list("pk", flat=True)))


def first_of_each_level(
    level_ids: Sequence[int],
) -> Callable[[QuerySet[Movement], int], QuerySet[Movement]]:
    """Return how to narrow a ledger of these levels, ordered by key, to those that may be first.

    The first entries of each level hold the first ones of all, and an index leads to them however
    long the ledger is. One query.
    """

    def narrowed(entries: QuerySet[Movement], most: int) -> QuerySet[Movement]:
        first = entries.filter(level=OuterRef("pk")).values("pk")[:most]
        levels = StockLevel.objects.filter(pk__in=level_ids).annotate(first=ArraySubquery(first))
        ids = sorted(pk for found in levels.values_list("first", flat=True) for pk in found)
        return entries.filter(pk__in={*ids[:most], *ids[-most:]})

    return narrowed


def find(query: str, user: User) -> list[Found]:
    """Return SKUs by code, barcode or the beginning of a name. One query."""
    if not user.has_perm("inventory.view_stocklevel"):
        return []
    named = Q(code__startswith=query) | Q(code__startswith=query.upper()) | Q(barcode=query)
    named |= Q(name__startswith=query) | Q(name__startswith=query.capitalize())
    return [
        Found(sku.code, sku.name, reverse("inventory:sku", args=[sku.code]), "i-box")
        for sku in Sku.objects.filter(named).order_by("code")[:8]
    ]
