"""Who sends which units, when it is known which places send."""

from collections.abc import Sequence
from typing import NamedTuple

from fulfillment.rules.covering.freights import NEVER
from fulfillment.rules.covering.tasks import Place, Task, Units


class Shares(NamedTuple):
    """Units by place, how many units of the goal are left out, and the exact cost."""

    missing: int
    cost: int
    units: dict[Place, Units]

    @property
    def rank(self) -> tuple[int, int, int]:
        """Less is better: most units first, then the cost, then the parts."""
        return self.missing, self.cost, len(self.units)


class TooMuch(Exception):
    """There are more ways than are worth trying."""


Row = tuple[int, ...]
Trail = tuple["Trail | None", Row]
States = dict[Row, tuple[int, int, Trail | None]]


class Sharing:
    """The cheapest way that some places send the most units.

    A step of the table is what the places have been given so far, in grams (and in worth, where
    parts have a minimum); of equal ones only that with the least left out, then the least risk,
    is kept. `below` is a cost to beat by what leaves out `leave` units, the most that may be left
    out.
    """

    def __init__(
        self, task: Task, chosen: Sequence[Place], *, below: int | None, leave: int, effort: int
    ) -> None:
        self.spent = 0
        self._task = task
        self._places = sorted(chosen, key=lambda each: each.nth)
        self._below = NEVER if below is None else below
        self._leave = leave
        self._effort = effort
        count = len(self._places)
        self._minimum = task.part_worth if count > 1 else 0
        self._is_risky = any(each.risk for each in self._places)
        self._fixed = task.split * (count - 1) + sum(each.opening for each in self._places)

    def best(self) -> Shares | None:
        """Return the best shares; None when none are good enough.

        Raises: TooMuch.
        """
        rows = list(zip(*(each.free for each in self._places), strict=True))
        had = [min(goal, sum(row)) for goal, row in zip(self._task.goal, rows, strict=True)]
        short = self._task.units - sum(had)
        if short > self._leave:
            return None
        spare = self._leave - short
        if spare and all(each.carries_all for each in self._places):
            spare = 0
        self._limit = NEVER if short < self._leave else self._below - self._fixed
        least = [] if spare else [_forced(row, most) for row, most in zip(rows, had, strict=True)]
        states = self._started(short, least)
        for k, (row, most) in enumerate(zip(rows, had, strict=True)):
            fewest = max(0, most - spare)
            given = least[k] if least else (0,) * len(row)
            if sum(given) == most == fewest:
                continue
            self._spend((most - fewest + 1) * _ways_at_most(row, given))
            ways = [
                self._way(k, units, given, most - total)
                for total in range(most, fewest - 1, -1)
                for units in _parted(row, given, total)
            ]
            self._spend(len(ways) * len(states))
            states = self._step(states, k, ways)
            if not states:
                return None
        return self._cheapest(states, least)

    def _spend(self, effort: int) -> None:
        self.spent += effort
        if self.spent > self._effort:
            raise TooMuch

    def _started(self, short: int, least: Sequence[Row]) -> States:
        """The table before anything is chosen: what each place has to send in any case."""
        count = len(self._places)
        grams, worth, risk = [0] * count, [0] * count, 0
        for k, row in enumerate(least):
            for at, units in enumerate(row):
                if units:
                    grams[at] += units * self._task.grams[k]
                    worth[at] += units * self._task.worth[k]
                    risk += self._risk(at, k, units)
        state = (*grams, *worth) if self._minimum > 0 else tuple(grams)
        return {state: (short, risk, None)} if self._is_open(state, risk) else {}

    def _risk(self, at: int, k: int, units: int) -> int:
        place = self._places[at]
        return max(0, units - place.safe[k]) * place.risk if place.risk else 0

    def _way(self, k: int, units: Row, given: Row, missing: int) -> tuple[Row, Row, int, int]:
        """What giving these units of a SKU adds to what is given in any case."""
        weight, worth = self._task.grams[k], self._task.worth[k]
        more = [a - b for a, b in zip(units, given, strict=True)]
        adds = [each * weight for each in more]
        if self._minimum > 0:
            adds += [each * worth for each in more]
        risk = 0
        if self._is_risky:
            for at, before in enumerate(given):
                risk += self._risk(at, k, units[at]) - self._risk(at, k, before)
        return units, tuple(adds), missing, risk

    def _step(self, states: States, k: int, ways: Sequence[tuple[Row, Row, int, int]]) -> States:
        after: States = {}
        for state, (missing, risk, trail) in states.items():
            for units, adds, left_out, riskier in ways:
                left, worse = missing + left_out, risk + riskier
                if left > self._leave:
                    continue
                there = tuple([a + b for a, b in zip(state, adds, strict=True)])
                kept = after.get(there)
                if kept is None:
                    if self._is_open(there, worse):
                        after[there] = (left, worse, (trail, (k, *units)))
                elif (left, worse) < kept[:2]:
                    after[there] = (left, worse, (trail, (k, *units)))
        return after

    def _is_open(self, state: Row, risk: int) -> bool:
        """Whether what is given so far can still become better than the best."""
        least = risk
        for place, grams in zip(self._places, state, strict=False):
            least += place.tariff.least_cost(grams)
        return least < self._limit and least < NEVER

    def _cheapest(self, states: States, least: Sequence[Row]) -> Shares | None:
        count = len(self._places)
        best: tuple[int, int] | None = None
        found: Trail | None = None
        for state, (missing, risk, trail) in states.items():
            if self._minimum > 0 and min(state[count:]) < self._minimum:
                continue
            cost = self._fixed + risk
            for place, grams in zip(self._places, state, strict=False):
                cost += place.tariff.cost(grams)
            if cost >= NEVER or (missing == self._leave and cost >= self._below):
                continue
            if best is None or (missing, cost) < best:
                best, found = (missing, cost), trail
        if best is None:
            return None
        rows = dict(enumerate(least or [(0,) * count] * len(self._task.goal)))
        while found is not None:
            found, row = found
            rows[row[0]] = row[1:]
        shares = {
            place: units
            for at, place in enumerate(self._places)
            if any(units := tuple(rows[k][at] for k in range(len(rows))))
        }
        cost_of = self._task.cost_of(shares)
        return None if cost_of is None else Shares(best[0], cost_of, shares)


def _forced(row: Row, most: int) -> Row:
    """What each place has to send, because the others have no more."""
    others = sum(row) - most
    return tuple([max(0, each - others) for each in row])


def _ways_at_most(row: Row, given: Row) -> int:
    ways = 1
    for most, least in zip(row[1:], given[1:], strict=True):
        ways *= most - least + 1
    return ways


def _parted(row: Row, given: Row, total: int) -> list[Row]:
    """All ways to take `total` units; the first places take most first."""
    if len(row) == 1:
        return [(total,)] if given[0] <= total <= row[0] else []
    later, needed = sum(row[1:]), sum(given[1:])
    most, fewest = min(total - needed, row[0]), max(given[0], total - later)
    if len(row) == 2:
        return [(taken, total - taken) for taken in range(most, fewest - 1, -1)]
    return [
        (taken, *rest)
        for taken in range(most, fewest - 1, -1)
        for rest in _parted(row[1:], given[1:], total - taken)
    ]
