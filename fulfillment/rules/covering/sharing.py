"""Who sends which units, when it is known which places send."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fulfillment.rules.covering.tasks import Place, Task, Units


class Shares(NamedTuple):
    """Units by place (its position in the task), how many are left out, and the exact cost."""

    missing: int
    cost: int
    units: dict[int, Units]


class TooMuch(Exception):
    """There are more ways to share than are worth trying."""


Trail = tuple["Trail | None", tuple[int, ...]]
States = dict[tuple[int, ...], tuple[int, int, Trail | None]]


def share(
    task: Task,
    chosen: Sequence[Place],
    *,
    below: int | None = None,
    leave: int = 0,
    effort: int = 1_000_000,
) -> tuple[Shares | None, int]:
    """Return the cheapest way that these places send the most units, and what it took to find.

    `below` is a cost to beat; `leave` how many units of the goal may be left out at most: none
    of what they have, unless nobody carries it. None when there is no such way. Each step of
    the table is what the places send so far, in grams (and in worth, where parts have a minimum);
    of equal ones only the least left out, then the least risk, is kept.
    """
    places = sorted(chosen, key=lambda each: each.nth)
    count = len(places)
    minimum = task.part_worth if count > 1 else 0
    fixed = task.split * (count - 1) + sum(each.opening for each in places)
    limit = None if below is None else below - fixed
    states: States = {(0,) * (2 * count if minimum > 0 else count): (0, 0, None)}
    spent = 0
    for k, wanted in enumerate(task.goal):
        ways = list(_ways(places, k, wanted, leave, task))
        spent += len(ways) * len(states)
        if spent > effort:
            raise TooMuch
        states = _step(states, ways, places, limit, leave)
        if not states:
            return None, spent
    best: Shares | None = None
    found: Trail | None = None
    for state, (missing, risk, trail) in states.items():
        if minimum > 0 and min(state[count:]) < minimum:
            continue
        freights = [
            place.freight(grams) for place, grams in zip(places, state[:count], strict=True)
        ]
        cost = fixed + risk + sum(each for each in freights if each is not None)
        if (below is None or missing < leave or cost < below) and (
            best is None or (missing, cost) < (best.missing, best.cost)
        ):
            best, found = Shares(missing, cost, {}), trail
    return (None if best is None else _told(task, places, best.missing, found)), spent


class _Way(NamedTuple):
    units: tuple[int, ...]
    adds: tuple[int, ...]
    missing: int
    risk: int


def _ways(places: Sequence[Place], k: int, wanted: int, leave: int, task: Task) -> Iterator[_Way]:
    """How these places can share the units of one SKU: the first in the given order take most."""
    had = sum(place.free[k] for place in places)
    most = min(wanted, had)
    short = wanted - most
    fewest = most if leave >= short else most + 1
    if leave > short and not _carry_all(places, task):
        fewest = max(0, most - (leave - short))
    weight, worth = task.grams[k], task.worth[k]
    double = len(places) > 1 and task.part_worth > 0
    for total in range(most, fewest - 1, -1):
        for units in _parted(places, k, total, 0):
            grams = tuple(each * weight for each in units)
            adds = grams + tuple(each * worth for each in units) if double else grams
            risk = sum(
                max(0, taken - place.safe[k]) * place.risk
                for taken, place in zip(units, places, strict=True)
                if place.risk
            )
            yield _Way(units, adds, wanted - total, risk)


def _carry_all(places: Sequence[Place], task: Task) -> bool:
    return all(task.grams_of(place.free) <= place.carries for place in places)


def _parted(places: Sequence[Place], k: int, total: int, at: int) -> Iterator[tuple[int, ...]]:
    if at == len(places) - 1:
        if total <= places[at].free[k]:
            yield (total,)
        return
    later = sum(place.free[k] for place in places[at + 1 :])
    for taken in range(min(total, places[at].free[k]), max(0, total - later) - 1, -1):
        for rest in _parted(places, k, total - taken, at + 1):
            yield (taken, *rest)


def _step(
    states: States, ways: Sequence[_Way], places: Sequence[Place], limit: int | None, leave: int
) -> States:
    after: States = {}
    for state, (missing, risk, trail) in states.items():
        for way in ways:
            left = missing + way.missing
            if left > leave:
                continue
            there = tuple(a + b for a, b in zip(state, way.adds, strict=True))
            worse = risk + way.risk
            kept = after.get(there)
            if kept is not None and kept[:2] <= (left, worse):
                continue
            if kept is None:
                least = [place.least_freight(grams) for place, grams in zip(places, there)]  # noqa: B905
                if None in least:
                    continue
                if limit is not None and leave == 0 and worse + sum(least) >= limit:  # type: ignore[arg-type]
                    continue
            after[there] = (left, worse, (trail, way.units))
    return after


def _told(task: Task, places: Sequence[Place], missing: int, trail: Trail | None) -> Shares | None:
    rows: list[tuple[int, ...]] = []
    while trail is not None:
        trail, units = trail
        rows.append(units)
    rows.reverse()
    shares = {
        place.nth: tuple(row[at] for row in rows)
        for at, place in enumerate(places)
        if any(row[at] for row in rows)
    }
    cost = task.cost_of(shares)
    return None if cost is None else Shares(missing, cost, shares)
