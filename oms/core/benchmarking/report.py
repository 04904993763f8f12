"""What a benchmark found, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One case. What does not apply is None.

    `ratio_to_limit` is the rate over the yardstick's in the same minutes; `ratio` compares with
    another case, which the benchmark names; `queries` are statements of one request, beginning
    and committing left out; `cpu_ms` is the web processes' own, per request.
    """

    benchmark: str
    case: str
    ratio_to_limit: float | None = None
    ratio: float | None = None
    per_second: float | None = None
    limit_per_second: float | None = None
    queries: int | None = None
    cpu_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None

    @property
    def known(self) -> dict[str, str | int | float]:
        """What applies, each value with as many digits as mean something."""
        return {
            name: round(value, DIGITS[name]) if isinstance(value, float) else value
            for name, value in asdict(self).items()
            if value is not None
        }


DIGITS = {
    "ratio_to_limit": 4,
    "ratio": 3,
    "per_second": 1,
    "limit_per_second": 1,
    "cpu_ms": 2,
    "p50_ms": 2,
    "p95_ms": 2,
}


def as_line(figure: Figure) -> str:
    """A figure as one JSON object on one line."""
    return json.dumps(figure.known)


def as_table(figures: Sequence[Figure]) -> str:
    """Figures as a table; columns that no figure fills are left out."""
    rows = [figure.known for figure in figures]
    names = [name for name in Figure.__dataclass_fields__ if any(name in row for row in rows)]
    table = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(names))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )
