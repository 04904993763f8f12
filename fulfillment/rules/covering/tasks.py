"""A covering task in plain rows: SKUs by position, units never more than wanted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from fulfillment.rules.covering.freights import NEVER, Freights, Steps
from fulfillment.rules.covering.shapes import Site

Units = tuple[int, ...]
"""Units of each SKU of a task, in its order."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A site as the search sees it. `base` is the least that using it can cost."""

    nth: int
    site_id: int
    free: Units
    opening: int
    tariff: Steps
    base: int
    safe: Units
    risk: int
    heaviest: int

    @property
    def carries_all(self) -> bool:
        return self.heaviest <= self.tariff.carries

    def risk_of(self, units: Units) -> int:
        if not self.risk:
            return 0
        over = sum(max(0, taken - safe) for taken, safe in zip(units, self.safe, strict=True))
        return over * self.risk


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be covered: `goal` is the most that as many places as may send have of it."""

    skus: tuple[int, ...]
    goal: Units
    grams: Units
    worth: Units
    places: tuple[Place, ...]
    freights: Freights
    parts: int
    part_worth: int
    split: int

    @property
    def units(self) -> int:
        return sum(self.goal)

    def grams_of(self, units: Units) -> int:
        return sum(each * weight for each, weight in zip(units, self.grams, strict=True))

    def worth_of(self, units: Units) -> int:
        return sum(each * worth for each, worth in zip(units, self.worth, strict=True))

    def cost_of(self, shares: Mapping[Place, Units]) -> int | None:
        """Return the exact cost of shares; None when a rule forbids them."""
        if len(shares) > self.parts:
            return None
        cost = self.split * max(0, len(shares) - 1)
        for place, units in shares.items():
            freight = place.tariff.cost(self.grams_of(units))
            if freight == NEVER:
                return None
            if len(shares) > 1 and self.worth_of(units) < self.part_worth:
                return None
            cost += place.opening + freight + place.risk_of(units)
        return cost


def task_of(
    *,
    wanted: Mapping[int, int],
    grams: Mapping[int, int],
    worth: Mapping[int, int],
    sites: Sequence[Site],
    parts: int,
    part_worth: int,
    split: int,
) -> Task:
    """Return the task, without places that cannot matter."""
    rows = [(sku, units, max(0, grams.get(sku, 0))) for sku, units in wanted.items() if units > 0]
    freights = Freights(sum(units * weight for _, units, weight in rows))
    places = _places(rows, sites, freights)
    most = max(0, min(parts, len(places)))
    places = _mattering(places, most)
    goal = tuple(
        min(units, sum(nlargest(most, (place.free[k] for place in places))))
        for k, (_, units, _) in enumerate(rows)
    )
    return Task(
        skus=tuple(sku for sku, _, _ in rows),
        goal=goal,
        grams=tuple(weight for _, _, weight in rows),
        worth=tuple(max(0, worth.get(sku, 0)) for sku, _, _ in rows),
        places=tuple(places),
        freights=freights,
        parts=min(most, sum(goal)),
        part_worth=part_worth,
        split=split,
    )


def _places(
    rows: Sequence[tuple[int, int, int]], sites: Iterable[Site], freights: Freights
) -> list[Place]:
    """The sites that have something, and from where somebody carries."""
    places: list[Place] = []
    for nth, site in enumerate(sites):
        has = site.free
        free = tuple([max(0, min(units, has.get(sku, 0))) for sku, units, _ in rows])
        if not any(free):
            continue
        tariff = freights.of(site.tariff)
        if tariff is None:
            continue
        safe, risk = free, 0
        if site.risk and site.risk_free is not None:
            safe = tuple([max(0, site.risk_free.get(sku, 0)) for sku, _, _ in rows])
            risk = site.risk if any(a < b for a, b in zip(safe, free, strict=True)) else 0
        heaviest = sum([n * row[2] for n, row in zip(free, rows, strict=True)])
        base = site.opening + tariff.least[0]
        places.append(Place(nth, site.id, free, site.opening, tariff, base, safe, risk, heaviest))
    return places


def _mattering(places: Sequence[Place], parts: int) -> list[Place]:
    """Of places that are alike in all but their opening, as many as may send: the cheapest."""
    alike: dict[object, list[Place]] = {}
    for place in places:
        risky = place.safe if place.risk else ()
        key = (place.free, place.tariff.number, risky, place.risk)
        alike.setdefault(key, []).append(place)
    kept: list[Place] = []
    for group in alike.values():
        if len(group) > parts:
            group.sort(key=lambda each: (each.opening, each.nth))
        kept += group[:parts]
    return sorted(kept, key=lambda each: each.nth)
