"""Measure: what the house does beside what the machine could do, as ratios."""

import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from oms.core.benchmarking import databases, report
from oms.core.benchmarking.bench import Bench, Benchmark
from oms.core.benchmarking.yardstick import yardstick


class Command(BaseCommand):
    help = (
        "Measure in databases of its own on the same server, beside the same work as bare SQL, "
        "and report ratios. Without NAME every benchmark runs, without --case its usual cases."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", metavar="NAME", help=", ".join(settings.BENCHMARKS))
        parser.add_argument("--case", action="append", dest="cases", help="may be repeated")
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON lines")
        parser.add_argument("--rounds", type=int, default=3, help="3 unless said")
        parser.add_argument(
            "--seconds", type=float, default=4.0, help="of each turn; 4 unless said"
        )

    def handle(
        self,
        *args: Any,
        name: str | None,
        cases: list[str] | None,
        as_json: bool,
        rounds: int,
        seconds: float,
        **options: Any,
    ) -> None:
        wanted = _wanted(name, cases)
        signal.signal(signal.SIGTERM, _leave)
        self._say(_setting(rounds, seconds))
        figures = []
        with yardstick() as limit:
            for figure in _measured(wanted, Bench(limit, rounds, seconds, self._say)):
                figures.append(figure)
                if as_json:
                    self.stdout.write(report.as_line(figure))
                    self.stdout.flush()
        if not as_json:
            self.stdout.write(report.as_table(figures))

    def _say(self, sentence: str) -> None:
        """Beside the figures, so that they alone can be piped."""
        self.stderr.write(sentence)
        self.stderr.flush()


def _leave(signum: int, frame: FrameType | None) -> None:
    """Asked to stop: leave by way of every `finally`, so that no server or database stays."""
    sys.exit(1)


Wanted = dict[str, tuple[Benchmark, Sequence[str]]]


def _wanted(name: str | None, cases: list[str] | None) -> Wanted:
    names = list(settings.BENCHMARKS) if name is None else [name]
    if unknown := [each for each in names if each not in settings.BENCHMARKS]:
        known = ", ".join(settings.BENCHMARKS)
        raise CommandError(f"There is no benchmark {unknown[0]!r}. There are: {known}.")
    found = {each: import_string(settings.BENCHMARKS[each]) for each in names}
    known_cases = [case for benchmark in found.values() for case in benchmark.cases]
    if unknown := [case for case in cases or () if case not in known_cases]:
        raise CommandError(f"There is no case {unknown[0]!r}. There are: {', '.join(known_cases)}.")
    return {
        each: (benchmark, chosen)
        for each, benchmark in found.items()
        if (chosen := _chosen(benchmark, cases, is_named=name is not None))
    }


def _chosen(benchmark: Benchmark, cases: list[str] | None, *, is_named: bool) -> list[str]:
    if cases is None:
        usual = [case for case in benchmark.cases if case not in benchmark.lengthy]
        return usual or (list(benchmark.cases) if is_named else [])
    return [case for case in benchmark.cases if case in cases]


def _measured(wanted: Wanted, bench: Bench) -> Iterator[report.Figure]:
    for name, (benchmark, cases) in wanted.items():
        bench.say(f"{name}: {', '.join(cases)}")
        yield from benchmark.measure(bench, cases)


def _setting(rounds: int, seconds: float) -> str:
    """What is measured, and on what; a server that may lose commits is no yardstick."""
    safe = databases.setting("fsync") == databases.setting("synchronous_commit") == "on"
    warning = "" if safe else " This server may lose commits: compare these figures with nothing."
    return (
        f"PostgreSQL {databases.setting('server_version')}, "
        f"shared_buffers {databases.setting('shared_buffers')}, "
        f"fsync {databases.setting('fsync')}, "
        f"synchronous_commit {databases.setting('synchronous_commit')}; "
        f"{rounds} rounds of {seconds:g} s yardstick and {seconds:g} s of each case, medians."
        f"{warning}"
    )
