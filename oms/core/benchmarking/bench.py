"""What a benchmark works with: databases, servers, the yardstick, and turns between them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.core.benchmarking import databases
from oms.core.benchmarking.report import Figure
from oms.core.benchmarking.server import Measured
from oms.core.benchmarking.yardstick import Yardstick

FRAMES = ("BEGIN", "COMMIT")


@dataclass(frozen=True)
class Benchmark:
    """Cases that are measured together. `lengthy` ones take minutes and run only when named."""

    cases: tuple[str, ...]
    measure: Callable[[Bench, Sequence[str]], Iterator[Figure]]
    lengthy: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turns:
    """Medians over the rounds of one case; the ratio is the median of the rounds' ratios."""

    ratio_to_limit: float
    limit_per_second: float
    per_second: float
    cpu_ms: float | None
    p50_ms: float
    p95_ms: float
    answers: int
    rates: tuple[float, ...]

    def figure(
        self, benchmark: str, case: str, *, queries: int | None = None, ratio: float | None = None
    ) -> Figure:
        return Figure(
            benchmark=benchmark,
            case=case,
            ratio_to_limit=self.ratio_to_limit,
            ratio=ratio,
            per_second=self.per_second,
            limit_per_second=self.limit_per_second,
            queries=queries,
            cpu_ms=self.cpu_ms,
            p50_ms=self.p50_ms,
            p95_ms=self.p95_ms,
        )


class Bench:
    """One run of the command: how long to measure, against what, and where to say it."""

    def __init__(
        self, yardstick: Yardstick, rounds: int, seconds: float, say: Callable[[str], None]
    ) -> None:
        self.yardstick = yardstick
        self.rounds = rounds
        self.seconds = seconds
        self.say = say

    @contextmanager
    def database(self) -> Iterator[None]:
        """A fresh database with our schema, which this process speaks to inside the block."""
        with databases.throw_away("bench_mark") as name, databases.using(name):
            databases.migrate()
            yield

    def in_turns(self, cases: Mapping[str, Callable[[], Measured]]) -> dict[str, Turns]:
        """Run every case as often as there are rounds, the yardstick before each."""
        limits: dict[str, list[float]] = {case: [] for case in cases}
        found: dict[str, list[Measured]] = {case: [] for case in cases}
        for number in range(1, self.rounds + 1):
            for case, work in cases.items():
                limits[case].append(self.yardstick.per_second(self.seconds))
                found[case].append(work())
                limit, rate = limits[case][-1], found[case][-1].per_second
                self.say(
                    f"round {number}, {case}: {rate:.0f}/s of {limit:.0f}/s ({rate / limit:.4f}), "
                    f"load generator {found[case][-1].generator_share:.0%} of a core"
                )
        return {case: _medians(limits[case], found[case]) for case in cases}


def _medians(limits: Sequence[float], found: Sequence[Measured]) -> Turns:
    for each in found:
        if each.refusals:
            raise CommandError(
                f"{each.refusals} of {each.answers} requests were refused: {each.first_refusal}"
            )
    rates = tuple(each.per_second for each in found)
    cpu = [each.cpu_ms for each in found if each.cpu_ms is not None]
    return Turns(
        ratio_to_limit=statistics.median(
            rate / limit for rate, limit in zip(rates, limits, strict=True)
        ),
        limit_per_second=statistics.median(limits),
        per_second=statistics.median(rates),
        cpu_ms=statistics.median(cpu) if cpu else None,
        p50_ms=statistics.median(each.p50_ms for each in found),
        p95_ms=statistics.median(each.p95_ms for each in found),
        answers=sum(each.answers for each in found),
        rates=rates,
    )


def count_queries(work: Callable[[], object]) -> list[str]:
    """Return the statements that `work` sends, beginning and committing left out."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return [each["sql"] for each in captured.captured_queries if each["sql"] not in FRAMES]
