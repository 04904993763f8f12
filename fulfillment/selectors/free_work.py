"""Reads: what could be picked together, and what a wave of it would be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from fulfillment.models import CarrierService
from fulfillment.rules.cutoff import leave_by
from fulfillment.rules.walking import LAST, Spot, Stop, Want, walk
from fulfillment.rules.waves import Candidate, Wish, choose
from fulfillment.states import FulfillmentOrderStatus
from inventory.models import Location
from inventory.selectors.walking import places_to_take
from oms.core import sql
from orders.states import Stop as Step

S = FulfillmentOrderStatus
TO_PICK = [S.OPEN, S.RELEASED, S.PICKING]
MOST_CANDIDATES = 2_000
"""So much work is looked at, the longest waiting first."""


FREE = """
SELECT f.number, f.service, f.created_at, x.id, r.level_id, x.quantity - x.picked,
       (SELECT count(*) FROM fulfillment_fulfillmentorderline y
        WHERE y.fulfillment_order_id = f.id AND y.quantity > 0)
FROM (
    SELECT c.id, c.number, c.service, c.created_at
    FROM fulfillment_fulfillmentorder c
    WHERE c.location_id = %(location)s AND c.status = ANY(%(statuses)s)
      AND c.hold_reason = '' AND NOT %(step)s = ANY(c.stops)
      AND (%(numbers)s::text[] IS NULL OR c.number = ANY(%(numbers)s))
      AND EXISTS (
          SELECT FROM fulfillment_fulfillmentorderline e
          WHERE e.fulfillment_order_id = c.id AND e.quantity > e.picked
            AND NOT EXISTS (
                SELECT FROM fulfillment_waveline w WHERE w.line_id = e.id AND w.is_live))
    ORDER BY c.created_at, c.id LIMIT %(most)s
) f
JOIN fulfillment_fulfillmentorderline x ON x.fulfillment_order_id = f.id
JOIN inventory_reservation r ON r.id = x.reservation_id
WHERE x.quantity > x.picked
  AND NOT EXISTS (SELECT FROM fulfillment_waveline w WHERE w.line_id = x.id AND w.is_live)
ORDER BY f.created_at, f.id, x.id
"""


@dataclass(frozen=True)
class FreeLine:
    """A line that is in no wave; `zone` is where most of the walk finds it."""

    number: str
    line_id: int
    level_id: int
    units: int
    zone: str


@dataclass
class Free:
    """Work of a location that could go into a wave now, and its lines."""

    candidates: list[Candidate]
    lines: dict[str, list[FreeLine]]

    def lines_in(self, numbers: Iterable[str], zone: str) -> list[FreeLine]:
        """Return the lines of this work, of one zone where one is named."""
        found = [line for number in numbers for line in self.lines.get(number, ())]
        return [line for line in found if not zone or line.zone == zone]

    @property
    def zones(self) -> dict[str, int]:
        """How much work lies in each zone."""
        found: dict[str, int] = {}
        for each in self.candidates:
            for zone in each.zones:
                found[zone] = found.get(zone, 0) + 1
        return dict(sorted(found.items()))


def free_work(location: Location, *, numbers: Sequence[str] | None = None) -> Free:
    """Return what nothing keeps from being picked and is in no wave. Three queries."""
    rows = sql.run(
        FREE,
        {
            "location": location.pk,
            "statuses": [str(each) for each in TO_PICK],
            "step": Step.PICK,
            "numbers": None if numbers is None else list(numbers),
            "most": MOST_CANDIDATES,
        },
    )
    zones: dict[int, str] = {}
    for place in places_to_take({row[4] for row in rows}):
        zones.setdefault(place.level_id, place.zone)
    cutoffs = _cutoffs() if rows else {}
    lines: dict[str, list[FreeLine]] = {}
    about: dict[str, tuple[str, datetime, int]] = {}
    for number, service, given_at, line_id, level_id, units, count in rows:
        line = FreeLine(number, line_id, level_id, units, zones.get(level_id, ""))
        lines.setdefault(number, []).append(line)
        about[number] = (service, given_at, count)
    candidates = [
        Candidate(
            number=number,
            units=sum(line.units for line in lines[number]),
            lines=count,
            given_at=given_at,
            due=leave_by(
                given_at,
                cutoffs.get(service.casefold()) or location.cutoff_time,
                location.time_zone,
                location.calendar,
            ),
            zones=frozenset(line.zone for line in lines[number] if line.zone),
        )
        for number, (service, given_at, count) in about.items()
    ]
    return Free(candidates, lines)


def _cutoffs() -> dict[str, time]:
    """When services are fetched that have a time of their own, by the words they are asked for."""
    found: dict[str, time] = {}
    rows = CarrierService.objects.filter(is_active=True, cutoff_time__isnull=False)
    for code, methods, cutoff in rows.values_list("code", "methods", "cutoff_time"):
        for word in (code, *methods):
            key = word.casefold()
            if cutoff is not None and cutoff <= found.get(key, cutoff):
                found[key] = cutoff
    return found


@dataclass(frozen=True)
class Preview:
    """What a wave would be: the work in it, its units, and how often one stops on the way."""

    numbers: tuple[str, ...]
    lines: int
    units: int
    stops: int
    zones: tuple[str, ...]
    due: datetime | None
    waiting: int
    """Work that could be in a wave, this one's among it."""


def preview(free: Free, wish: Wish, *, now: datetime, only: Sequence[str] = ()) -> Preview:
    """Return what the wave of this wish would be; `only` of this work, where some is named.
    One query."""
    candidates = [each for each in free.candidates if not only or each.number in only]
    chosen = choose(candidates, wish, now=now)
    numbers = tuple(each.number for each in chosen)
    lines = free.lines_in(numbers, wish.zone)
    stops = stops_for(
        Want(line.line_id, line.level_id, str(line.level_id), 1, line.units) for line in lines
    )
    return Preview(
        numbers=numbers,
        lines=len(lines),
        units=sum(line.units for line in lines),
        stops=len(stops),
        zones=tuple(sorted({line.zone for line in lines if line.zone})),
        due=min((each.due for each in chosen if each.due), default=None),
        waiting=len(free.candidates),
    )


def stops_for(wants: Iterable[Want]) -> list[Stop]:
    """Return the walk for what is wanted, as things lie now. One query."""
    wanted = list(wants)
    places = places_to_take({want.level_id for want in wanted})
    spots = [
        Spot(each.level_id, each.bin, each.lot, each.units, each.zone, each.turn or LAST)
        for each in places
    ]
    return walk(wanted, spots)
