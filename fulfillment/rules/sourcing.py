"""Which locations serve an order, step by step as its routing says, and why the others do not.

One function decides for orders as they come, and for those of the past when rules are tried. What
nobody may serve waits. Pure: no database, no clock, no settings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fulfillment.rules.costing import POINTS, Candidate, Measures, Scale, Units
from fulfillment.rules.covering import Cover, Site, cheapest_cover
from fulfillment.rules.explaining import Judged, Try, judge, reason
from fulfillment.rules.routing import EVERYTHING, Asked, RuleBook, Step

BUDGET = 1.0
"""Seconds that the search of a cover may take for one order. Few take a hundredth; those that need
the solver take its loading too, once in a process."""
EXPLAINED = 10


class Demand(NamedTuple):
    """Units of one SKU wanted by one line. `worth` is that of a unit, in points."""

    line_id: int
    sku_id: int
    quantity: int
    worth: int = 0
    sku: str = ""


class Placement(NamedTuple):
    """Units of one line, served from one location."""

    line_id: int
    sku_id: int
    location_id: int
    quantity: int


@dataclass(frozen=True)
class Plan:
    """Where each unit comes from, what is left (units by line), and why.

    `left` waits for stock, or (`is_parked`) for a person. `judged` are the chosen ones and the
    nearest others, `looked_at` all that were asked. `how` says how the cover was found, `step`
    which step of the routing decided.
    """

    placements: list[Placement]
    left: dict[int, int]
    judged: list[Judged]
    reason: str
    looked_at: Sequence[Candidate] = ()
    routing: str = ""
    step: str = ""
    how: str = "single"
    is_proven: bool = True
    is_parked: bool = False
    cancel_after_days: int | None = None
    cost: int = 0

    @property
    def backordered(self) -> dict[int, int]:
        """What waits for stock, by line."""
        return {} if self.is_parked else self.left


@dataclass
class _Open:
    """What is still to be served, and what is still free."""

    wanted: dict[int, int]
    free: dict[int, Units]
    parts: dict[int, dict[int, int]] = field(default_factory=dict)

    def take(self, cover: Cover) -> None:
        for location_id, units in cover.parts.items():
            part = self.parts.setdefault(location_id, {})
            free = dict(self.free[location_id])
            self.free[location_id] = free
            for sku, count in units.items():
                part[sku] = part.get(sku, 0) + count
                free[sku] -= count
                self.wanted[sku] -= count
                if not self.wanted[sku]:
                    del self.wanted[sku]


def decide(
    *,
    book: RuleBook,
    asked: Asked,
    demands: Sequence[Demand],
    candidates: Sequence[Candidate],
    measures: Measures,
    may_park: bool = True,
    budget: float = BUDGET,
) -> Plan:
    """Choose locations for `demands` as the routing for such an order says; every unit is placed
    once, or left. Units of one SKU go to the lines in their order, from the closest location first.
    """
    routing = book.routing_for(asked)
    near = sorted(candidates, key=lambda each: (each.far, each.location_id))
    wanted: dict[int, int] = {}
    for demand in demands:
        wanted[demand.sku_id] = wanted.get(demand.sku_id, 0) + demand.quantity
    still = _Open(wanted, {each.location_id: each.free for each in near})
    asking = _Asking(book, demands, near, measures, budget)

    tries: list[Try] = []
    for step in routing.steps or (() if may_park else EVERYTHING.steps):
        tried = asking.ask(step, still)
        tries.append(tried)
        if tried.cover.parts:
            still.take(tried.cover)
        if not still.wanted:
            break

    chosen = [each for each in near if each.location_id in still.parts]
    placements, left = _place(demands, chosen, still.parts)
    decisive = next((each for each in tries if each.cover.parts), tries[-1] if tries else None)
    is_parked = bool(left) and routing.is_parked and may_park
    return Plan(
        placements,
        left,
        judge(decisive, chosen, still.parts, near, EXPLAINED) if decisive else [],
        reason(
            tries, chosen, near, units=sum(each.quantity for each in demands),
            left=sum(left.values()), is_parked=is_parked,
        ),
        looked_at=near,
        routing=routing.name,
        step=decisive.step.name if decisive else "",
        how=decisive.cover.how if decisive and decisive.cover.parts else "none",
        is_proven=all(each.cover.is_proven for each in tries),
        is_parked=is_parked,
        cancel_after_days=routing.cancel_after_days if left else None,
        cost=sum(each.cover.cost for each in tries if each.cover.parts),
    )  # fmt: skip


class _Asking:
    """Asks locations for one order, step by step."""

    def __init__(
        self,
        book: RuleBook,
        demands: Sequence[Demand],
        near: Sequence[Candidate],
        measures: Measures,
        budget: float,
    ) -> None:
        self._book, self._near, self._measures = book, near, measures
        self._budget = budget
        self._worth = {each.sku_id: each.worth for each in demands}
        self._skus = {each.sku_id: each.sku for each in demands}
        self._reached = measures.reached()
        self._grams: Units = {}

    def ask(self, step: Step, still: _Open) -> Try:
        """Return what `step` would take of what is open, and why not the others."""
        scale = Scale(step.weights, self._measures)
        wanted = dict(still.wanted)
        out: dict[int, tuple[str, str]] = {}
        free: dict[int, Units] = {}
        for each in self._near:
            why = self._why_not(each, step, scale, still)
            if why is not None:
                out[each.location_id] = why
            else:
                free[each.location_id] = self._free(each, step, still)
        grams = self._weigh(wanted) if scale.asks_freight else dict.fromkeys(wanted, 0)
        places = [each for each in self._near if each.location_id in free]
        if step.parts == 1 and step.is_whole:
            cover = _single(scale, places, free, wanted, grams)
        else:
            cover = self._search(step, scale, places, free, wanted, grams)
        return Try(step, scale, cover, wanted, free, out, grams, self._skus)

    def _search(
        self,
        step: Step,
        scale: Scale,
        places: Sequence[Candidate],
        free: Mapping[int, Units],
        wanted: Units,
        grams: Units,
    ) -> Cover:
        spare = self._measures.spare() if scale.risk else {}
        sites = [
            Site(
                each.location_id,
                free[each.location_id],
                scale.opening(each),
                scale.tariff(each.location_id),
                spare.get(each.location_id, {}) if scale.risk else None,
                scale.risk,
            )
            for each in places
            if any(free[each.location_id].get(sku, 0) > 0 for sku in wanted)
        ]
        return cheapest_cover(
            wanted=wanted,
            grams=grams,
            worth=self._worth,
            sites=sites,
            parts=step.parts,
            is_whole=step.is_whole,
            part_worth=int(step.part_value * POINTS),
            split=scale.split,
            budget=self._budget,
        )

    def _weight(self, each: Candidate, still: _Open) -> int:
        """What a parcel from there weighs at most: all that is wanted and free there."""
        grams = self._weigh(still.wanted)
        free = still.free[each.location_id]
        return sum(
            grams[sku] * min(count, max(free.get(sku, 0), 0)) for sku, count in still.wanted.items()
        )

    def _weigh(self, wanted: Units) -> Units:
        if not wanted.keys() <= self._grams.keys():
            self._grams = self._measures.grams(wanted.keys())
        return self._grams

    def _why_not(
        self, each: Candidate, step: Step, scale: Scale, still: _Open
    ) -> tuple[str, str] | None:
        """Why a location is not asked in this step, and what would let it be; None if it is."""
        limits = step.limits
        if step.sources and not self._book.takes(step, code=each.code, kind=each.kind):
            return "Not asked in this step", "a place among the locations of this step"
        if self._reached is not None and each.location_id not in self._reached:
            return "No service takes it from there", "a service from there to the address"
        if limits.max_distance_km is not None:
            if each.distance_km is None:
                return "Nobody knows how far it is", "a known position"
            if each.distance_km > limits.max_distance_km:
                return (
                    f"Farther than {limits.max_distance_km:,.0f} km: {each.distance_km:,.0f} km",
                    f"{each.distance_km - float(limits.max_distance_km):,.0f} km closer",
                )
        if limits.has_capacity and self._measures.capacity_left(each.location_id) == 0:
            return "Full today", "room for one more order today"
        if limits.leaves_today and not self._measures.leaves_today(each.location_id):
            return "Nothing leaves there any more today", "a later cut-off"
        if limits.in_time and self._measures.has_freight:
            found = scale.freight(each.location_id, self._weight(each, still))
            if found is None or found.is_late:
                return "Would arrive too late", "a quicker service"
        return None

    def _free(self, each: Candidate, step: Step, still: _Open) -> Units:
        free = still.free[each.location_id]
        if step.limits.lot_days is not None:
            lasting = self._measures.lasting(step.limits.lot_days).get(each.location_id, {})
            taken = still.parts.get(each.location_id, {})
            free = {
                sku: min(count, lasting.get(sku, 0) - taken.get(sku, 0))
                for sku, count in free.items()
            }
        if step.limits.keep_back:
            free = {sku: count - step.limits.keep_back for sku, count in free.items()}
        return free


def _single(
    scale: Scale,
    places: Sequence[Candidate],
    free: Mapping[int, Units],
    wanted: Units,
    grams: Units,
) -> Cover:
    """The cheapest location that has everything, the closest of equals."""
    needs = list(wanted.items())
    weight = sum(grams[sku] * count for sku, count in needs)
    best: Candidate | None = None
    least = 0
    for each in places:
        there = free[each.location_id]
        if any(there.get(sku, 0) < count for sku, count in needs):
            continue
        cost = scale.cost(each, wanted, weight)
        if best is None or cost < least:
            best, least = each, cost
    if best is None:
        return Cover({}, 0, True, "single")
    return Cover({best.location_id: wanted}, least, True, "single")


def _place(
    demands: Sequence[Demand],
    chosen: Sequence[Candidate],
    parts: Mapping[int, Mapping[int, int]],
) -> tuple[list[Placement], dict[int, int]]:
    left = {each.location_id: dict(parts[each.location_id]) for each in chosen}
    placements = []
    waiting = {}
    for demand in demands:
        missing = demand.quantity
        for location_id, units in left.items():
            taken = min(missing, units.get(demand.sku_id, 0))
            if taken:
                units[demand.sku_id] -= taken
                missing -= taken
                placements.append(Placement(demand.line_id, demand.sku_id, location_id, taken))
        if missing:
            waiting[demand.line_id] = missing
    return placements, waiting
