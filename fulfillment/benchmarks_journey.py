"""Work on the floor over HTTP: a piece of work of three lines is picked, packed, and shipped.

Each case sends its own command for work that stands there, eight at a time, and is answered with
the work as it is then. `queries` are those of one command in a process that has done one before.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from django.core.management import CommandError
from django.db import connection
from django.test import Client

from fulfillment.models import FulfillmentOrder
from fulfillment.states import FulfillmentOrderStatus
from oms.core.benchmarking import databases, load
from oms.core.benchmarking.bench import Bench, Benchmark, count_queries
from oms.core.benchmarking.growing import recorded
from oms.core.benchmarking.report import Figure
from oms.core.benchmarking.server import Measured, Server, serving
from orders.benchmarks import REPEATED_UNITS, Shop

S = FulfillmentOrderStatus
VERBS = {"pick": S.OPEN, "pack": S.PICKED, "ship": S.PACKED}
MOST_PER_SECOND = 1_000
ONE_BY_ONE, COPIES = 30, 150
REPEATED_PICKS = """
UPDATE inventory_quant q SET quantity = l.on_hand - p.units
FROM (SELECT level_id, sum(quantity) AS units FROM inventory_quant
      WHERE state = 'picked' GROUP BY level_id) p
JOIN inventory_stocklevel l ON l.id = p.level_id
WHERE q.level_id = p.level_id AND q.state = 'available'
"""


class Floor:
    """The work of a shop, each piece of which is led from step to step once."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._waiting: dict[str, list[str]] = {}

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._shop.key}", "Content-Type": "application/json"}

    def look(self) -> None:
        """Know what stands at which step."""
        for verb, status in VERBS.items():
            found = FulfillmentOrder.objects.filter(status=status).order_by("pk")
            self._waiting[verb] = list(found.values_list("number", flat=True))

    def take(self, verb: str) -> str:
        """Return work that waits for this step, once.

        Raises: CommandError.
        """
        if not self._waiting[verb]:
            raise CommandError(f"There is no work left to {verb}: measure for a shorter time.")
        return self._waiting[verb].pop()

    def lead_here(self, verb: str) -> None:
        """Take one piece of work one step on through all of Django in this process."""
        number = self.take(verb)
        answer = Client(SERVER_NAME="localhost").post(
            _path(number, verb), "{}", content_type="application/json", headers=self._headers
        )
        if answer.status_code != 200:
            raise CommandError(f"{number} was refused to {verb}: {answer.content.decode()}")

    def lead(self, server: Server, verb: str, seconds: float) -> Measured:
        """Take work one step on through `server` for some seconds."""
        measured = server.load(self._requests(verb, seconds), seconds)
        self.look()
        return measured

    def _requests(self, verb: str, seconds: float) -> Iterator[bytes]:
        waiting = self._waiting[verb]
        for number in waiting[: round(MOST_PER_SECOND * seconds)]:
            yield load.request("POST", _path(number, verb), self._headers, b"{}")

    def queries(self, verb: str) -> int:
        """Return how many statements one step takes in a process that has done one before."""
        self.lead_here(verb)
        return len(count_queries(lambda: self.lead_here(verb)))


def _path(number: str, verb: str) -> str:
    return f"/api/v1/fulfillment-orders/{number}/{verb}/"


def fill(shop: Shop) -> None:
    """Have a third of a usual past stand at each step: a few led there, and copies of them."""
    with recorded() as past:
        for _ in range(3 * ONE_BY_ONE):
            shop.place_here(shop.spread)
        floor = Floor(shop)
        for verb, count in (("pick", 2 * ONE_BY_ONE), ("pack", ONE_BY_ONE)):
            floor.look()
            for _ in range(count):
                floor.lead_here(verb)
    past.repeat(COPIES, renamed={"thread", "subject", "reference"}, without={"core.Job"})
    shop.placed *= COPIES + 1
    with connection.cursor() as cursor:
        cursor.execute(REPEATED_UNITS)
        cursor.execute(REPEATED_PICKS)
    databases.vacuum()


def _measure(bench: Bench, cases: Sequence[str]) -> Iterator[Figure]:
    with bench.database():
        shop = Shop()
        fill(shop)
        floor = Floor(shop)
        floor.look()
        queries = {verb: floor.queries(verb) for verb in cases}
        with serving() as server:
            for verb in cases:
                floor.lead(server, verb, bench.seconds / 2)
            turns = bench.in_turns(
                {verb: partial(floor.lead, server, verb, bench.seconds) for verb in cases}
            )
        shop.check()
        bench.say("Every unit that left was reserved, picked and packed once.")
    for verb, found in turns.items():
        yield found.figure("journey", verb, queries=queries[verb])


JOURNEY = Benchmark(cases=tuple(VERBS), measure=_measure)
