"""Bins and zones: known as they are named, kept by those who label the shelves."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Sum

from inventory.errors import BinNotEmpty, BinNotFound, BinTaken, ZoneNotFound, ZoneTaken
from inventory.events import BinsChanged
from inventory.models import Bin, Location, Quant, StockLevel, Zone
from inventory.services.naming import location_named
from oms.core import sql
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.services import service

KEEP = """
INSERT INTO inventory_bin (location_id, code, position, is_active)
SELECT DISTINCT t.location_id, t.code, 0, true
FROM unnest(%s::bigint[], %s::text[]) AS t(location_id, code)
WHERE NOT EXISTS (
    SELECT FROM inventory_bin b WHERE b.location_id = t.location_id AND b.code = t.code
)
ORDER BY t.location_id, t.code
ON CONFLICT (location_id, code) DO NOTHING
"""


def ensure_bins(bins: Iterable[tuple[int, str]]) -> None:
    """Know these bins, by location id and code, as bins of no zone yet."""
    if named := sorted({each for each in bins if each[1]}):
        sql.run(KEEP, [list(column) for column in zip(*named, strict=True)])


def known_bin(location: Location, code: str) -> None:
    """See to it that units may be put into a bin: where zones are laid out it must be one of
    theirs, elsewhere it is known from now on.

    Raises: BinNotFound, for a retired one too.
    """
    found = Bin.objects.filter(location=location, code=code).first()
    if found is not None and found.is_active:
        return
    is_laid_out = Bin.objects.filter(location=location, zone__isnull=False).exists()
    if found is not None or is_laid_out:
        raise BinNotFound(bin=code, location=location.code)
    ensure_bins([(location.pk, code)])


@service
def save_zone(
    *,
    location: str,
    code: str,
    name: str,
    kind: str,
    position: int,
    by: Actor,
    at: datetime,
    was: str = "",
) -> Zone:
    """Lay out a zone of a location, or change the one whose code was `was`.

    Raises: LocationNotFound, ZoneNotFound, ZoneTaken.
    Publishes: BinsChanged.
    """
    place = location_named(location)
    zone = Zone(location=place)
    if was:
        known = Zone.objects.filter(location=place, code=was).first()
        if known is None:
            raise ZoneNotFound(zone=was, location=location)
        zone = known
    if code != was and Zone.objects.filter(location=place, code=code).exists():
        raise ZoneTaken(zone=code, location=location)
    zone.code, zone.name, zone.kind, zone.position = code, name, kind, position
    zone.save()
    _tell(place, f"zone {code}", by, at)
    return zone


@service
def save_bin(
    *,
    location: str,
    code: str,
    zone: str,
    position: int,
    by: Actor,
    at: datetime,
    was: str = "",
    is_active: bool = True,
) -> Bin:
    """Know a bin of a location, or change the one whose code was `was`.

    Only an empty bin gets another code or is retired. SKUs whose usual bin it is keep it under
    its new code.

    Raises: LocationNotFound, ZoneNotFound, BinNotFound, BinTaken, BinNotEmpty.
    Locks: StockLevel.
    Publishes: BinsChanged.
    """
    place = location_named(location)
    at_zone = Zone.objects.filter(location=place, code=zone).first() if zone else None
    if zone and at_zone is None:
        raise ZoneNotFound(zone=zone, location=location)
    kept = Bin(location=place, code=code)
    if was:
        known = Bin.objects.filter(location=place, code=was).first()
        if known is None:
            raise BinNotFound(bin=was, location=location)
        kept = known
    if code != was and Bin.objects.filter(location=place, code=code).exists():
        raise BinTaken(bin=code, location=location)
    if was and (code != was or (kept.is_active and not is_active)):
        levels = lock(StockLevel.objects.filter(location=place, bin=was))
        if units := _units_in(place, was):
            raise BinNotEmpty(bin=was, units=units)
        if code != was:
            StockLevel.objects.filter(pk__in=[each.pk for each in levels]).update(bin=code)
    kept.code, kept.zone, kept.position, kept.is_active = code, at_zone, position, is_active
    kept.save()
    _tell(place, f"bin {code}", by, at)
    return kept


def _units_in(place: Location, code: str) -> int:
    lying = Quant.objects.filter(bin=code, level__location=place)
    return int(lying.aggregate(units=Sum("quantity"))["units"] or 0)


def _tell(place: Location, what: str, by: Actor, at: datetime) -> None:
    publish(BinsChanged(thread=place.code, subject=place.code, by=by, at=at, what=what))
