"""Packing slips by the hundred, as the warehouse asks for them: one run, one job, a PDF a part.

`batch`: 500 one-page slips of ten lines each, from asking for them to the last part in the store.
`cpu_ms` is the processor time of this process and of the child that draws, per slip.
"""

import resource
import tempfile
from collections.abc import Iterator, Sequence
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
    with (
        bench.database(),
        tempfile.TemporaryDirectory() as store,
        override_settings(MEDIA_ROOT=store),
    ):
        numbers = _orders()
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
        seconds, cpu = perf_counter() - began, _cpu() - before
        _check(len(numbers))
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    bench.say(
        f"{len(numbers)} slips of {LINES} lines in {seconds:.1f} s, {cpu * 1000 / len(numbers):.1f}"
        f" ms of processor time each; the child that draws took {child} MB at most."
    )
    yield Figure(
        benchmark="slips",
        case="batch",
        per_second=len(numbers) / seconds,
        cpu_ms=cpu * 1000 / len(numbers),
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


def _cpu() -> float:
    """Seconds of processor time of this process, and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _check(count: int) -> None:
    """Every slip is in one part, and could be drawn."""
    parts = list(PrintPart.objects.all())
    drawn = [number for part in parts for number in part.documents if not part.failed]
    if len(drawn) != count or len(set(drawn)) != count or not all(part.file for part in parts):
        raise CommandError(f"{len(set(drawn))} of {count} slips were drawn.")


SLIPS = Benchmark(cases=("batch",), measure=_measure)
