"""Freight in steps of grams, and the least that several parcels together can cost."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from fulfillment.rules.covering.shapes import Bracket, Tariff

NEVER = 1 << 60
"""More than anything costs: nobody carries it."""
PARCELS_WEIGHED = 3
"""Of more parcels than that, only the least of each is counted."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A tariff: up to `ups` grams it costs `costs`; `least` is the least from that step on."""

    number: int
    ups: tuple[int, ...]
    costs: tuple[int, ...]
    least: tuple[int, ...]

    @property
    def carries(self) -> int:
        return self.ups[-1]

    def cost(self, grams: int) -> int:
        at = bisect_left(self.ups, grams)
        return self.costs[at] if at < len(self.costs) else NEVER

    def least_cost(self, grams: int) -> int:
        """Return the least that a parcel of so many grams or more can cost."""
        at = bisect_left(self.ups, grams)
        return self.least[at] if at < len(self.least) else NEVER


class Freights:
    """The tariffs of a task, each read once; equal ones are one."""

    def __init__(self, most_g: int) -> None:
        self._most_g = most_g
        self._by_tariff: dict[int, Steps | None] = {}
        self._by_steps: dict[tuple[tuple[int, ...], tuple[int, ...]], Steps] = {}
        self._floors: dict[tuple[tuple[int, ...], int], int] = {}
        self._numbered: list[Steps] = []

    def of(self, tariff: Tariff) -> Steps | None:
        """Return the steps of a tariff; None when it has none."""
        key = id(tariff)
        if key not in self._by_tariff:
            ups, costs = _merged(tariff.brackets(self._most_g), self._most_g)
            self._by_tariff[key] = self._one(ups, costs) if ups else None
        return self._by_tariff[key]

    @cached_property
    def cheapest(self) -> int:
        """Return the number of a tariff that takes, for any weight, what the cheapest takes."""
        ups = sorted({up for each in self._numbered for up in each.ups})
        known = tuple(self._numbered)
        costs = tuple(min(each.least_cost(up) for each in known) for up in ups)
        return self._one(tuple(ups), costs).number

    def floor(self, numbers: tuple[int, ...], grams: int) -> int:
        """Return the least that parcels by these tariffs cost, which weigh so much together."""
        if len(numbers) == 1:
            return self._numbered[numbers[0]].least_cost(grams)
        key = (numbers, grams)
        known = self._floors.get(key)
        if known is None:
            known = self._floors[key] = self._work_out(numbers, grams)
        return known

    def _work_out(self, numbers: tuple[int, ...], grams: int) -> int:
        first, rest = self._numbered[numbers[0]], numbers[1:]
        if grams <= 0 or len(numbers) > PARCELS_WEIGHED:
            return sum(self._numbered[number].least[0] for number in numbers)
        return min(
            cost + self.floor(rest, grams - up)
            for up, cost in zip(first.ups, first.costs, strict=True)
        )

    def _one(self, ups: tuple[int, ...], costs: tuple[int, ...]) -> Steps:
        key = (ups, costs)
        if key not in self._by_steps:
            least = list(costs)
            for at in range(len(least) - 2, -1, -1):
                least[at] = min(least[at], least[at + 1])
            self._by_steps[key] = Steps(len(self._numbered), ups, costs, tuple(least))
            self._numbered.append(self._by_steps[key])
        return self._by_steps[key]


def _merged(brackets: Iterable[Bracket], most_g: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return where the cost changes, up to the step that carries `most_g`."""
    ups: list[int] = []
    costs: list[int] = []
    for up, cost in brackets:
        if costs and costs[-1] == cost:
            ups[-1] = up
        else:
            ups.append(up)
            costs.append(cost)
        if up >= most_g:
            break
    return tuple(ups), tuple(costs)
