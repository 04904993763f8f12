"""Taking many orders in at once: 500 a request over HTTP, and from a file.

`api_500`: requests of 500 orders as `intake`'s `spread` has them, eight at a time; `queries` are
those of one request. `file`: a CSV of 10,000 such orders, a row for each line, brought in by one
process as `import_data` does. Rates are orders a second.
"""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.core.management import CommandError
from django.test import Client
from django.utils import timezone

from oms.core import imports
from oms.core.actors import SYSTEM
from oms.core.benchmarking import load
from oms.core.benchmarking.bench import Bench, Benchmark, count_queries
from oms.core.benchmarking.report import Figure
from oms.core.benchmarking.server import Measured, Server, serving
from orders.benchmarks import MOST_PER_SECOND, USUAL_PAST, Shop
from orders.imports import Orders

AT_ONCE = 500
IN_A_FILE = 10_000
URL = "/api/v1/orders/bulk/"
COLUMNS = (
    "external_id", "placed_at", "currency", "name", "email", "line1", "city", "postal_code",
    "country", "sku", "quantity", "unit_price", "tax", "shipping_amount",
)  # fmt: skip


def _bodies(shop: Shop, count: int) -> list[dict[str, Any]]:
    return [shop.body(shop.spread()) for _ in range(count)]


def _headers(shop: Shop, body: Sequence[dict[str, Any]]) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {shop.key}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"bulk-{body[0]['external_id']}",
    }


def _over_http(shop: Shop, server: Server, seconds: float) -> Measured:
    """Send requests of 500 for some seconds; what is measured are orders."""

    def requests() -> Iterator[bytes]:
        for _ in range(max(16, round(MOST_PER_SECOND * seconds / AT_ONCE))):
            orders = _bodies(shop, AT_ONCE)
            wire = json.dumps({"orders": orders}).encode()
            yield load.request("POST", URL, _headers(shop, orders), wire)

    measured = server.load(requests(), seconds)
    orders = AT_ONCE * (measured.answers - measured.refusals)
    shop.placed += orders
    cpu = measured.cpu_ms
    return replace(
        measured,
        per_second=AT_ONCE * measured.per_second,
        cpu_ms=None if cpu is None else cpu / AT_ONCE,
    )


def _queries(shop: Shop) -> int:
    orders = _bodies(shop, AT_ONCE)

    def send() -> None:
        answer = Client(SERVER_NAME="localhost").post(
            URL, json.dumps({"orders": orders}), content_type="application/json",
            headers=_headers(shop, orders),
        )  # fmt: skip
        results = answer.json().get("results", [])
        if [each for each in results if each["status"] != "created"] or not results:
            raise CommandError(f"Orders were refused: {answer.content.decode()[:500]}")
        shop.placed += AT_ONCE

    return len(count_queries(send))


def _file(shop: Shop, count: int) -> bytes:
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(COLUMNS)
    for body in _bodies(shop, count):
        to = body["shipping_address"]
        for line in body["lines"]:
            rows.writerow([
                body["external_id"], body["placed_at"], body["currency"], body["customer"]["name"],
                body["customer"]["email"], to["line1"], to["city"], to["postal_code"],
                to["country"], line["sku"], line["quantity"], line["unit_price"], line["tax"],
                body["shipping"]["amount"],
            ])  # fmt: skip
    return written.getvalue().encode()


def _from_file(shop: Shop, count: int) -> Measured:
    """Bring one file in; all of it is one piece of work."""
    table = io.BytesIO(_file(shop, count))
    context = imports.Context(channel="benchmark", by=SYSTEM, at=timezone.now())
    began, spent = time.perf_counter(), time.process_time()
    report = imports.run(Orders(), table, context, dry_run=False, skip_bad_rows=False)
    took, spent = time.perf_counter() - began, time.process_time() - spent
    if report.bad or report.counts.get("added") != count:
        raise CommandError(f"Orders were not taken in: {report.bad[:1]}")
    shop.placed += count
    ms = 1000 * took
    return Measured(count, 0, "", count / took, 1000 * spent / count, ms, ms, 0)


def _measure(bench: Bench, cases: Sequence[str]) -> Iterator[Figure]:
    with bench.database():
        shop = Shop()
        shop.fill(USUAL_PAST, placed_one_by_one=100)
        queries = {"api_500": _queries(shop)}
        work: dict[str, Callable[[], Measured]] = {}
        with serving() as server:
            if "api_500" in cases:
                _over_http(shop, server, bench.seconds / 2)
                work["api_500"] = partial(_over_http, shop, server, bench.seconds)
            if "file" in cases:
                work["file"] = partial(_from_file, shop, IN_A_FILE)
            turns = bench.in_turns(work)
        shop.check()
        bench.say(f"{shop.placed} orders were placed; every unit is reserved once.")
    for case, found in turns.items():
        yield found.figure("bulk", case, queries=queries.get(case))


BULK = Benchmark(cases=("api_500", "file"), measure=_measure)
