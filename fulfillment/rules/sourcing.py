"""Which locations serve an order, and why the others do not.

The closest location that has everything; else the fewest locations that together have the most
(the shortest way among them); what nobody has waits. Pure: no database, no clock, no settings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

EXACT_AMONG = 10
LARGEST_COVER = 3


@dataclass(frozen=True)
class Demand:
    """Units of one SKU wanted by one line."""

    line_id: int
    sku_id: int
    quantity: int


@dataclass(frozen=True)
class Candidate:
    """A location that may serve: how far it is (None: nobody knows), what is free there by SKU."""

    location_id: int
    name: str
    distance_km: float | None
    free: Mapping[int, int]

    @property
    def far(self) -> float:
        return float("inf") if self.distance_km is None else self.distance_km


@dataclass(frozen=True)
class Placement:
    """Units of one line, served from one location."""

    line_id: int
    sku_id: int
    location_id: int
    quantity: int


@dataclass(frozen=True)
class Judged:
    """A candidate, what it could have served, and what became of it in words."""

    candidate: Candidate
    serves: int
    of: int
    is_chosen: bool
    outcome: str


@dataclass(frozen=True)
class Plan:
    """Where each unit comes from, what waits (units by line), and why."""

    placements: list[Placement]
    backordered: dict[int, int]
    judged: list[Judged]
    reason: str


def plan(demands: Sequence[Demand], candidates: Sequence[Candidate]) -> Plan:
    """Choose locations for `demands`; every unit is placed once or backordered."""
    near = sorted(candidates, key=lambda each: (each.far, each.location_id))
    wanted: dict[int, int] = {}
    for demand in demands:
        wanted[demand.sku_id] = wanted.get(demand.sku_id, 0) + demand.quantity
    units = sum(wanted.values())
    serves = {each.location_id: _served(wanted, [each]) for each in near}
    chosen = _choose(wanted, near, serves, units)
    placements, backordered = _place(demands, chosen)
    return Plan(
        placements,
        backordered,
        [_judge(each, chosen, serves[each.location_id], units) for each in near],
        _reason(chosen, near, units, sum(backordered.values())),
    )


def _served(wanted: Mapping[int, int], places: Sequence[Candidate]) -> int:
    return sum(
        min(quantity, sum(max(0, each.free.get(sku, 0)) for each in places))
        for sku, quantity in wanted.items()
    )


def _choose(
    wanted: Mapping[int, int],
    near: Sequence[Candidate],
    serves: Mapping[int, int],
    units: int,
) -> list[Candidate]:
    """Return the cover, closest first; empty when nobody has anything."""
    for each in near:
        if serves[each.location_id] == units:
            return [each]
    useful = [each for each in near if serves[each.location_id]]
    goal = _served(wanted, useful)
    for size in range(1, LARGEST_COVER + 1):
        covers = [
            cover
            for cover in combinations(useful[:EXACT_AMONG], size)
            if _served(wanted, cover) == goal
        ]
        if covers:
            return list(min(covers, key=lambda cover: sum(each.far for each in cover)))
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


def _judge(each: Candidate, chosen: Sequence[Candidate], serves: int, units: int) -> Judged:
    is_chosen = each in chosen
    if is_chosen:
        outcome = "Chosen" if len(chosen) == 1 else "Chosen, together with others"
    elif serves == 0:
        outcome = "Has none of it"
    elif serves < units:
        outcome = f"Has {serves} of {units} units"
    elif each.distance_km is None:
        outcome = "Nobody knows how far it is"
    else:
        outcome = f"Farther: {each.distance_km:,.0f} km"
    return Judged(each, serves, units, is_chosen, outcome)


def _reason(
    chosen: Sequence[Candidate], near: Sequence[Candidate], units: int, waiting: int
) -> str:
    what = "the unit" if units == 1 else f"all {units} units"
    if not near:
        return "No location serves orders yet: everything waits."
    if not chosen:
        return f"No location has any of the {units} units: everything waits for stock."
    names = " and ".join(each.name for each in chosen)
    if waiting:
        had = units - waiting
        return f"{names} can send {had} of {units} units; nobody has the other {waiting}."
    if len(chosen) > 1:
        return f"No single location has {what}; {names} together have them."
    [only] = chosen
    if only.distance_km is None:
        return f"{only.name} has {what}; how far it is is not known."
    return f"{only.name} is the closest location that has {what}: {only.distance_km:,.0f} km."
