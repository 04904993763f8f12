"""Stock of a large company beside that of a small one: what each page costs.

Each case is a page or an answer, asked of a company with 1,000,000 stock levels and 10,000,000
ledger entries and of one with a hundredth of both, in turns; `ratio` is the large one's cost over
the small one's, in processor time of this process and of the database together: what others do on
the machine meanwhile is left out. It takes the same statements of both, or the benchmark fails.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from inventory import selectors
from inventory.invariants import INVARIANTS
from inventory.models import Lot, ReplenishmentOrder, StockLevel
from oms.channels.services import create_channel
from oms.channels.states import Scope
from oms.core import books
from oms.core.benchmarking import databases
from oms.core.benchmarking.bench import Bench, Benchmark, count_queries
from oms.core.benchmarking.report import Figure
from oms.core.keyset import page_of
from oms.core.models import User

SMALL, LARGE = 200, 20_000
"""SKUs, each at fifty locations."""
BUSIEST = "SKU-000001"
ENTRIES_OF_BUSIEST = 5
"""So many ledger entries it has for each SKU there is."""
PAST = Path(__file__).with_name("benchmark_stock.sql")
PLAIN = "SKU-000151"
WAITING = 20
LEAST_ASKED = 5
WARMING = 6


@dataclass
class Company:
    """One of the two: its database, and how to ask it."""

    database: str
    skus: int
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="localhost"))
    key: str = ""
    line: Any = None

    def fill(self) -> None:
        """Write its past in the database, and let some customers wait."""
        busiest = self.skus * ENTRIES_OF_BUSIEST
        with connection.cursor() as cursor:
            cursor.execute(PAST.read_text().format(skus=self.skus, busiest=busiest))
        selectors.forget_serving_locations()
        self.client.force_login(User.objects.create_superuser("benchmark"))
        self.key = create_channel(slug="benchmark", name="Benchmark", scopes=Scope.values)
        for number in range(WAITING):
            self._order(number)
        databases.vacuum()

    def _order(self, number: int) -> None:
        line = {"sku": f"SOON-{1 + number % 5}", "quantity": 2, "unit_price": "10.00"}
        body = {
            "external_id": f"web-{number}",
            "placed_at": timezone.now().isoformat(),
            "currency": "EUR",
            "customer": {"name": "Robin Vale", "email": "robin@customers.example"},
            "shipping_address": {
                "name": "Robin Vale",
                "line1": "Main street 1",
                "city": "Amsterdam",
                "postal_code": "1012 AB",
                "country": "NL",
            },
            "lines": [line],
        }
        answer = self.client.post(
            "/api/v1/orders/",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", "Idempotency-Key": str(number)},
        )
        if answer.status_code != 201:
            raise CommandError(f"An order was refused: {answer.content.decode()}")

    def ask(self, path: str) -> None:
        """Open one page."""
        headers = {"Authorization": f"Bearer {self.key}"} if path.startswith("/api/") else {}
        answer = self.client.get(path, headers=headers)
        if answer.status_code != 200:
            raise CommandError(f"{path} was answered {answer.status_code}.")

    def spent(self, path: str) -> Spent:
        """Return what one answer took."""
        before, started = self._processor_ms(), time.perf_counter()
        self.ask(path)
        waited = time.perf_counter() - started
        return Spent(self._processor_ms() - before, 1000 * waited)

    def _processor_ms(self) -> float:
        """Return what this process and its part of the database server have used so far."""
        used = Path(f"/proc/{self.line.info.backend_pid}/schedstat").read_text().split()[0]
        return int(used) / 1e6 + 1000 * time.process_time()

    @contextmanager
    def spoken_to(self) -> Iterator[None]:
        """Let this process speak to the company's database, on a line that stays open."""
        before = connection.connection, connection.settings_dict["NAME"]
        connection.connection, connection.settings_dict["NAME"] = self.line, self.database
        try:
            connection.ensure_connection()
            self.line = connection.connection
            yield
        finally:
            connection.connection, connection.settings_dict["NAME"] = before

    def hang_up(self) -> None:
        if self.line:
            self.line.close()


@dataclass(frozen=True)
class Spent:
    """Milliseconds: of processors for an answer, and how long it was waited for."""

    cpu: float
    wait: float


def _many(company: Company) -> str:
    named = [f"SKU-{1 + n * (company.skus // 100):06d}" for n in range(95)]
    asked = [("sku", sku) for sku in [*named, *(f"SOON-{n}" for n in range(1, 6))]]
    return urlencode([*asked, ("country", "NL"), ("postal_code", "1012 AB")])


def _by_date(company: Company) -> str:
    day = timezone.localdate() + timedelta(days=14)
    return f"/api/v1/availability/?{_many(company)}&date={day}"


def _deep(company: Company) -> str:
    middle = f"SKU-{company.skus // 2:06d}"
    rows = StockLevel.objects.filter(sku__code__gte=middle).select_related("sku")
    page = page_of(rows, keys=("sku__code", "id"), descending=False)
    return f"/inventory/?cursor={page.older}"


def _deep_ledger(company: Company) -> str:
    rows = selectors.ledger_of(sku=BUSIEST, location_ids=None)
    middle = rows.order_by("id").values_list("id", flat=True)[rows.count() // 2]
    page = page_of(rows.filter(id__lte=middle), keys=("id",))
    return f"/inventory/{BUSIEST}/?cursor={page.older}"


def _lot(company: Company) -> str:
    return f"/inventory/lots/{Lot.objects.filter(code='SKU-000020-1').values_list('pk')[0][0]}/"


def _proposal(company: Company) -> str:
    found = ReplenishmentOrder.objects.filter(status="proposed").order_by("id")
    return f"/supply/{found.values_list('number')[0][0]}/"


def _at(path: str) -> Callable[[Company], str]:
    return lambda company: path


PAGES: dict[str, Callable[[Company], str]] = {
    "availability": lambda company: f"/api/v1/availability/?{_many(company)}",
    "availability_by_date": _by_date,
    "api_list": _at("/api/v1/stock/"),
    "api_list_of_sku": _at(f"/api/v1/stock/?sku={PLAIN}"),
    "list": _at("/inventory/"),
    "list_at_location": _at("/inventory/?location=L07"),
    "list_found": _at("/inventory/?search=Teapot"),
    "list_found_there": _at("/inventory/?search=SKU-00&location=L07"),
    "list_deep": _deep,
    "sku": _at(f"/inventory/{PLAIN}/"),
    "sku_there": _at(f"/inventory/{PLAIN}/?location=L07"),
    "sku_busiest": _at(f"/inventory/{BUSIEST}/"),
    "sku_busiest_deep": _deep_ledger,
    "sku_busiest_kind": _at(f"/inventory/{BUSIEST}/?kind=receive"),
    "sku_busiest_bin": _at(f"/inventory/{BUSIEST}/?bin=IN-1"),
    "lots_expiring": _at("/inventory/lots/"),
    "lots_expired": _at("/inventory/lots/?view=expired"),
    "lots_there": _at("/inventory/lots/?view=expired&location=L07"),
    "lot": _lot,
    "bins": _at("/inventory/bins/?location=L07"),
    "bin": _at("/inventory/bins/L07/bin/A-00003/"),
    "put_away": _at("/inventory/put-away/?location=L07"),
    "scan": _at("/inventory/scan/?location=L07"),
    "counts": _at("/counts/"),
    "counting_plan": _at("/counts/plan/?location=L07"),
    "supply": _at("/supply/?view=proposed"),
    "proposal": _proposal,
    "shortages": _at("/supply/shortages/"),
}


def _measure(bench: Bench, cases: Sequence[str]) -> Iterator[Figure]:
    call_command("collectstatic", verbosity=0, interactive=False)
    with ExitStack() as open_companies:
        companies = []
        for purpose, skus in (("small", SMALL), ("large", LARGE)):
            name = open_companies.enter_context(databases.throw_away(f"bench_{purpose}"))
            companies.append(_made(bench, name, skus))
            open_companies.callback(companies[-1].hang_up)
        for case in cases:
            yield _compared(bench, case, *companies)


def _made(bench: Bench, name: str, skus: int) -> Company:
    company = Company(name, skus)
    with databases.using(name):
        databases.migrate()
        company.fill()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM inventory_movement")
            [entries] = cursor.fetchone()
        levels, places = StockLevel.objects.count(), len(selectors.serving_locations())
        if wrong := books.verify([each.name for each in INVARIANTS]):
            raise CommandError(f"The books are wrong: {wrong[0]}")
    bench.say(f"{levels:,} stock levels at {places} locations, {entries:,} entries are there.")
    return company


def _compared(bench: Bench, case: str, small: Company, large: Company) -> Figure:
    """Ask one as often as the other, in turns, after both have answered some times.

    What the process keeps for some seconds is asked of the database now and then: the fewest
    statements are those of the page.
    """
    paths, queries = {}, {}
    for company in (small, large):
        with company.spoken_to():
            paths[company.skus] = path = PAGES[case](company)
            for _ in range(WARMING):
                company.ask(path)
            queries[company.skus] = min(
                len(count_queries(partial(company.ask, path))) for _ in range(LEAST_ASKED)
            )
    if queries[small.skus] != queries[large.skus]:
        raise CommandError(f"{case} takes {queries} statements.")
    found: dict[int, list[Spent]] = {small.skus: [], large.skus: []}
    until = time.perf_counter() + bench.rounds * bench.seconds
    while len(found[large.skus]) < LEAST_ASKED or time.perf_counter() < until:
        for company in (small, large):
            with company.spoken_to():
                found[company.skus].append(company.spent(paths[company.skus]))
    here, there = (
        statistics.median(each.cpu for each in found[company.skus]) for company in (large, small)
    )
    bench.say(f"{case}: {there:.1f} ms there, {here:.1f} ms here ({here / there:.2f})")
    waits = sorted(each.wait for each in found[large.skus])
    return Figure(
        "stock",
        case,
        ratio=here / there,
        queries=queries[large.skus],
        cpu_ms=here,
        p50_ms=statistics.median(waits),
        p95_ms=waits[int(0.95 * (len(waits) - 1))],
    )


STOCK = Benchmark(cases=tuple(PAGES), measure=_measure, lengthy=tuple(PAGES))
