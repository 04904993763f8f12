"""The cheapest way to serve what is wanted from several places, and whether that is proven.

Pure: no database and no settings; the clock is read to keep the budget.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic

from fulfillment.rules.covering.guessing import Guess
from fulfillment.rules.covering.searching import OutOfTime, Search
from fulfillment.rules.covering.shapes import Bracket, Cover, How, Site, Tariff
from fulfillment.rules.covering.sharing import Shares, TooMuch
from fulfillment.rules.covering.solving import SHORTEST, Outcome, Program
from fulfillment.rules.covering.tasks import Task, task_of

__all__ = ["Bracket", "Cover", "How", "Site", "Tariff", "cheapest_cover"]

GUESSING = 0.3
"""The part of the time that may go into a good guess, before the solver begins."""


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
    return _cover(task, search.best, how)


def _find(task: Task, search: Search, is_whole: bool, deadline: float) -> How:
    search.singles()
    try:
        if search.best is None:
            search.improve()
        search.reach()
        if search.best is None and not is_whole:
            search.most()
    except (TooMuch, OutOfTime):
        guessed = Guess(task, monotonic() + (deadline - monotonic()) * GUESSING).run()
        if guessed and not (is_whole and guessed.missing):
            search.offer(guessed)
        return "solved" if _solve(task, search, is_whole, deadline) else "best_found"
    single = search.best and len(search.best.units) == 1 and not search.best.missing
    return "single" if single else "tried"


def _solve(task: Task, search: Search, is_whole: bool, deadline: float) -> bool:
    """Let the solver go on from the best so far; whether what is best now is proven."""
    if deadline - monotonic() < SHORTEST:
        return False
    program = Program(task, deadline)
    outcome = program.cheapest(task.units)
    search.offer(outcome.found)
    if not outcome.is_proven or search.reached or is_whole:
        return outcome.is_proven
    programs = [program]
    if task.part_worth > 0:
        programs.append(Program(replace(task, parts=1, part_worth=0), deadline))
    for ask in (Program.most, partial(_cheapest_of_most, search=search)):
        for each in programs:
            outcome = ask(each)
            search.offer(outcome.found)
            if not outcome.is_proven:
                return False
    return True


def _cheapest_of_most(program: Program, *, search: Search) -> Outcome:
    return program.cheapest(search.task.units - (search.best.missing if search.best else 0))


def _cover(task: Task, best: Shares | None, how: How) -> Cover:
    is_proven = how != "best_found"
    if best is None:
        return Cover({}, 0, is_proven, how)
    parts = {
        place.site_id: {sku: taken for sku, taken in zip(task.skus, units, strict=True) if taken}
        for place, units in best.units.items()
    }
    return Cover(parts, best.cost, is_proven, how)
