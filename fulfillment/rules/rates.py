"""What a service takes for a parcel from here to there, and when it arrives."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from math import ceil
from zoneinfo import ZoneInfo

from fulfillment.rules.boxes import BOXES, Box
from inventory.rules.calendar import ALWAYS_OPEN, EVERY_DAY, Calendar
from oms.core.money import ZERO, rounded

ANYWHERE = ""
LONGEST_POSTAL = 10
BASE = 36
ARRIVES_BY = time(18, 0)
"""A parcel that arrives on a day is there by this hour."""
HEAVIEST_G = 10**9


@dataclass(frozen=True)
class Origin:
    """Where parcels leave: a location, until when on a day, and on which days."""

    location_id: int
    country: str
    time_zone: str = "UTC"
    cutoff: time | None = None
    calendar: Calendar = ALWAYS_OPEN


Alike = tuple[str, str, time | None, Calendar, int | None]


@dataclass(frozen=True)
class Destination:
    country: str
    postal_code: str = ""


@dataclass(frozen=True)
class Break:
    """Up to so many grams. `per_kg` is for each kilogram above the heaviest break."""

    up_to_g: int
    amount: Decimal
    currency: str
    per_kg: Decimal | None = None
    since: date = date.min
    until: date | None = None


@lru_cache(maxsize=4096)
def postal_bound(postal_code: str, *, fill: str) -> int:
    """Return a postal code, or the beginning of one, as a number that sorts as codes do."""
    plain = re.sub(r"[^0-9A-Z]", "", postal_code.upper())[:LONGEST_POSTAL]
    return int(plain.ljust(LONGEST_POSTAL, fill), BASE)


@dataclass(frozen=True)
class Lane:
    """A zone: from a location, a country or anywhere (None and empty) to postal codes of a
    country, all of it, or anywhere. `first` and `last` are bounds of postal codes."""

    breaks: tuple[Break, ...]
    location_id: int | None = None
    origin_country: str = ANYWHERE
    country: str = ANYWHERE
    first: int | None = None
    last: int | None = None
    days: int | None = None

    def leads(self, origin: Origin, to: Destination, postal: int) -> bool:
        if self.location_id is not None and self.location_id != origin.location_id:
            return False
        if self.origin_country and self.origin_country != origin.country:
            return False
        if self.country and self.country != to.country:
            return False
        if self.first is None or self.last is None:
            return True
        return bool(to.postal_code) and self.first <= postal <= self.last

    @property
    def width(self) -> tuple[int, int, int]:
        """Smaller is more exact: the destination counts before the origin."""
        postal = BASE**LONGEST_POSTAL
        if self.first is not None and self.last is not None:
            postal = self.last - self.first
        origin = 0 if self.location_id is not None else 1 if self.origin_country else 2
        return (0 if self.country else 1, postal, origin)

    @property
    def is_from_anywhere(self) -> bool:
        return self.location_id is None and not self.origin_country

    def sheet(self, on: date) -> list[Break]:
        """Return the breaks that count on a day, lightest first: those of the newest sheet."""
        valid = [
            each
            for each in self.breaks
            if each.since <= on and (each.until is None or on <= each.until)
        ]
        newest = max((each.since for each in valid), default=None)
        return sorted(
            (each for each in valid if each.since == newest), key=lambda each: each.up_to_g
        )


@dataclass(frozen=True)
class Service:
    """A way to send a parcel, with all its zones."""

    code: str
    name: str
    carrier: str
    carrier_code: str
    days: int
    lanes: tuple[Lane, ...]
    methods: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = EVERY_DAY
    cutoff: time | None = None
    max_weight_g: int | None = None
    max_length_mm: int | None = None
    cm3_per_kg: int | None = None
    fuel_percent: Decimal = ZERO

    @property
    def label(self) -> str:
        return f"{self.carrier} {self.name}".strip()

    def answers_to(self, name: str) -> bool:
        """Whether a person or a channel who says `name` means this service."""
        return name.strip().casefold() in self._names

    def is_asked_by(self, method: str) -> bool:
        said = method.strip().casefold()
        return said in self._names or said in self._methods

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(each.casefold() for each in (self.code, self.name, self.label))

    @cached_property
    def _methods(self) -> frozenset[str]:
        return frozenset(each.casefold() for each in self.methods)

    def is_of(self, carrier: str) -> bool:
        said = carrier.strip().casefold()
        return said in (self.carrier.casefold(), self.carrier_code.casefold())

    def lane(self, origin: Origin, to: Destination) -> Lane | None:
        """Return the most exact zone from `origin` to `to`."""
        postal = postal_bound(to.postal_code, fill="0")
        found = [
            (lane.width, nth, lane)
            for country in {to.country, ANYWHERE}
            for place in (origin.location_id, origin.country, None)
            for nth, lane in self._lanes.get((country, place), ())
            if lane.leads(origin, to, postal)
        ]
        return min(found)[2] if found else None

    @cached_property
    def _lanes(self) -> dict[tuple[str, int | str | None], list[tuple[int, Lane]]]:
        """The zones by where they go to and where they come from, as they are counted."""
        found: dict[tuple[str, int | str | None], list[tuple[int, Lane]]] = {}
        for nth, lane in enumerate(self.lanes):
            place = lane.location_id if lane.location_id is not None else lane.origin_country
            found.setdefault((lane.country, place or None), []).append((nth, lane))
        return found

    @cached_property
    def own_origins(self) -> frozenset[int]:
        """The locations that have zones of their own."""
        return frozenset(each.location_id for each in self.lanes if each.location_id is not None)

    def road(self, origin: Origin, to: Destination, at: datetime) -> "Road":
        """Return the way from `origin` to `to` of a parcel that is given to it at `at`."""
        lane = self.lane(origin, to)
        there = at.astimezone(ZoneInfo(origin.time_zone))
        return Road(self, origin, there, lane, lane.sheet(there.date()) if lane else [])

    @cached_property
    def currencies(self) -> Counter[str]:
        """How many of its rates are in which currency."""
        return Counter(each.currency for lane in self.lanes for each in lane.breaks)


@dataclass(frozen=True)
class Parcel:
    """One package: None where nobody weighed or measured it."""

    weight_g: int | None = None
    lengths_mm: tuple[int, int, int] | None = None

    def billed_g(self, cm3_per_kg: int | None) -> int:
        """Return the grams a carrier charges for: those it weighs, or those it takes up."""
        weight = self.weight_g or 0
        if not cm3_per_kg or self.lengths_mm is None:
            return weight
        length, width, height = self.lengths_mm
        return max(weight, ceil(length * width * height / cm3_per_kg))


@dataclass(frozen=True)
class Quote:
    """What a service would take and when it would arrive; or why it cannot (`refusal`)."""

    service: Service
    amount: Decimal | None = None
    currency: str = ""
    days: int = 0
    arrives_on: date | None = None
    refusal: str = ""
    zone: str = field(default="UTC", repr=False)

    @property
    def arrives_at(self) -> datetime | None:
        if self.arrives_on is None:
            return None
        return datetime.combine(self.arrives_on, ARRIVES_BY, ZoneInfo(self.zone))


def alike(services: Sequence[Service], origin: Origin) -> Alike:
    """Return what tells origins apart: from those with the same it costs and takes the same."""
    is_own = any(origin.location_id in each.own_origins for each in services)
    own = origin.location_id if is_own else None
    return origin.country, origin.time_zone, origin.cutoff, origin.calendar, own


def quote(
    service: Service,
    *,
    origin: Origin,
    to: Destination,
    parcels: Sequence[Parcel],
    at: datetime,
) -> Quote:
    """Return what `service` takes for these parcels, given to it at `at`."""
    return service.road(origin, to, at).quote(parcels)


@dataclass(frozen=True)
class Road:
    """The way of a service from a place, at a moment there: the most exact zone that leads to the
    destination (None: it does not go there), and the breaks that count on that day."""

    service: Service
    origin: Origin
    there: datetime
    lane: Lane | None
    sheet: Sequence[Break]

    def quote(self, parcels: Sequence[Parcel]) -> Quote:
        """Return what these parcels take on this way."""
        service = self.service
        if self.lane is None:
            return Quote(service, refusal="Does not go there")
        if not self.sheet:
            return Quote(service, refusal="No rate is valid today")
        if refusal := _too_large(service, parcels):
            return Quote(service, refusal=refusal)
        amounts = [price(self.sheet, parcel.billed_g(service.cm3_per_kg)) for parcel in parcels]
        if None in amounts:
            return Quote(service, refusal=f"Takes up to {_kilograms(self.sheet[-1].up_to_g)}")
        currency = self.sheet[0].currency
        net = sum((amount for amount in amounts if amount is not None), ZERO)
        return Quote(
            service,
            amount=rounded(net * (100 + service.fuel_percent) / 100, currency),
            currency=currency,
            days=self.days,
            arrives_on=self.arrives_on,
            zone=self.origin.time_zone,
        )

    @cached_property
    def days(self) -> int:
        if self.lane is None or self.lane.days is None:
            return self.service.days
        return self.lane.days

    @cached_property
    def arrives_on(self) -> date:
        return arrival(self.service, self.origin, self.there, self.days)


def price(sheet: Sequence[Break], grams: int) -> Decimal | None:
    """Return what a parcel of so many grams costs; None when it is too heavy."""
    for each in sheet:
        if grams <= each.up_to_g:
            return each.amount
    last = sheet[-1]
    if last.per_kg is None:
        return None
    return last.amount + last.per_kg * ceil((grams - last.up_to_g) / 1000)


def _too_large(service: Service, parcels: Sequence[Parcel]) -> str:
    heaviest = max((parcel.weight_g or 0 for parcel in parcels), default=0)
    if service.max_weight_g is not None and heaviest > service.max_weight_g:
        return f"Takes up to {_kilograms(service.max_weight_g)}"
    longest = max((max(each.lengths_mm) for each in parcels if each.lengths_mm), default=0)
    if service.max_length_mm is not None and longest > service.max_length_mm:
        return f"Takes up to {service.max_length_mm // 10} cm"
    return ""


def _kilograms(grams: int) -> str:
    return f"{Decimal(grams) / 1000:f} kg"


def arrival(service: Service, origin: Origin, there: datetime, days: int) -> date:
    """Count working days of the carrier from the first pick-up that is not over yet, on a day on
    which the location works as well."""
    cutoff = service.cutoff or origin.cutoff
    day = there.date()
    if cutoff is not None and there.time() > cutoff:
        day += timedelta(days=1)
    day = origin.calendar.open_from(day, service.weekdays or EVERY_DAY)
    for _ in range(days):
        day = _working(day + timedelta(days=1), service.weekdays)
    return day


def _working(day: date, weekdays: Sequence[int]) -> date:
    while weekdays and day.weekday() not in weekdays:
        day += timedelta(days=1)
    return day


@dataclass(frozen=True)
class Book:
    """All services that can be chosen, and the boxes; kept in the process.

    A built-in one knows how fast, and which is cheaper, but no freight: its amounts are to
    compare by and are kept nowhere.
    """

    revision: int
    services: tuple[Service, ...]
    boxes: tuple[Box, ...] = BOXES
    switched_off: tuple[str, ...] = ()
    is_built_in: bool = False

    @property
    def is_flat(self) -> bool:
        """Whether it costs the same from wherever a parcel leaves."""
        return all(lane.is_from_anywhere for each in self.services for lane in each.lanes)

    def box(self, code: str) -> Box | None:
        return next((each for each in self.boxes if each.code.casefold() == code.casefold()), None)


def _built_in(code: str, name: str, days: int, amount: str) -> Service:
    anywhere = Lane((Break(HEAVIEST_G, Decimal(amount), "EUR"),))
    return Service(code, name, "", "", days, (anywhere,), methods=(code,))


BUILT_IN = (
    _built_in("standard", "Standard", 4, "4.95"),
    _built_in("priority", "Priority", 2, "8.95"),
    _built_in("express", "Express", 1, "14.95"),
)
"""What there is until a business enters its own carriers."""
