"""The way past the bins: what is wanted for several orders, taken once from each place.

Pure: units, places and their turn in the walk in; stops out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

LAST = (1 << 31, 1 << 31)
"""The turn of what lies in no bin that anyone has given a place in the walk."""


@dataclass(frozen=True)
class Spot:
    """Units of one stock level in one bin; `turn` is that of the zone, then that of the bin."""

    level_id: int
    bin: str
    lot: str
    units: int
    zone: str = ""
    turn: tuple[int, int] = LAST


@dataclass(frozen=True)
class Want:
    """Units of one line; `nth` is the place of its order in the wave."""

    line_id: int
    level_id: int
    sku: str
    nth: int
    units: int
    by_lot: bool = False
    """Whether it matters which lot is taken."""


@dataclass(frozen=True)
class Put:
    """Units of a stop that go to one line."""

    line_id: int
    nth: int
    units: int


@dataclass(frozen=True)
class Stop:
    """One SKU taken from one place for everybody who wants it. `lot` is empty where it does not
    matter; `bin` too, where the books do not know one."""

    sku: str
    level_id: int
    bin: str
    lot: str
    zone: str
    turn: tuple[int, int]
    puts: tuple[Put, ...]

    @property
    def units(self) -> int:
        return sum(put.units for put in self.puts)


def walk(wants: Iterable[Want], spots: Iterable[Spot]) -> list[Stop]:
    """Return the stops in the order of the walk.

    `spots` of a level are in the order in which units should be taken: from the first until it is
    empty. Who stands first in the wave gets the first ones.
    """
    shelves: dict[int, list[Spot]] = {}
    for spot in spots:
        shelves.setdefault(spot.level_id, []).append(spot)
    by_level: dict[int, list[Want]] = {}
    for want in sorted(wants, key=attrgetter("nth", "line_id")):
        if want.units > 0:
            by_level.setdefault(want.level_id, []).append(want)
    stops = [
        stop
        for level_id, wanted in by_level.items()
        for stop in _stops(wanted, shelves.get(level_id, []))
    ]
    return sorted(stops, key=lambda stop: (stop.turn, stop.bin, stop.sku, stop.lot))


def _stops(wanted: Sequence[Want], shelf: Sequence[Spot]) -> list[Stop]:
    """Return where the units of one level are taken."""
    first = wanted[0]
    queue = list(wanted)
    stops: list[Stop] = []
    for spot in [*_places(shelf, by_lot=first.by_lot), Spot(first.level_id, "", "", 1 << 31)]:
        free, puts = spot.units, []
        while free and queue:
            want = queue.pop(0)
            units = min(free, want.units)
            puts.append(Put(want.line_id, want.nth, units))
            free -= units
            if want.units > units:
                queue.insert(0, replace(want, units=want.units - units))
        if puts:
            stops.append(
                Stop(
                    first.sku, first.level_id, spot.bin, spot.lot, spot.zone, spot.turn, tuple(puts)
                )
            )
    return stops


def _places(shelf: Sequence[Spot], *, by_lot: bool) -> list[Spot]:
    """Return the spots; where lots do not matter, those of one bin are one."""
    if by_lot:
        return list(shelf)
    bins: dict[str, Spot] = {}
    for spot in shelf:
        before = bins.get(spot.bin)
        units = spot.units + (before.units if before else 0)
        bins[spot.bin] = replace(before or spot, lot="", units=units)
    return list(bins.values())
