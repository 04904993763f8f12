"""What carriers take and how fast they are, as staff enter it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from fulfillment.errors import RateNotFound, ServiceNotFound
from fulfillment.events import CarriageChanged
from fulfillment.models import Box, Carrier, CarrierService, Rate, Zone
from fulfillment.selectors import forget_rates
from oms.core import sql
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.money import ZERO
from oms.core.services import service

THREAD = "carriage"


@dataclass(frozen=True)
class ServiceTerms:
    """How a service works. `methods` are the channels' words for it; `weekdays` are those of its
    carrier, None to leave them as they are."""

    code: str
    carrier: str
    name: str = ""
    methods: tuple[str, ...] = ()
    transit_days: int = 2
    weekdays: tuple[int, ...] | None = None
    cutoff_time: time | None = None
    max_weight_g: int | None = None
    max_length_mm: int | None = None
    cm3_per_kg: int | None = None
    fuel_percent: Decimal = ZERO
    is_active: bool = True


@dataclass(frozen=True)
class Reach:
    """From where to where rates count: the identity of a zone."""

    service: str
    country: str = ""
    origin_id: int | None = None
    origin_country: str = ""
    postal_from: str = ""
    postal_to: str = ""

    @property
    def columns(self) -> tuple[int | None, str, str, str, str]:
        return (
            self.origin_id,
            self.origin_country,
            self.country,
            self.postal_from,
            self.postal_to,
        )


@dataclass(frozen=True)
class NewRate:
    """What a parcel of up to so many grams costs; `transit_days` None leaves the zone's alone."""

    reach: Reach
    up_to_weight_g: int
    amount: Decimal
    currency: str
    per_kg_amount: Decimal | None = None
    transit_days: int | None = None
    valid_from: date = date.min
    valid_until: date | None = None


@service
def keep_service(*, terms: ServiceTerms, by: Actor, at: datetime) -> CarrierService:
    """Have a service as `terms` say: a new one, or the one of that code changed.

    Its carrier is made on first mention. What is packed already ships by the new terms.

    Publishes: CarriageChanged.
    """
    _move_revision()
    carrier, _made = Carrier.objects.get_or_create(
        code=slugify(terms.carrier)[:32] or terms.carrier[:32], defaults={"name": terms.carrier}
    )
    weekdays = carrier.weekdays if terms.weekdays is None else list(terms.weekdays)
    if (carrier.name, carrier.weekdays) != (terms.carrier, weekdays):
        carrier.name, carrier.weekdays = terms.carrier, weekdays
        carrier.save(update_fields=["name", "weekdays"])
    values: dict[str, Any] = {
        "carrier": carrier,
        "name": terms.name or terms.code,
        "methods": list(terms.methods),
        "transit_days": terms.transit_days,
        "cutoff_time": terms.cutoff_time,
        "max_weight_g": terms.max_weight_g,
        "max_length_mm": terms.max_length_mm,
        "cm3_per_kg": terms.cm3_per_kg,
        "fuel_percent": terms.fuel_percent,
        "is_active": terms.is_active,
    }
    kept, is_new = CarrierService.objects.update_or_create(code=terms.code, defaults=values)

    publish(_changed(terms.code, "service", {"added" if is_new else "changed": 1}, by, at))
    return kept


@service
def keep_rates(*, rates: Sequence[NewRate], by: Actor, at: datetime) -> Counter[str]:
    """Have these rates; return how many are added, changed, unchanged.

    A rate is known by its service, reach, weight and first day; others are left as they are.

    Raises: ServiceNotFound.
    Publishes: CarriageChanged.
    """
    _move_revision()
    codes = {each.reach.service for each in rates}
    services = CarrierService.objects.in_bulk(codes, field_name="code")
    for code in sorted(codes - services.keys()):
        raise ServiceNotFound(service=code)
    zones = _zones(rates, services)
    known = {
        (rate.zone_id, rate.valid_from, rate.up_to_weight_g): rate
        for rate in Rate.objects.filter(zone__in=[zone.pk for zone in zones.values()])
    }
    counts: Counter[str] = Counter()
    added, changed = [], []
    for each in rates:
        zone = zones[each.reach]
        values = {
            "amount": each.amount,
            "per_kg_amount": each.per_kg_amount,
            "currency": each.currency,
            "valid_until": each.valid_until,
        }
        rate = known.get((zone.pk, each.valid_from, each.up_to_weight_g))
        if rate is None:
            new = Rate(
                zone=zone,
                valid_from=each.valid_from,
                up_to_weight_g=each.up_to_weight_g,
                **values,
            )
            known[zone.pk, each.valid_from, each.up_to_weight_g] = new
            added.append(new)
            continue
        if any(getattr(rate, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(rate, name, value)
            changed.append(rate)
        else:
            counts["unchanged"] += 1
    Rate.objects.bulk_create(added)
    Rate.objects.bulk_update(changed, ["amount", "per_kg_amount", "currency", "valid_until"])
    counts["added"] += len(added)
    counts["changed"] += len(changed)

    if added or changed:
        subject = codes.pop() if len(codes) == 1 else "rates"
        publish(_changed(subject, "rates", dict(+counts), by, at))
    return counts


@service
def remove_rate(
    *, reach: Reach, up_to_weight_g: int, valid_from: date, by: Actor, at: datetime
) -> None:
    """Take one rate off its sheet; a zone without rates goes with its last one.

    Raises: RateNotFound.
    Publishes: CarriageChanged.
    """
    _move_revision()
    origin_id, origin_country, country, postal_from, postal_to = reach.columns
    found = Rate.objects.filter(
        zone__service__code=reach.service,
        zone__origin_id=origin_id,
        zone__origin_country=origin_country,
        zone__country=country,
        zone__postal_from=postal_from,
        zone__postal_to=postal_to,
        up_to_weight_g=up_to_weight_g,
        valid_from=valid_from,
    ).first()
    if found is None:
        raise RateNotFound(service=reach.service)

    found.delete()
    Zone.objects.filter(pk=found.zone_id, rates__isnull=True).delete()
    publish(_changed(reach.service, "rates", {"removed": 1}, by, at))


@service
def keep_box(
    *,
    code: str,
    length_mm: int,
    width_mm: int,
    height_mm: int,
    weight_g: int = 0,
    max_weight_g: int | None = None,
    is_active: bool = True,
    by: Actor,
    at: datetime,
) -> Box:
    """Have a box of these inner lengths on every packing table.

    Publishes: CarriageChanged.
    """
    _move_revision()
    values = {
        "length_mm": length_mm,
        "width_mm": width_mm,
        "height_mm": height_mm,
        "weight_g": weight_g,
        "max_weight_g": max_weight_g,
        "is_active": is_active,
    }
    box, is_new = Box.objects.update_or_create(code=code, defaults=values)

    publish(_changed(code, "box", {"added" if is_new else "changed": 1}, by, at))
    return box


def _move_revision() -> None:
    """Tell every process that it has to read anew; others who change something wait for us."""
    sql.run(
        "INSERT INTO fulfillment_carriagerevision AS kept (id, number) VALUES (1, 1) "
        "ON CONFLICT (id) DO UPDATE SET number = kept.number + 1"
    )
    transaction.on_commit(forget_rates)


def _changed(
    subject: str, what: str, changes: dict[str, int], by: Actor, at: datetime
) -> CarriageChanged:
    return CarriageChanged(thread=THREAD, subject=subject, by=by, at=at, what=what, changes=changes)


def _zones(rates: Sequence[NewRate], services: dict[str, CarrierService]) -> dict[Reach, Zone]:
    """Return the zone of each reach, made where it is not there, as fast as was said."""
    codes = {row.pk: row.code for row in services.values()}
    found = {
        Reach(
            codes[zone.service_id],
            zone.country,
            zone.origin_id,
            zone.origin_country,
            zone.postal_from,
            zone.postal_to,
        ): zone
        for zone in Zone.objects.filter(service__in=services.values())
    }
    added: dict[Reach, Zone] = {}
    changed: dict[Reach, Zone] = {}
    for each in rates:
        zone = found.get(each.reach) or added.get(each.reach)
        if zone is None:
            zone = added[each.reach] = Zone(
                service=services[each.reach.service],
                origin_id=each.reach.origin_id,
                origin_country=each.reach.origin_country,
                country=each.reach.country,
                postal_from=each.reach.postal_from,
                postal_to=each.reach.postal_to,
            )
        if each.transit_days is not None and zone.transit_days != each.transit_days:
            zone.transit_days = each.transit_days
            if zone.pk:
                changed[each.reach] = zone
    Zone.objects.bulk_create(added.values())
    Zone.objects.bulk_update(changed.values(), ["transit_days"])
    return {**found, **added}
