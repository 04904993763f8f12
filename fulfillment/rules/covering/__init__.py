"""The cheapest way to serve what is wanted from several places, and whether that is proven.

Pure: no database and no settings; the clock is read to keep the budget.
"""

from collections.abc import Mapping, Sequence
from time import monotonic

from fulfillment.rules.covering.searching import OutOfTime, Search
from fulfillment.rules.covering.shapes import Bracket, Cover, How, Site, Tariff
from fulfillment.rules.covering.sharing import Shares, TooMuch
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
    lacks = sum(task.goal) < sum(units for units in wanted.values() if units > 0)
    if not task.parts or (is_whole and lacks):
        return Cover({}, 0, True, "tried")
    search = Search(task, deadline)
    search.singles()
    how: How = "single"
    try:
        if search.best is None:
            search.improve()
        search.reach()
        if search.best is None and not is_whole:
            search.most()
        if search.best is None or len(search.best.units) > 1 or search.best.missing:
            how = "tried"
    except (TooMuch, OutOfTime):
        how = "best_found"
    return _cover(task, search.best, how)


def _cover(task: Task, best: Shares | None, how: How) -> Cover:
    is_proven = how != "best_found"
    if best is None:
        return Cover({}, 0, is_proven, how)
    parts = {
        task.places[nth].site_id: {
            sku: taken for sku, taken in zip(task.skus, units, strict=True) if taken
        }
        for nth, units in best.units.items()
    }
    return Cover(parts, best.cost, is_proven, how)
