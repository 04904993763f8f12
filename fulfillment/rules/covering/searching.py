"""Trying covers: smaller ones first, cheaper places first, and never one that cannot win."""

from collections.abc import Sequence
from time import monotonic

from fulfillment.rules.covering.freights import NEVER
from fulfillment.rules.covering.sharing import Shares, Sharing, TooMuch
from fulfillment.rules.covering.tasks import Place, Task, Units

EFFORT = 20_000
"""How many ways are tried before the integer program is asked: about a twentieth of a second."""
EFFORT_FOR_MOST = 4_000
"""The same where not everything can be served: bounds rule out less there."""


class OutOfTime(Exception):
    """The budget has ended."""


class Search:
    """The best shares found so far, and what looks for better ones."""

    def __init__(self, task: Task, deadline: float) -> None:
        self.task = task
        self.best: Shares | None = None
        self._deadline = deadline
        self._effort = EFFORT
        self._may_leave = 0
        # What is worth too little for a part of its own can only serve alone.
        worthy = [each for each in task.places if task.worth_of(each.free) >= task.part_worth]
        self._line(sorted(worthy, key=lambda each: (each.base, each.nth)))

    @property
    def reached(self) -> Shares | None:
        """The best, if it covers the whole goal."""
        return self.best if self.best and not self.best.missing else None

    def offer(self, found: Shares | None) -> None:
        """Keep what is found, if it is better."""
        if found and (self.best is None or found.rank < self.best.rank):
            self.best = found

    def singles(self) -> None:
        """Find the cheapest place that serves the whole goal alone."""
        goal, grams = self.task.goal, self.task.grams_of(self.task.goal)
        best, at = NEVER, None
        for place in self.task.places:
            if place.free == goal:
                cost = place.opening + place.tariff.cost(grams) + place.risk_of(goal)
                if cost < best:
                    best, at = cost, place
        if at is not None:
            self.offer(Shares(0, best, {at: goal}))

    def improve(self) -> None:
        """Find a good cover quickly: what adds most, then each place exchanged for a better one."""
        chosen = self._greedy()
        if len(chosen) < 2 or any(self._lacking(chosen)):
            return
        self._try(chosen)
        for place in chosen:
            rest = [each for each in chosen if each is not place]
            self._last(rest, self._lacking(rest), 0)

    def reach(self) -> None:
        """Find the cheapest cover of the whole goal, and prove it.

        Raises: TooMuch, OutOfTime.
        """
        grams, any_of = self.task.grams_of(self.task.goal), self.task.freights.cheapest
        bases = [each.base for each in self._places]
        openings = sorted(each.opening for each in self._places)
        for size in range(2, min(self.task.parts, len(self._places)) + 1):
            splits = self.task.split * (size - 1)
            if splits + sum(bases[:size]) >= self._limit:
                return
            floor = self.task.freights.floor((any_of,) * size, grams)
            if splits + sum(openings[:size]) + floor < self._limit:
                self._extend([], self.task.goal, 0, size, splits)

    def most(self) -> None:
        """Find the cover with the most units, and of those the cheapest, and prove it.

        Raises: TooMuch, OutOfTime.
        """
        self._effort = min(self._effort, EFFORT_FOR_MOST)
        self.alone()
        self._line(sorted(self._places, key=lambda each: (-sum(each.free), each.base, each.nth)))
        for size in range(2, min(self.task.parts, len(self._places)) + 1):
            self._widen([], self.task.goal, 0, size)

    def alone(self) -> None:
        """Find what one place alone serves most of: its part may be worth anything."""
        self._may_leave = self.task.units
        for place in self.task.places:
            self._try([place])

    @property
    def _limit(self) -> int:
        """The cost that is to be beaten."""
        return self.best.cost if self.best else NEVER

    def _line(self, places: Sequence[Place]) -> None:
        """Put the places into the order in which they are tried."""
        self._places = places
        self._having: dict[tuple[int, int], int] = {}
        most: list[Units] = [tuple(0 for _ in self.task.goal)]
        for place in reversed(places):
            most.append(tuple(map(max, most[-1], place.free)))
        self._most_from = most[::-1]
        cheapest = [NEVER]
        for place in reversed(places):
            cheapest.append(min(cheapest[-1], place.opening))
        self._opening_from = cheapest[::-1]

    def _extend(
        self, chosen: list[Place], lacking: Units, start: int, left: int, spent: int
    ) -> None:
        """Try all covers of the goal that add `left` places; `spent` is the least so far."""
        if left == 1:
            self._last(chosen, lacking, start)
            return
        for at in range(start, len(self._places) - left + 1):
            place = self._places[at]
            if spent + left * place.base >= self._limit:
                return
            most = self._most_from[at + 1]
            after = tuple([a - b if a > b else 0 for a, b in zip(lacking, place.free, strict=True)])
            if any(a > (left - 1) * b for a, b in zip(after, most, strict=True)):
                continue
            now = [*chosen, place]
            self._spend(1)
            opening = sum([each.opening for each in now]) + (left - 1) * self._opening_from[at + 1]
            if opening + self._freight(now, left - 1) < self._limit:
                self._extend(now, after, at + 1, left - 1, spent + place.base)

    def _freight(self, chosen: Sequence[Place], more: int) -> int:
        """The least freight, with what splitting costs, of these places and so many more."""
        freights, size = self.task.freights, len(chosen) + more
        numbers = sorted([each.tariff.number for each in chosen]) + [freights.cheapest] * more
        grams = self.task.grams_of(self.task.goal)
        return self.task.split * (size - 1) + freights.floor(tuple(numbers), grams)

    def _last(self, chosen: Sequence[Place], lacking: Units, start: int) -> None:
        """Try each place that has all that is still lacking."""
        able = (1 << len(self._places)) - 1 >> start << start
        for k, units in enumerate(lacking):
            if units:
                able &= self._that_have(k, units)
        splits = self.task.split * len(chosen)
        spent = splits + sum(each.base for each in chosen)
        opened = sum(each.opening for each in chosen)
        freights: dict[int, int] = {}
        while able:
            lowest = able & -able
            able ^= lowest
            place = self._places[lowest.bit_length() - 1]
            if spent + place.base >= self._limit:
                return
            self._spend(1)
            number = place.tariff.number
            if number not in freights:
                freights[number] = self._freight([*chosen, place], 0)
            if opened + place.opening + freights[number] < self._limit and place not in chosen:
                self._try([*chosen, place])

    def _widen(self, chosen: list[Place], lacking: Units, start: int, left: int) -> None:
        """Try all covers of as much as possible that add `left` places."""
        for at in range(start, len(self._places) - left + 1):
            place = self._places[at]
            missing = self.task.units if self.best is None else self.best.missing
            if sum(lacking) - left * sum(place.free) > missing:
                return
            after = tuple([a - b if a > b else 0 for a, b in zip(lacking, place.free, strict=True)])
            most = self._most_from[at + 1]
            short = [max(0, a - (left - 1) * b) for a, b in zip(after, most, strict=True)]
            self._spend(1)
            if sum(short) > missing:
                continue
            now = [*chosen, place]
            if left > 1:
                self._widen(now, after, at + 1, left - 1)
            elif sum(after) < missing or self._base(now) < self._limit:
                self._try(now)

    def _base(self, chosen: Sequence[Place]) -> int:
        return self.task.split * (len(chosen) - 1) + sum([each.base for each in chosen])

    def _try(self, chosen: Sequence[Place]) -> None:
        best = self.best
        sharing = Sharing(
            self.task,
            chosen,
            below=best.cost if best else None,
            leave=best.missing if best else self._may_leave,
            effort=self._effort,
        )
        self.offer(sharing.best())
        self._spend(sharing.spent)

    def _spend(self, effort: int) -> None:
        self._effort -= effort
        if monotonic() > self._deadline:
            raise OutOfTime
        if self._effort < 0:
            raise TooMuch

    def _lacking(self, chosen: Sequence[Place]) -> Units:
        return tuple(
            max(0, units - sum(each.free[k] for each in chosen))
            for k, units in enumerate(self.task.goal)
        )

    def _that_have(self, k: int, units: int) -> int:
        """Return the places that have so many units of a SKU, one bit each."""
        key = (k, units)
        if key not in self._having:
            marks = "".join(["1" if each.free[k] >= units else "0" for each in self._places])
            self._having[key] = int(marks[::-1], 2)
        return self._having[key]

    def _greedy(self) -> list[Place]:
        """Take what adds most, the cheaper of equals, until nothing is lacking."""
        chosen: list[Place] = []
        left, lacking = list(self._places), self.task.goal
        while left and any(lacking) and len(chosen) < self.task.parts:
            best = max(left, key=lambda each: sum(map(min, lacking, each.free)))
            if not sum(map(min, lacking, best.free)):
                break
            chosen.append(best)
            left.remove(best)
            lacking = self._lacking(chosen)
        return chosen
