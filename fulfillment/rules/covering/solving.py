"""The same as an integer program, for more covers than can be tried."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from math import inf
from time import monotonic
from typing import Any, NamedTuple

from fulfillment.rules.covering.sharing import Shares
from fulfillment.rules.covering.tasks import Place, Task, Units

SHORTEST = 0.15
"""Seconds below which the solver is not even asked: it takes as long to load."""


OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,
    "mip_feasibility_tolerance": 1e-7,
}
"""One thread, silent, and to the end: objectives are whole numbers."""


class Outcome(NamedTuple):
    """What the solver found, and whether nothing is better; proven and None: there is nothing."""

    found: Shares | None
    is_proven: bool


@cache
def _highs() -> Any:
    """Return the solver's module, loaded at first need: few processes ever meet such a task."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return import_module("highspy")


@dataclass
class _Program:
    """Columns and rows, as the solver wants them."""

    costs: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    is_whole: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def column(self, cost: float, upper: float, *, is_whole: bool = True) -> int:
        self.costs.append(cost)
        self.uppers.append(upper)
        self.is_whole.append(is_whole)
        return len(self.costs) - 1

    def row(self, lower: float, upper: float, *terms: tuple[int, float]) -> None:
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        for column, value in terms:
            self.index.append(column)
            self.value.append(value)
        self.starts.append(len(self.index))


class Program:
    """A task for the solver."""

    def __init__(self, task: Task, deadline: float) -> None:
        self._task = task
        self._deadline = deadline
        self._plain = _Program()
        self._units: list[list[int | None]] = []
        self._steps: list[list[int]] = []
        self._build()

    def cheapest(self, units: int) -> Outcome:
        """Find the cheapest cover of at least so many units, of equal ones one of fewest parts."""
        return self._run(units, self._plain.costs)

    def most(self) -> Outcome:
        """Find a cover with the most units."""
        costs = [0.0] * len(self._plain.costs)
        for columns in self._units:
            for column in columns:
                if column is not None:
                    costs[column] = -1.0
        return self._run(0, costs)

    def _build(self) -> None:
        task, plain = self._task, self._plain
        for place in task.places:
            units = [
                plain.column(0, free) if free and task.goal[k] else None
                for k, free in enumerate(place.free)
            ]
            self._units.append(units)
            self._steps.append(self._place(place, units))
        used = [(column, 1.0) for steps in self._steps for column in steps]
        plain.row(0, task.parts, *used)

    def _place(self, place: Place, units: Sequence[int | None]) -> list[int]:
        task, plain = self._task, self._plain
        most_g = place.heaviest
        reached = 1 + sum(up < most_g for up in place.tariff.ups[:-1])
        steps = [
            plain.column((place.opening + cost + task.split) * (task.parts + 1) + 1, 1)
            for cost in place.tariff.costs[:reached]
        ]
        plain.row(0, 1, *((step, 1.0) for step in steps))
        held = [(k, column) for k, column in enumerate(units) if column is not None]
        weights = [(column, float(task.grams[k])) for k, column in held if task.grams[k]]
        if weights:
            ups = [float(min(up, most_g)) for up in place.tariff.ups[:reached]]
            plain.row(-inf, 0, *weights, *((s, -up) for s, up in zip(steps, ups, strict=True)))
            if list(place.tariff.costs[:reached]) != sorted(place.tariff.costs[:reached]):
                downs = [0.0, *(up + 1.0 for up in place.tariff.ups[: reached - 1])]
                plain.row(
                    0, inf, *weights, *((s, -low) for s, low in zip(steps, downs, strict=True))
                )
        for k, column in held:
            plain.row(-inf, 0, (column, 1.0), *((step, -float(place.free[k])) for step in steps))
            if place.risk and place.safe[k] < place.free[k]:
                over = plain.column(place.risk * (task.parts + 1), inf, is_whole=False)
                plain.row(-inf, place.safe[k], (column, 1.0), (over, -1.0))
        if task.part_worth > 0:
            worths = [(column, float(task.worth[k])) for k, column in held if task.worth[k]]
            plain.row(0, inf, *worths, *((step, -float(task.part_worth)) for step in steps))
        return steps

    def _run(self, units: int, costs: Sequence[float]) -> Outcome:
        highs = _highs()
        solver = highs._Highs()
        for name, value in OPTIONS.items():
            solver.setOptionValue(name, value)
        solver.passModel(self._model(highs, units, costs))
        left = self._deadline - monotonic()
        if left <= 0:
            return Outcome(None, False)
        solver.setOptionValue("time_limit", left)
        solver.run()
        status, states = solver.getModelStatus(), highs.HighsModelStatus
        if status == states.kInfeasible:
            return Outcome(None, True)
        info = solver.getInfo()
        if info.primal_solution_status != highs.SolutionStatus.kSolutionStatusFeasible:
            return Outcome(None, False)
        found = self._read(solver.getSolution().col_value)
        if found is None or status != states.kOptimal:
            return Outcome(found, False)
        said = info.objective_function_value
        is_said = costs is not self._plain.costs or abs(said - self._objective(found)) < 0.5
        return Outcome(found, is_said)

    def _objective(self, found: Shares) -> int:
        """What the program's objective has to be for a cover that costs what this one does."""
        splits = self._task.split if found.units else 0
        return (found.cost + splits) * (self._task.parts + 1) + len(found.units)

    def _model(self, highs: Any, units: int, costs: Sequence[float]) -> Any:
        plain, goal = self._plain, self._task.goal
        rows = _Program(starts=plain.starts[:], index=plain.index[:], value=plain.value[:])
        rows.row_lower, rows.row_upper = plain.row_lower[:], plain.row_upper[:]
        served: list[tuple[int, float]] = []
        for k, most in enumerate(goal):
            had = [(row[k], 1.0) for row in self._units]
            terms = [(column, one) for column, one in had if column is not None]
            rows.row(most if units == sum(goal) else 0, most, *terms)
            served += terms
        if 0 < units < sum(goal):
            rows.row(units, inf, *served)
        model = highs.HighsLp()
        model.num_col_, model.num_row_ = len(costs), len(rows.row_lower)
        model.col_cost_ = list(costs)
        model.col_lower_ = [0.0] * len(costs)
        model.col_upper_ = plain.uppers
        model.row_lower_, model.row_upper_ = rows.row_lower, rows.row_upper
        model.a_matrix_.format_ = highs.MatrixFormat.kRowwise
        model.a_matrix_.start_ = rows.starts
        model.a_matrix_.index_ = rows.index
        model.a_matrix_.value_ = rows.value
        whole, broken = highs.HighsVarType.kInteger, highs.HighsVarType.kContinuous
        model.integrality_ = [whole if each else broken for each in plain.is_whole]
        return model

    def _read(self, values: Sequence[float]) -> Shares | None:
        """Return what the columns say, priced by us; None when it does not keep the rules."""
        shares: dict[Place, Units] = {}
        for place, columns in zip(self._task.places, self._units, strict=True):
            units = tuple(0 if column is None else round(values[column]) for column in columns)
            if any(units):
                shares[place] = units
        cost = self._task.cost_of(shares)
        served = sum(sum(units) for units in shares.values())
        missing = sum(self._task.goal) - served
        return None if cost is None else Shares(missing, cost, shares)
