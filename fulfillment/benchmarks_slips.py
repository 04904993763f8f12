"""Packing slips by the hundred, as the warehouse asks for them: one run, one job, a PDF a part.

`batch`: 500 one-page slips of ten lines each, from asking for them to the last part in the store.
`cpu_ms` is the processor time of this process and of the child that draws, per slip.
"""

import resource
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter

from django.core.management import CommandError
from django.test.utils import override_settings
from django.utils import timezone

from fulfillment import services
from fulfillment.models import FulfillmentOrder, PrintPart, PrintRun
from fulfillment.states import PaperKind, PrintState
from oms.core import jobs
from oms.core.actors import SYSTEM
from oms.core.benchmarking.bench import Bench, Benchmark
from oms.core.benchmarking.report import Figure
from orders.benchmarks import ADDRESSES, Shop

SLIPS_AT_ONCE = 500
LINES = 10
SPARE = 20
"""Orders of postal codes that may be nearer to another location."""


def _measure(bench: Bench, cases: Sequence[str]) -> Iterator[Figure]:
    memory = _MemoryOfChildren()
    with (
        bench.database(),
        tempfile.TemporaryDirectory() as store,
        override_settings(MEDIA_ROOT=store),
    ):
        numbers = _orders()
        memory.start()
        before, began = _cpu(), perf_counter()
        run = services.request_paper(
            kind=PaperKind.SLIPS,
            location="AMS",
            numbers=numbers,
            by=SYSTEM,
            at=timezone.now(),
        )
        while PrintRun.objects.get(pk=run.pk).state == PrintState.DRAWING:
            jobs.drain("paper")
        seconds = perf_counter() - began
        here, child = (
            (now - then) * 1000 / len(numbers) for now, then in zip(_cpu(), before, strict=True)
        )
        memory.over.set()
        _check(len(numbers))
    bench.say(
        f"{len(numbers)} slips of {LINES} lines in {seconds:.1f} s; of processor time {here:.1f} ms"
        f" each to ask, read and keep, and {child:.1f} ms in the child that draws, which took"
        f" {memory.peak_mb} MB at most."
    )
    yield Figure(
        benchmark="slips",
        case="batch",
        per_second=len(numbers) / seconds,
        cpu_ms=here + child,
    )


def _orders() -> list[str]:
    """Place orders that all go out of Amsterdam, and return their work."""
    shop = Shop()
    city, postal, lowest, _highest = ADDRESSES["NL"]
    for number in range(SLIPS_AT_ONCE + SPARE):
        body = shop.body([f"SKU-{1 + (number * 7 + nth * 311) % 9_000}" for nth in range(LINES)])
        body["shipping_address"] = {
            "name": f"Customer {number}",
            "line1": f"Main street {number}",
            "city": city,
            "postal_code": postal.format(lowest + number),
            "country": "NL",
        }
        shop.place_body(body)
    works = FulfillmentOrder.objects.filter(location__code="AMS").order_by("pk")
    numbers = list(works.values_list("number", flat=True)[:SLIPS_AT_ONCE])
    if len(numbers) != SLIPS_AT_ONCE:
        raise CommandError(f"{len(numbers)} of {SLIPS_AT_ONCE} orders go out of Amsterdam.")
    return numbers


def _cpu() -> tuple[float, float]:
    """Seconds of processor time of this process, and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    here, children = (each.ru_utime + each.ru_stime for each in used)
    return here, children


class _MemoryOfChildren(threading.Thread):
    """Looks twice a second how much children have taken; `ru_maxrss` counts this process, too."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_mb = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            for children in Path("/proc/self/task").glob("*/children"):
                for child in children.read_text().split():
                    self._look_at(Path("/proc", child, "status"))

    def _look_at(self, status: Path) -> None:
        with suppress(OSError):  # it has ended
            said = dict(line.split(":", 1) for line in status.read_text().splitlines())
            self.peak_mb = max(self.peak_mb, int(said.get("VmHWM", "0 kB").split()[0]) // 1024)


def _check(count: int) -> None:
    """Every slip is in one part, and could be drawn."""
    parts = list(PrintPart.objects.all())
    drawn = [number for part in parts for number in part.documents if not part.failed]
    if len(drawn) != count or len(set(drawn)) != count or not all(part.file for part in parts):
        raise CommandError(f"{len(set(drawn))} of {count} slips were drawn.")


SLIPS = Benchmark(cases=("batch",), measure=_measure)
