"""Reads: what services there are, and which of them would take a piece of work."""

import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Prefetch

from fulfillment.models import (
    Box,
    CarriageRevision,
    CarrierService,
    Rate,
    Zone,
)
from fulfillment.rules import boxes
from fulfillment.rules.rates import (
    BUILT_IN,
    Alike,
    Book,
    Break,
    Destination,
    Lane,
    Origin,
    Service,
    alike,
    postal_bound,
)
from inventory.selectors import ServingLocation
from oms.channels.selectors import allowed_services

_KEPT_FOR = 5.0
_kept: tuple[float, Book] | None = None


def rate_book(*, revision: int | None = None) -> Book:
    """Return all services that can be chosen, kept in the process.

    With the `revision` that the database has, it is as new as that; without, at most five seconds
    old. One query to see whether anything changed, four more when it has.
    """
    global _kept
    if _kept is not None:
        kept_at, book = _kept
        if revision == book.revision:
            return book
        if revision is None and time.monotonic() - kept_at < _KEPT_FOR:
            return book
    if revision is None:
        revision = carriage_revision()
    if _kept is None or _kept[1].revision != revision:
        _kept = (time.monotonic(), read_book(revision))
    _kept = (time.monotonic(), _kept[1])
    return _kept[1]


def carriage_revision() -> int:
    """Return how often services, rates or boxes were changed."""
    return CarriageRevision.objects.values_list("number", flat=True).first() or 0


def forget_rates() -> None:
    """Read the services anew at the next call, after they were changed in this process."""
    global _kept
    _kept = None


def read_book(revision: int) -> Book:
    """Return what the tables say; where nobody entered anything, what is built in."""
    found = (
        Box.objects.filter(is_active=True)
        .order_by("code")
        .values_list("code", "length_mm", "width_mm", "height_mm", "weight_g", "max_weight_g")
        if revision
        else ()
    )
    own = tuple(boxes.Box(*row) for row in found) or boxes.BOXES
    services = list(_services()) if revision else []
    if not services:
        return Book(revision, BUILT_IN, own, is_built_in=True)
    return Book(
        revision,
        tuple(_service(each) for each in services if each.is_active),
        own,
        tuple(each.code for each in services if not each.is_active),
    )


def _services() -> Iterable[CarrierService]:
    rates = Prefetch("rates", Rate.objects.order_by("up_to_weight_g"))
    zones = Prefetch("zones", Zone.objects.order_by("pk").prefetch_related(rates))
    return CarrierService.objects.select_related("carrier").prefetch_related(zones).order_by("code")


def _service(row: CarrierService) -> Service:
    return Service(
        code=row.code,
        name=row.name,
        carrier=row.carrier.name,
        carrier_code=row.carrier.code,
        days=row.transit_days,
        lanes=tuple(_lane(zone) for zone in row.zones.all()),
        methods=tuple(row.methods),
        weekdays=tuple(row.carrier.weekdays),
        cutoff=row.cutoff_time,
        max_weight_g=row.max_weight_g,
        max_length_mm=row.max_length_mm,
        cm3_per_kg=row.cm3_per_kg,
        fuel_percent=row.fuel_percent,
    )


def _lane(zone: Zone) -> Lane:
    return Lane(
        breaks=tuple(
            Break(
                rate.up_to_weight_g,
                rate.amount,
                rate.currency,
                rate.per_kg_amount,
                rate.valid_from,
                rate.valid_until,
            )
            for rate in zone.rates.all()
        ),
        location_id=zone.origin_id,
        origin_country=zone.origin_country,
        country=zone.country,
        first=postal_bound(zone.postal_from, fill="0") if zone.postal_from else None,
        last=postal_bound(zone.postal_to, fill="Z") if zone.postal_to else None,
        days=zone.transit_days,
    )


def origin_of(place: ServingLocation) -> Origin:
    return Origin(
        place.pk, place.address.country, place.time_zone, place.cutoff_time, place.calendar
    )


def services_of(book: Book, channel_id: int | None) -> tuple[Service, ...]:
    """Return the services that parcels of a channel may go with: all, where it names none."""
    allowed = allowed_services(channel_id) if channel_id else frozenset()
    if not allowed:
        return book.services
    return tuple(each for each in book.services if each.code in allowed)


def service_choices() -> list[tuple[str, str]]:
    """Return the services there are, by code, with what people call them."""
    return [(each.code, each.label) for each in rate_book().services]


def carried_from(
    places: Sequence[ServingLocation],
    to: Destination,
    at: datetime,
    channel_id: int | None = None,
) -> set[int]:
    """Return the ids of the places from where some service goes there; all, where none does.

    No query while the rates are in memory.
    """
    everywhere = {place.pk for place in places}
    if len(places) < 2:
        return everywhere
    book = rate_book()
    if book.is_built_in or book.is_flat:
        return everywhere
    services = services_of(book, channel_id)
    known: dict[Alike, bool] = {}
    found = set()
    for place in places:
        origin = origin_of(place)
        key = alike(services, origin)
        if key not in known:
            known[key] = any(each.road(origin, to, at).sheet for each in services)
        if known[key]:
            found.add(place.pk)
    return found or everywhere


def services_for_staff() -> list[CarrierService]:
    """Return every service with its zones and rates, by carrier. Three queries."""
    return sorted(_services(), key=lambda each: (each.carrier.name, each.code))


def service_with_rates(code: str) -> CarrierService | None:
    """Return one service with its zones and rates; None where there is none. Three queries."""
    return next((each for each in _services_of(code)), None)


def _services_of(code: str) -> Iterable[CarrierService]:
    rates = Prefetch("rates", Rate.objects.order_by("-valid_from", "up_to_weight_g"))
    zones = Zone.objects.select_related("origin").order_by(
        "country", "postal_from", "origin_country", "pk"
    )
    return (
        CarrierService.objects.filter(code=code)
        .select_related("carrier")
        .prefetch_related(Prefetch("zones", zones.prefetch_related(rates)))
    )


RATE_COLUMNS = (
    "service",
    "country",
    "up_to_weight_g",
    "amount",
    "currency",
    "carrier",
    "method",
    "origin",
    "postal_from",
    "postal_to",
    "per_kg",
    "transit_days",
    "valid_from",
    "valid_until",
)
EVERYWHERE = "*"


def rate_table() -> Iterable[Sequence[str | int | date | None]]:
    """Return all rates as the rows of the file that brings them in."""
    yield RATE_COLUMNS
    rows = Rate.objects.select_related("zone__service__carrier", "zone__origin").order_by(
        "zone__service__code", "zone__country", "zone__postal_from", "zone", "-valid_from",
        "up_to_weight_g",
    )  # fmt: skip
    for rate in rows.iterator(chunk_size=2_000):
        zone, service = rate.zone, rate.zone.service
        yield (
            service.code,
            zone.country or EVERYWHERE,
            rate.up_to_weight_g,
            plain(rate.amount),
            rate.currency,
            service.carrier.name,
            service.methods[0] if service.methods else "",
            zone.origin.code if zone.origin else zone.origin_country,
            zone.postal_from,
            zone.postal_to,
            "" if rate.per_kg_amount is None else plain(rate.per_kg_amount),
            zone.transit_days,
            None if rate.valid_from == date.min else rate.valid_from,
            rate.valid_until,
        )


def plain(amount: object) -> str:
    """Return an amount as files write it, without zeros that say nothing."""
    written = f"{amount:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
