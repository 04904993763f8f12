"""Trying covers: smaller ones first, cheaper places first, and never one that cannot win."""

from collections.abc import Callable, Sequence
from time import monotonic

from fulfillment.rules.covering.sharing import Shares, TooMuch, share
from fulfillment.rules.covering.tasks import Place, Task, Units

EFFORT = 200_000
LOOK_AT_THE_CLOCK = 64


class OutOfTime(Exception):
    """The budget has ended."""


class Search:
    """The best shares found so far, and what looks for better ones."""

    def __init__(self, task: Task, deadline: float, effort: int = EFFORT) -> None:
        self.task = task
        self.best: Shares | None = None
        self._deadline = deadline
        self._effort = effort
        self._looks = 0
        self._places = sorted(task.places, key=lambda each: (each.base, each.nth))
        self._having: dict[tuple[int, int], int] = {}
        self._most_after = self._suffix_most()

    def singles(self) -> None:
        """Find the cheapest place that serves the whole goal alone."""
        goal, grams = self.task.goal, self.task.grams_of(self.task.goal)
        if self.task.parts < 1:
            return
        for place in self.task.places:
            if place.free != goal and any(a < b for a, b in zip(place.free, goal, strict=True)):
                continue
            freight = place.freight(grams)
            if freight is not None:
                cost = place.opening + freight + place.risk_of(goal)
                if self.best is None or cost < self.best.cost:
                    self.best = Shares(0, cost, {place.nth: goal})

    def improve(self) -> None:
        """Find a good cover quickly: what adds most, then each place exchanged for a better one."""
        chosen = self._greedy()
        if len(chosen) < 2 or len(chosen) > self.task.parts:
            return
        self._try(chosen)
        for place in tuple(chosen):
            rest = [each for each in chosen if each is not place]
            fixed = self.task.split * len(rest) + sum(each.base for each in rest)
            self._last(rest, self._lacking(rest), 0, fixed)

    def reach(self) -> None:
        """Find the cheapest cover of the whole goal, and prove it.

        Raises: TooMuch, OutOfTime.
        """
        self._sized(lambda size: self._extend([], self.task.goal, 0, size, self._splits(size)))

    def most(self) -> None:
        """Find the cover with the most units, and of those the cheapest, and prove it.

        Raises: TooMuch, OutOfTime.
        """
        self._places.sort(key=lambda each: (-sum(each.free), each.base, each.nth))
        for size in range(1, self.task.parts + 1):
            self._widen([], 0, size)

    def _splits(self, size: int) -> int:
        return self.task.split * (size - 1)

    def _sized(self, run: Callable[[int], None]) -> None:
        bases = [each.base for each in self._places]
        for size in range(2, self.task.parts + 1):
            if self.best and self._splits(size) + sum(bases[:size]) >= self.best.cost:
                return
            run(size)

    def _extend(
        self, chosen: list[Place], lacking: Units, start: int, left: int, spent: int
    ) -> None:
        if left == 1:
            self._last(chosen, lacking, start, spent)
            return
        for at in range(start, len(self._places) - left + 1):
            place = self._places[at]
            if self.best and spent + left * place.base >= self.best.cost:
                return
            after = tuple(max(0, a - b) for a, b in zip(lacking, place.free, strict=True))
            most = self._most_after[at + 1]
            if any(a > (left - 1) * b for a, b in zip(after, most, strict=True)):
                continue
            self._spend(1)
            self._extend([*chosen, place], after, at + 1, left - 1, spent + place.base)

    def _last(self, chosen: Sequence[Place], lacking: Units, start: int, spent: int) -> None:
        """Try each place that has all that is still lacking."""
        able = (1 << len(self._places)) - 1 >> start << start
        for k, units in enumerate(lacking):
            if units:
                able &= self._that_have(k, units)
        taken = set(chosen)
        while able:
            lowest = able & -able
            able ^= lowest
            place = self._places[lowest.bit_length() - 1]
            if self.best and spent + place.base >= self.best.cost:
                return
            if place not in taken:
                self._try([*chosen, place])

    def _widen(self, chosen: list[Place], start: int, left: int) -> None:
        for at in range(start, len(self._places) - left + 1):
            place = self._places[at]
            now = [*chosen, place]
            lacking = self._lacking(now)
            reached = sum(self.task.goal) - sum(lacking)
            missing = sum(self.task.goal) if self.best is None else self.best.missing
            so_far = sum(self.task.goal) - sum(self._lacking(chosen))
            if sum(self.task.goal) - so_far - left * sum(place.free) > missing:
                return
            if sum(self.task.goal) - reached - (left - 1) * sum(place.free) > missing:
                continue
            self._spend(1)
            if left > 1:
                self._widen(now, at + 1, left - 1)
            else:
                self._try(now, leave=missing)

    def _try(self, chosen: Sequence[Place], leave: int = 0) -> None:
        below = self.best.cost if self.best else None
        found, spent = share(self.task, chosen, below=below, leave=leave, effort=self._effort)
        self._spend(spent)
        if found and (
            self.best is None or (found.missing, found.cost) < (self.best.missing, self.best.cost)
        ):
            self.best = found

    def _spend(self, effort: int) -> None:
        self._effort -= effort
        self._looks += 1
        if self._looks % LOOK_AT_THE_CLOCK == 0 and monotonic() > self._deadline:
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
            self._having[key] = sum(
                1 << at for at, each in enumerate(self._places) if each.free[k] >= units
            )
        return self._having[key]

    def _suffix_most(self) -> list[Units]:
        most: list[Units] = [tuple(0 for _ in self.task.goal)]
        for place in reversed(self._places):
            most.append(tuple(max(a, b) for a, b in zip(most[-1], place.free, strict=True)))
        return most[::-1]

    def _greedy(self) -> list[Place]:
        chosen: list[Place] = []
        lacking = self.task.goal
        while any(lacking) and len(chosen) < self.task.parts:
            best = max(
                (each for each in self._places if each not in chosen),
                key=lambda each: sum(map(min, lacking, each.free)),
                default=None,
            )
            if best is None or not sum(map(min, lacking, best.free)):
                break
            chosen.append(best)
            lacking = self._lacking(chosen)
        return chosen
