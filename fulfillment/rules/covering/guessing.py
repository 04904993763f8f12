"""A good cover without proof, for tasks that are too large to solve in time."""

from collections.abc import Iterator, Sequence
from math import inf
from time import monotonic

from fulfillment.rules.covering.sharing import Shares
from fulfillment.rules.covering.tasks import Place, Task, Units


class Guess:
    """Places in the order in which they take what is lacking; better orders replace it."""

    def __init__(self, task: Task, deadline: float) -> None:
        self.best: Shares | None = None
        self._task = task
        self._deadline = deadline
        self._order: tuple[Place, ...] = ()

    def run(self) -> Shares | None:
        """Begin with what serves most for its cost; leave out, exchange, until nothing is better
        or the time is over. None when no place can send anything."""
        for place in self._task.places:
            self._offer((place,))
        self._offer(self._greedy())
        while any(self._offer(order) for order in self._others(self._order)):
            pass
        return self.best

    def _greedy(self) -> tuple[Place, ...]:
        order: list[Place] = []
        left, lacking = list(self._task.places), self._task.goal
        while left and any(lacking) and len(order) < self._task.parts:
            dear, _, best = min((self._price(place, lacking), place.nth, place) for place in left)
            if dear == inf:
                break
            left.remove(best)
            order.append(best)
            taken = self._take(best, lacking)
            lacking = tuple(a - b for a, b in zip(lacking, taken, strict=True))
        return tuple(order)

    def _price(self, place: Place, lacking: Units) -> float:
        """What a unit costs that this place would send now."""
        units = self._take(place, lacking)
        if not any(units) or self._task.worth_of(units) < self._task.part_worth:
            return inf
        freight = place.tariff.cost(self._task.grams_of(units))
        return (self._task.split + place.opening + freight + place.risk_of(units)) / sum(units)

    def _others(self, order: tuple[Place, ...]) -> Iterator[tuple[Place, ...]]:
        """All orders that differ from this one in one place, while there is time."""
        unused = [each for each in self._task.places if each not in order]
        for at in range(len(order)):
            if monotonic() > self._deadline:
                return
            rest = order[:at] + order[at + 1 :]
            yield rest
            yield (order[at], *rest)
            for place in unused:
                yield (*order[:at], place, *order[at + 1 :])

    def _offer(self, order: Sequence[Place]) -> bool:
        found = self._filled(order)
        if found is None or (self.best is not None and found.rank >= self.best.rank):
            return False
        self.best, self._order = found, tuple(found.units)
        return True

    def _filled(self, order: Sequence[Place]) -> Shares | None:
        """Let each place in turn take what is still lacking."""
        lacking = self._task.goal
        shares: dict[Place, Units] = {}
        for place in order:
            units = self._take(place, lacking)
            if any(units):
                shares[place] = units
                lacking = tuple([a - b for a, b in zip(lacking, units, strict=True)])
        cost = self._task.cost_of(shares) if shares else None
        return None if cost is None else Shares(sum(lacking), cost, shares)

    def _take(self, place: Place, lacking: Units) -> Units:
        units = tuple(map(min, place.free, lacking))
        if place.carries_all:
            return units
        left, light = place.tariff.carries, []
        for count, weight in zip(units, self._task.grams, strict=True):
            light.append(min(count, left // weight) if weight else count)
            left -= light[-1] * weight
        return tuple(light)
