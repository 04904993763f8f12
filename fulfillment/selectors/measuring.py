"""Reads: what rules weigh, measured for one address at one moment."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone

from fulfillment.models import FulfillmentOrder
from fulfillment.rules.carriage import Promise, cheapest
from fulfillment.rules.costing import Freight, Units
from fulfillment.rules.cutoff import leave_by
from fulfillment.rules.rates import (
    Alike,
    Destination,
    Parcel,
    Quote,
    Road,
    Service,
    alike,
)
from fulfillment.selectors.rates import origin_of, rate_book, services_of
from fulfillment.states import FulfillmentOrderStatus as S
from inventory import selectors as stock
from inventory.selectors import ServingLocation
from oms.catalog.selectors import grams_by_sku
from oms.core import sql
from oms.core.batch import pending
from oms.customers.addresses import Address

KILOGRAM = 1_000
GIVEN = """
SELECT p.id, count(w.id)
FROM unnest(%s::bigint[], %s::timestamptz[]) AS p(id, since)
LEFT JOIN fulfillment_fulfillmentorder w
    ON w.location_id = p.id AND w.status = ANY(%s) AND w.created_at >= p.since
GROUP BY p.id
"""
COUNTED = [str(each) for each in S if each not in (S.CANCELLED, S.REJECTED)]


class Measured:
    """What can be known of locations for units that go to one address. Each figure is read when
    it is first asked for, for all locations at once; rates are in memory."""

    def __init__(
        self,
        places: Sequence[ServingLocation],
        *,
        ship_to: Address,
        promise: Promise,
        currency: str,
        channel_id: int | None,
        sku_ids: Collection[int],
        grams: Mapping[int, int] | None,
        at: datetime,
    ) -> None:
        self._places = {place.pk: place for place in places}
        self._to = Destination(ship_to.country, ship_to.postal_code)
        self._promise, self._at = promise, at
        self._channel_id = channel_id
        self._sku_ids = sku_ids
        self._grams = dict(grams or {})
        book = rate_book() if len(places) > 1 else None
        self.has_freight = book is not None and not (book.is_built_in or book.is_flat)
        self._services = services_of(book, channel_id) if book and self.has_freight else ()
        self.currency = _compared(self._services, currency)
        self._freights: dict[tuple[int, int], Freight | None] = {}
        self._known_roads: dict[int, list[Road]] = {}
        self._known_heaviest: dict[int, int] = {}
        self._lasting: dict[int, Mapping[int, Units]] = {}

    def alike(self, location_id: int) -> int:
        return self._alike[location_id]

    @cached_property
    def _alike(self) -> dict[int, int]:
        """The same number for locations from where everything costs and takes the same."""
        numbers: dict[Alike, int] = {}
        return {
            pk: numbers.setdefault(alike(self._services, origin_of(each)), len(numbers))
            for pk, each in self._places.items()
        }

    def freight(self, location_id: int, grams: int) -> Freight | None:
        key = (self._alike[location_id], grams)
        if key not in self._freights:
            self._freights[key] = self._freight(location_id, grams)
        return self._freights[key]

    def _freight(self, location_id: int, grams: int) -> Freight | None:
        best, is_late = self._cheapest(location_id, [Parcel(grams)])
        most = self._heaviest(location_id)
        if best is None and 0 < most < grams:
            parcels = [Parcel(most)] * (grams // most)
            parcels += [Parcel(rest)] if (rest := grams % most) else []
            best, is_late = self._cheapest(location_id, parcels)
        if best is None or best.amount is None:
            return None
        late = self._days_late(best) if is_late else 0
        return Freight(best.amount, best.currency, best.service.label, late)

    def _cheapest(self, location_id: int, parcels: Sequence[Parcel]) -> tuple[Quote | None, bool]:
        return cheapest(
            [road.quote(parcels) for road in self._roads(location_id)],
            services=self._services,
            promise=self._promise,
            currency=self.currency,
        )

    def _days_late(self, found: Quote) -> int:
        if self._promise.deliver_by is None or found.arrives_on is None:
            return 1
        day = self._promise.deliver_by.astimezone(ZoneInfo(found.zone)).date()
        return max(1, (found.arrives_on - day).days)

    def breaks(self, location_id: int, most: int) -> Sequence[int]:
        found: set[int] = set()
        for road in self._leading(location_id):
            last = road.sheet[-1]
            found |= {each.up_to_g for each in road.sheet}
            if last.per_kg is not None:
                found |= set(range(last.up_to_g, most + KILOGRAM, KILOGRAM))
            if road.service.max_weight_g is not None:
                found.add(road.service.max_weight_g)
        if (one := self._heaviest(location_id)) and most > one:
            steps = [each for each in found if each <= one]
            found = {full * one + each for full in range(most // one + 1) for each in (*steps, one)}
        return sorted({each for each in found if each < most} | {most})

    def _roads(self, location_id: int) -> list[Road]:
        key = self._alike[location_id]
        if key not in self._known_roads:
            origin = origin_of(self._places[location_id])
            self._known_roads[key] = [
                each.road(origin, self._to, self._at) for each in self._services
            ]
        return self._known_roads[key]

    def _leading(self, location_id: int) -> list[Road]:
        return [each for each in self._roads(location_id) if each.sheet]

    def _heaviest(self, location_id: int) -> int:
        """The heaviest parcel that anybody takes from there; 0 where any may be sent, or none."""
        key = self._alike[location_id]
        if key not in self._known_heaviest:
            most = [_heaviest(each) for each in self._leading(location_id)]
            self._known_heaviest[key] = 0 if None in most else max(filter(None, most), default=0)
        return self._known_heaviest[key]

    def grams(self, sku_ids: Collection[int]) -> Units:
        if missing := set(sku_ids) - self._grams.keys():
            self._grams.update(grams_by_sku(missing))
        return self._grams

    def reached(self) -> Collection[int] | None:
        if not self.has_freight:
            return None
        found = {pk for pk in self._places if self._leading(pk)}
        return found if 0 < len(found) < len(self._places) else None

    def capacity_left(self, location_id: int) -> int | None:
        return self._left_today.get(location_id)

    @cached_property
    def _left_today(self) -> dict[int, int]:
        limited = [each for each in self._places.values() if each.daily_capacity is not None]
        if not limited:
            return {}
        since = [_midnight(self._at, each.time_zone) for each in limited]
        given = dict(sql.run(GIVEN, [[each.pk for each in limited], since, COUNTED]))
        for work in pending(FulfillmentOrder):
            if work.location_id in given:
                given[work.location_id] += 1
        return {each.pk: max(0, (each.daily_capacity or 0) - given[each.pk]) for each in limited}

    def leaves_today(self, location_id: int) -> bool:
        place = self._places[location_id]
        leaves = leave_by(self._at, place.cutoff_time, place.time_zone, place.calendar)
        zone = ZoneInfo(place.time_zone)
        return leaves is None or timezone.localdate(leaves, zone) == timezone.localdate(
            self._at, zone
        )

    def lasting(self, days: int) -> Mapping[int, Units]:
        if days not in self._lasting:
            until = timezone.localdate(self._at) + timedelta(days=days)
            self._lasting[days] = stock.lasting(
                sku_ids=self._sku_ids, location_ids=list(self._places), until=until
            )
        return self._lasting[days]

    def spare(self) -> Mapping[int, Units]:
        return self._spare

    @cached_property
    def _spare(self) -> Mapping[int, Units]:
        return stock.spare(sku_ids=self._sku_ids, location_ids=list(self._places))


def _heaviest(road: Road) -> int | None:
    limits = [road.service.max_weight_g]
    if road.sheet[-1].per_kg is None:
        limits.append(road.sheet[-1].up_to_g)
    return min((each for each in limits if each is not None), default=None)


def _compared(services: Sequence[Service], currency: str) -> str:
    """What amounts are compared in: the order's currency, else that of the most rates."""
    found = sum((each.currencies for each in services), Counter[str]())
    if not found or currency in found:
        return currency
    return max(sorted(found), key=found.__getitem__)


def _midnight(at: datetime, time_zone: str) -> datetime:
    there = at.astimezone(ZoneInfo(time_zone))
    return datetime.combine(there.date(), time.min, there.tzinfo)
