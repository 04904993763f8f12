"""A covering task in plain rows: SKUs by position, units never more than wanted."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fulfillment.rules.covering.shapes import Bracket, Site, Tariff

Units = tuple[int, ...]
"""Units of each SKU of a task, in its order."""


@dataclass(frozen=True, slots=True)
class Place:
    """A site as the search sees it. `base` is the least that using it can cost."""

    nth: int
    site_id: int
    free: Units
    opening: int
    steps: tuple[int, ...]
    costs: tuple[int, ...]
    least_from: tuple[int, ...]
    base: int
    safe: Units
    risk: int

    @property
    def carries(self) -> int:
        """The heaviest parcel that somebody takes from here."""
        return self.steps[-1]

    def freight(self, grams: int) -> int | None:
        at = bisect_left(self.steps, grams)
        return self.costs[at] if at < len(self.costs) else None

    def least_freight(self, grams: int) -> int | None:
        """Return the least that a parcel of so many grams or more can cost."""
        at = bisect_left(self.steps, grams)
        return self.least_from[at] if at < len(self.least_from) else None

    def risk_of(self, units: Units) -> int:
        if not self.risk:
            return 0
        over = sum(max(0, taken - safe) for taken, safe in zip(units, self.safe, strict=True))
        return over * self.risk


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be covered: `goal` is what all places together have of what is wanted."""

    skus: tuple[int, ...]
    goal: Units
    grams: Units
    worth: Units
    places: tuple[Place, ...]
    parts: int
    part_worth: int
    split: int

    def grams_of(self, units: Units) -> int:
        return sum(each * weight for each, weight in zip(units, self.grams, strict=True))

    def worth_of(self, units: Units) -> int:
        return sum(each * worth for each, worth in zip(units, self.worth, strict=True))

    def cost_of(self, shares: Mapping[int, Units]) -> int | None:
        """Return the exact cost of shares by place; None when a rule forbids them."""
        cost = self.split * max(0, len(shares) - 1)
        if len(shares) > self.parts:
            return None
        for nth, units in shares.items():
            place = self.places[nth]
            freight = place.freight(self.grams_of(units))
            if freight is None:
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
    """Return the task, without places that have nothing of it or from where nobody carries."""
    skus = tuple(sku for sku, units in wanted.items() if units > 0)
    asked = [wanted[sku] for sku in skus]
    weights = tuple(max(0, grams.get(sku, 0)) for sku in skus)
    most_g = sum(units * weight for units, weight in zip(asked, weights, strict=True))
    steps = _Steps(most_g)
    places: list[Place] = []
    for site in sites:
        free = tuple(
            min(units, max(0, site.free.get(sku, 0)))
            for sku, units in zip(skus, asked, strict=True)
        )
        if not any(free):
            continue
        ups, costs, least = steps.of(site.tariff)
        if not ups:
            continue
        safe = free
        if site.risk and site.risk_free is not None:
            safe = tuple(max(0, site.risk_free.get(sku, 0)) for sku in skus)
        places.append(
            Place(
                len(places), site.id, free, site.opening, ups, costs, least,
                site.opening + least[0], safe, 0 if safe is free else site.risk,
            )
        )  # fmt: skip
    goal = tuple(
        min(units, sum(place.free[k] for place in places)) for k, units in enumerate(asked)
    )
    return Task(
        skus=skus,
        goal=goal,
        grams=weights,
        worth=tuple(max(0, worth.get(sku, 0)) for sku in skus),
        places=tuple(places),
        parts=max(0, min(parts, len(places), sum(goal))),
        part_worth=part_worth,
        split=split,
    )


class _Steps:
    """The steps of tariffs, read once for each."""

    def __init__(self, most_g: int) -> None:
        self._most_g = most_g
        self._known: dict[int, tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]] = {}

    def of(self, tariff: Tariff) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        key = id(tariff)
        if key not in self._known:
            self._known[key] = self._read(tariff.brackets(self._most_g))
        return self._known[key]

    def _read(
        self, brackets: Iterable[Bracket]
    ) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        ups: list[int] = []
        costs: list[int] = []
        for each in brackets:
            if ups and ups[-1] >= self._most_g:
                break
            if costs and costs[-1] == each.cost:
                ups[-1] = each.up_to_g
                continue
            ups.append(each.up_to_g)
            costs.append(each.cost)
        least = costs[:]
        for at in range(len(least) - 2, -1, -1):
            least[at] = min(least[at], least[at + 1])
        return tuple(ups), tuple(costs), tuple(least)
