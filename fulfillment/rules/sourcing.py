"""Which locations serve an order, and why the others do not.

The fewest locations that together have the most, one if one has everything. Of those the ones
from where it arrives in time, for the least freight, over the shortest way; where nobody knows the
freight, or it is the same from everywhere, the way alone decides. What nobody has waits. Pure: no
database, no clock, no settings.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from oms.core.geo import unknown_last
from oms.core.money import ZERO, text

EXACT_AMONG = 10
LARGEST_COVER = 3


class Demand(NamedTuple):
    """Units of one SKU wanted by one line."""

    line_id: int
    sku_id: int
    quantity: int


class Candidate(NamedTuple):
    """A location that may serve: how far it is (None: nobody knows), what is free there by SKU.

    One from where no service goes to the address, while one does from elsewhere, has nothing free.
    """

    location_id: int
    name: str
    distance_km: float | None
    free: Mapping[int, int]
    is_carried: bool = True

    @property
    def far(self) -> float:
        return unknown_last(self.distance_km)


@dataclass(frozen=True)
class Freight:
    """What it costs to send units from a location, with which service, and whether in time."""

    amount: Decimal
    currency: str
    service: str
    is_late: bool

    @property
    def words(self) -> str:
        return f"{text(self.amount, self.currency)} {self.currency}"


Units = Mapping[int, int]
"""Units by SKU id."""
FreightFrom = Callable[[int, Units], Freight | None]
"""The freight from a location (by id) of these units; None where nobody knows it."""


class Placement(NamedTuple):
    """Units of one line, served from one location."""

    line_id: int
    sku_id: int
    location_id: int
    quantity: int


class Judged(NamedTuple):
    """A candidate, what it could have served, and what became of it in words."""

    candidate: Candidate
    serves: int
    of: int
    is_chosen: bool
    outcome: str
    freight: Freight | None = None


@dataclass(frozen=True)
class Plan:
    """Where each unit comes from, what waits (units by line), and why."""

    placements: list[Placement]
    backordered: dict[int, int]
    judged: list[Judged]
    reason: str


def plan(
    demands: Sequence[Demand],
    candidates: Sequence[Candidate],
    freight_from: FreightFrom | None = None,
) -> Plan:
    """Choose locations for `demands`; every unit is placed once or backordered."""
    near = sorted(candidates, key=lambda each: (each.far, each.location_id))
    wanted: dict[int, int] = {}
    for demand in demands:
        wanted[demand.sku_id] = wanted.get(demand.sku_id, 0) + demand.quantity
    units = sum(wanted.values())
    serves = {each.location_id: _served(wanted, [each]) for each in near}
    rank = Ranking(demands, freight_from)
    chosen = _choose(wanted, near, serves, units, rank)
    placements, backordered = _place(demands, chosen)
    freights = rank.known(chosen)
    return Plan(
        placements,
        backordered,
        [_judge(each, chosen, freights, serves[each.location_id], units, rank) for each in near],
        _reason(chosen, near, units, sum(backordered.values()), freights, serves),
    )


class Ranking:
    """Which of several covers is best: in time, for the least freight, over the shortest way."""

    def __init__(self, demands: Sequence[Demand], freight_from: FreightFrom | None) -> None:
        self._demands = demands
        self._ask = freight_from
        self._freights: dict[tuple[int, ...], dict[int, Freight | None]] = {}

    def best(self, covers: Iterable[Sequence[Candidate]]) -> list[Candidate]:
        """Return the best of `covers`. Freights in several currencies are not compared."""
        tried = list(covers)
        if self._ask is None:
            return list(min(tried, key=_way))
        found = [each for cover in tried for each in self.freights(cover).values() if each]
        is_comparable = len({each.currency for each in found}) == 1

        def key(cover: Sequence[Candidate]) -> tuple[int, int, Decimal, float]:
            freights = self.freights(cover).values()
            return (
                sum(each is None for each in freights),
                sum(each.is_late for each in freights if each),
                sum((each.amount for each in freights if each and is_comparable), ZERO),
                _way(cover),
            )

        best = min(tried, key=key)
        return list(best)

    def freights(self, cover: Sequence[Candidate]) -> Mapping[int, Freight | None]:
        """Return the freight from each location of a cover, for what it would send."""
        if self._ask is None:
            return {}
        key = tuple(each.location_id for each in cover)
        if key not in self._freights:
            parts: dict[int, dict[int, int]] = {}
            for each in _place(self._demands, cover)[0]:
                part = parts.setdefault(each.location_id, {})
                part[each.sku_id] = part.get(each.sku_id, 0) + each.quantity
            self._freights[key] = {at: self._ask(at, part) for at, part in parts.items()}
        return self._freights[key]

    def known(self, cover: Sequence[Candidate]) -> Mapping[int, Freight | None]:
        """Return the freights of a cover as far as they were asked for already."""
        return self._freights.get(tuple(each.location_id for each in cover), {})


def _way(cover: Iterable[Candidate]) -> float:
    return sum(each.far for each in cover)


def _served(wanted: Mapping[int, int], places: Sequence[Candidate]) -> int:
    units = 0
    for sku, quantity in wanted.items():
        there = 0
        for each in places:
            there += max(0, each.free.get(sku, 0))
        units += min(quantity, there)
    return units


def _choose(
    wanted: Mapping[int, int],
    near: Sequence[Candidate],
    serves: Mapping[int, int],
    units: int,
    rank: Ranking,
) -> list[Candidate]:
    """Return the cover, closest first; empty when nobody has anything."""
    whole = [[each] for each in near if serves[each.location_id] == units]
    if whole:
        return rank.best(whole[:EXACT_AMONG])
    useful = [each for each in near if serves[each.location_id]]
    goal = _served(wanted, useful)
    for size in range(1, LARGEST_COVER + 1):
        covers = [
            cover
            for cover in combinations(useful[:EXACT_AMONG], size)
            if _served(wanted, cover) == goal
        ]
        if covers:
            return rank.best(covers)
    return _greedy(wanted, useful)


def _greedy(wanted: Mapping[int, int], useful: Sequence[Candidate]) -> list[Candidate]:
    """Too many to try: the one that adds most, the closer of equals, until none adds anything."""
    chosen: list[Candidate] = []
    left = list(useful)
    reached = 0
    while left:
        best = max(left, key=lambda each: (_served(wanted, [*chosen, each]), -each.far))
        gain = _served(wanted, [*chosen, best]) - reached
        if gain <= 0:
            break
        chosen.append(best)
        left.remove(best)
        reached += gain
    return sorted(chosen, key=lambda each: (each.far, each.location_id))


def _place(
    demands: Sequence[Demand], chosen: Sequence[Candidate]
) -> tuple[list[Placement], dict[int, int]]:
    left = {each.location_id: dict(each.free) for each in chosen}
    placements = []
    backordered = {}
    for demand in demands:
        missing = demand.quantity
        for each in chosen:
            free = left[each.location_id]
            taken = min(missing, max(0, free.get(demand.sku_id, 0)))
            if taken:
                free[demand.sku_id] -= taken
                missing -= taken
                placements.append(Placement(demand.line_id, demand.sku_id, each.location_id, taken))
        if missing:
            backordered[demand.line_id] = missing
    return placements, backordered


def _judge(
    each: Candidate,
    chosen: Sequence[Candidate],
    freights: Mapping[int, Freight | None],
    serves: int,
    units: int,
    rank: Ranking,
) -> Judged:
    is_chosen = each in chosen
    freight = (freights if is_chosen else rank.known([each])).get(each.location_id)
    if is_chosen:
        outcome = "Chosen" if len(chosen) == 1 else "Chosen, together with others"
    elif not each.is_carried:
        outcome = "No service takes it from there"
    elif serves == 0:
        outcome = "Has none of it"
    elif serves < units:
        outcome = f"Has {serves} of {units} units"
    else:
        outcome = _why_not(each, freight, freights.values())
    return Judged(each, serves, units, is_chosen, outcome, freight)


def _why_not(each: Candidate, freight: Freight | None, won: Iterable[Freight | None]) -> str:
    """Why a location that has everything did not win."""
    best = next(iter(won), None)
    if best is not None and freight is None:
        return "No service takes it from there"
    if best is not None and freight is not None:
        if freight.is_late and not best.is_late:
            return "Would arrive too late"
        if freight.currency == best.currency and freight.amount > best.amount:
            return f"Dearer: {freight.words} freight"
    if each.distance_km is None:
        return "Nobody knows how far it is"
    return f"Farther: {each.distance_km:,.0f} km"


def _reason(
    chosen: Sequence[Candidate],
    near: Sequence[Candidate],
    units: int,
    waiting: int,
    freights: Mapping[int, Freight | None],
    serves: Mapping[int, int],
) -> str:
    what = "the unit" if units == 1 else f"all {units} units"
    if not near:
        return "No location serves orders yet: everything waits."
    if not chosen:
        if units == 1:
            return "No location has the unit: it waits for stock."
        return f"No location has any of the {units} units: everything waits for stock."
    names = " and ".join(each.name for each in chosen)
    if waiting:
        had = units - waiting
        return f"{names} can send {had} of {units} units; nobody has the other {waiting}."
    if len(chosen) > 1:
        return f"No single location has {what}; {names} together have them."
    [only] = chosen
    closest = next(each for each in near if serves[each.location_id] == units)
    freight = freights.get(only.location_id)
    if closest is not only and freight is not None:
        return (
            f"{only.name} is the cheapest location that has {what} in time: {freight.words} "
            f"with {freight.service}; {closest.name} is closer."
        )
    if only.distance_km is None:
        return f"{only.name} has {what}; how far it is is not known."
    return f"{only.name} is the closest location that has {what}: {only.distance_km:,.0f} km."
