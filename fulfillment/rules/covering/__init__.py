"""The cheapest way to serve what is wanted from several places, and whether that is proven.

Pure: no database and no settings; the clock is read to keep the budget.
"""

from collections.abc import Mapping, Sequence
from time import monotonic

from fulfillment.rules.covering.searching import OutOfTime, Search
from fulfillment.rules.covering.shapes import Bracket, Cover, How, Site, Tariff
from fulfillment.rules.covering.sharing import Shares, TooMuch
from fulfillment.rules.covering.solving import Program
from fulfillment.rules.covering.tasks import Task, task_of

__all__ = ["Bracket", "Cover", "How", "Site", "Tariff", "cheapest_cover"]


def cheapest_cover(
    *,
    wanted: Mapping[int, int],
    grams: Mapping[int, int],
    worth: Mapping[int, int],
    sites: Sequence[Site],
    parts: int,
    is_whole: bool,
    part_worth: int,
    split: int,
    budget: float,
) -> Cover:
    """Return who sends what, by SKU id: the most units that can be served, at the least cost.

    `grams` and `worth` (points) are of one unit. At most `parts` sites send; each further one
    costs `split`, and when there are several each sends at least `part_worth`. `is_whole` serves
    everything or nothing. Of equal covers the one with fewer parts is taken. After `budget`
    seconds the best that was found is returned, and is not proven.
    """
    deadline = monotonic() + budget
    task = task_of(
        wanted=wanted,
        grams=grams,
        worth=worth,
        sites=sites,
        parts=parts,
        part_worth=part_worth,
        split=split,
    )
    lacks = task.units < sum(units for units in wanted.values() if units > 0)
    if not task.parts or (is_whole and lacks):
        return Cover({}, 0, True, "tried")
    search = Search(task, deadline)
    how = _find(task, search, is_whole, deadline)
    if search.best is None and how == "best_found" and not is_whole:
        search.anything()
    return _cover(task, search.best, how)


def _find(task: Task, search: Search, is_whole: bool, deadline: float) -> How:
    search.singles()
    try:
        if search.best is None:
            search.improve()
        search.reach()
        if search.best is None and not is_whole:
            search.most()
    except OutOfTime:
        return "best_found"
    except TooMuch:
        pass
    else:
        single = search.best and len(search.best.units) == 1 and not search.best.missing
        return "single" if single else "tried"
    try:
        return "solved" if _solve(task, search, is_whole, deadline) else "best_found"
    except (OutOfTime, TooMuch):
        return "best_found"


def _solve(task: Task, search: Search, is_whole: bool, deadline: float) -> bool:
    """Let the solver go on from the best so far; whether what is best now is proven."""
    program = Program(task, deadline)
    outcome = program.cheapest(sum(task.goal), search.reached)
    search.offer(outcome.found)
    if not outcome.is_proven or search.reached or is_whole:
        return outcome.is_proven
    search.alone()
    outcome = program.most()
    search.offer(outcome.found)
    if not outcome.is_proven or search.best is None:
        return outcome.is_proven
    outcome = program.cheapest(sum(task.goal) - search.best.missing, search.best)
    search.offer(outcome.found)
    return outcome.is_proven


def _cover(task: Task, best: Shares | None, how: How) -> Cover:
    is_proven = how != "best_found"
    if best is None:
        return Cover({}, 0, is_proven, how)
    parts = {
        place.site_id: {sku: taken for sku, taken in zip(task.skus, units, strict=True) if taken}
        for place, units in best.units.items()
    }
    return Cover(parts, best.cost, is_proven, how)
