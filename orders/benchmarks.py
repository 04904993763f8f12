"""Taking orders in over HTTP, complete: key, idempotency, validation, routing, stock, ledgers.

`spread`: three lines of 10,000 SKUs at five locations, a few of them wanted often. `hot`: three
of always the same five SKUs, which lie at one location; `ratio` is its rate over that of
`spread`. `growth`: `ratio` is what an order costs with 1,000,000 there over 10,000 there.
"""

import itertools
import json
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial

from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django.utils import timezone

from inventory.selectors import forget_serving_locations
from oms.channels.services import create_channel
from oms.channels.states import Scope
from oms.core import books
from oms.core.benchmarking import databases, load
from oms.core.benchmarking.bench import Bench, Benchmark, Turns, count_queries
from oms.core.benchmarking.growing import recorded
from oms.core.benchmarking.report import Figure
from oms.core.benchmarking.server import Measured, Server, serving
from orders.models import Order

SKUS = 10_000
CUSTOMERS = 100_000
LINES = 3
HOT = tuple(f"HOT-{number}" for number in range(1, 6))
SCOPES = (Scope.ORDERS, Scope.FULFILLMENT)
USUAL_PAST, LONG_PAST = 10_000, 1_000_000
MOST_PER_SECOND = 2_000
ADDRESSES = {
    "NL": ("Amsterdam", "{:04d} AB", 1000, 9999),
    "DE": ("Leipzig", "{:05d}", 1067, 99998),
    "BE": ("Ghent", "{:04d}", 1000, 9999),
    "FR": ("Lyon", "{:05d}", 1000, 95999),
    "US": ("Newark", "{:05d}", 1001, 99950),
}
SHOP = """
INSERT INTO inventory_location (code, name, kind, line1, city, region, postal_code, country,
    latitude, longitude, time_zone, is_active)
SELECT code, city, 'warehouse', '', city, '', '', country, latitude, longitude, 'UTC', true
FROM (VALUES ('AMS', 'Amsterdam', 'NL', 52.37, 4.90), ('LEJ', 'Leipzig', 'DE', 51.34, 12.37),
    ('GNT', 'Ghent', 'BE', 51.05, 3.72), ('LYS', 'Lyon', 'FR', 45.76, 4.84),
    ('EWR', 'Newark', 'US', 40.74, -74.17)) AS t(code, city, country, latitude, longitude);

INSERT INTO catalog_sku (code, name, barcode, currency, country_of_origin, hs_code, tracking,
    weight_g)
SELECT code, 'Unit ' || code, '', 'EUR', '', '', 'none', 250
FROM (SELECT 'SKU-' || n AS code FROM generate_series(1, {skus}) n
    UNION ALL SELECT 'HOT-' || n FROM generate_series(1, 5) n) t;

INSERT INTO inventory_stocklevel (id, sku_id, location_id, on_hand, reserved, safety_stock,
    reorder_point, bin)
SELECT nextval('core_ids'), s.id, l.id, 1000000000, 0, 0, 0, ''
FROM catalog_sku s, inventory_location l WHERE s.code LIKE 'SKU-%' OR l.code = 'AMS';

INSERT INTO inventory_quant (id, level_id, bin, lot, state, quantity)
SELECT nextval('core_ids'), id, '', '', 'available', on_hand FROM inventory_stocklevel;

INSERT INTO inventory_movement (id, level_id, kind, on_hand_delta, reserved_delta, reference,
    reason, bin, lot, actor, happened_at)
SELECT nextval('core_ids'), id, 'receive', on_hand, 0, 'opening', '', '', '', 'system', now()
FROM inventory_stocklevel;

INSERT INTO customers_customer (id, origin, external_id, name, email, phone, language, created_at)
SELECT nextval('core_ids'), 'benchmark', 'c-' || n, 'Customer ' || n,
    'c' || n || '@customers.example', '', 'en', now()
FROM generate_series(1, {customers}, 2) n;
"""
REPEATED_UNITS = """
UPDATE inventory_stocklevel l SET reserved = r.units
FROM (SELECT level_id, sum(quantity) AS units FROM inventory_reservation GROUP BY level_id) r
WHERE r.level_id = l.id
"""
WRONG_UNITS = """
SELECT count(*) FROM inventory_stocklevel l
LEFT JOIN (SELECT level_id, sum(quantity) AS units FROM inventory_reservation GROUP BY 1) r
    ON r.level_id = l.id
WHERE l.reserved <> coalesce(r.units, 0)
"""


class Shop:
    """A shop with stock for ever, and customers without end. Every second one is known."""

    def __init__(self) -> None:
        self._random = random.Random(1)  # noqa: S311 (a load, not a secret)
        self._numbers = itertools.count(1)
        self._weights = list(itertools.accumulate(n**-1.05 for n in range(1, SKUS + 1)))
        self.placed = 0
        with connection.cursor() as cursor:
            cursor.execute(SHOP.format(skus=SKUS, customers=CUSTOMERS))
        forget_serving_locations()
        self.key = create_channel(slug="benchmark", name="Benchmark", scopes=SCOPES)

    def spread(self) -> list[str]:
        """A few SKUs are in many orders, most in few (Zipf, 1.05)."""
        ranks = self._random.choices(range(SKUS), cum_weights=self._weights, k=4 * LINES)
        distinct = [f"SKU-{1 + rank * 7919 % SKUS}" for rank in dict.fromkeys(ranks)]
        return distinct[:LINES]

    def hot(self) -> list[str]:
        return self._random.sample(HOT, LINES)

    def body(self, skus: Sequence[str]) -> dict[str, object]:
        number = next(self._numbers)
        customer = self._random.randint(1, CUSTOMERS)
        country = self._random.choice(list(ADDRESSES))
        city, postal, lowest, highest = ADDRESSES[country]
        total = 1210 * len(skus) + 605
        return {
            "external_id": f"web-{number}",
            "placed_at": timezone.now().isoformat(),
            "currency": "EUR",
            "customer": {
                "external_id": f"c-{customer}",
                "name": f"Customer {customer}",
                "email": f"c{customer}@customers.example",
            },
            "shipping_address": {
                "name": f"Customer {customer}",
                "line1": f"Main street {number % 200 + 1}",
                "city": city,
                "postal_code": postal.format(self._random.randint(lowest, highest)),
                "country": country,
            },
            "lines": [
                {"sku": sku, "quantity": 1, "unit_price": "10.00", "tax": "2.10"} for sku in skus
            ],
            "shipping": {"method": "standard", "amount": "5.00", "tax": "1.05"},
            "payments": [
                {
                    "reference": f"ch_{number}",
                    "method": "card",
                    "status": "captured",
                    "amount": f"{total // 100}.{total % 100:02d}",
                }
            ],
        }

    def fill(self, orders: int, *, placed_one_by_one: int) -> None:
        """Give the shop a past: some orders placed through the front door, and copies of them."""
        with recorded() as past:
            for _ in range(placed_one_by_one):
                self.place_here(self.spread)
        copies = orders // placed_one_by_one - 1
        past.repeat(copies, renamed={"thread", "subject", "reference"}, without={"core.Job"})
        with connection.cursor() as cursor:
            cursor.execute(REPEATED_UNITS)
        self.placed *= copies + 1
        databases.vacuum()

    def requests(self, choose: Callable[[], list[str]], seconds: float) -> Iterator[bytes]:
        """Return more orders than can be placed in that time, as requests."""
        for _ in range(round(MOST_PER_SECOND * seconds)):
            body = self.body(choose())
            headers = {
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(body["external_id"]),
            }
            wire = json.dumps(body).encode()
            yield load.request("POST", "/api/v1/orders/", headers, wire)

    def place(self, server: Server, choose: Callable[[], list[str]], seconds: float) -> Measured:
        """Place orders through `server` for some seconds."""
        measured = server.load(self.requests(choose, seconds), seconds)
        self.placed += measured.answers - measured.refusals
        return measured

    def place_here(self, choose: Callable[[], list[str]]) -> None:
        """Place one order through all of Django in this process."""
        self.place_body(self.body(choose()))

    def place_body(self, body: dict[str, object]) -> None:
        """Place this order as `place_here` does."""
        answer = Client(SERVER_NAME="localhost").post(
            "/api/v1/orders/",
            json.dumps(body),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.key}",
                "Idempotency-Key": str(body["external_id"]),
            },
        )
        if answer.status_code != 201:
            raise CommandError(f"An order was refused: {answer.content.decode()}")
        self.placed += 1

    def queries(self, choose: Callable[[], list[str]]) -> int:
        """Return how many statements an order takes in a process that has placed one before."""
        self.place_here(choose)
        return len(count_queries(lambda: self.place_here(choose)))

    def check(self) -> None:
        """Every order that was answered is there once, with all its units, and the books are right.

        Raises: CommandError.
        """
        orders = Order.objects.count()
        if orders != self.placed:
            raise CommandError(f"{self.placed} orders were answered, {orders} are there.")
        with connection.cursor() as cursor:
            cursor.execute(WRONG_UNITS)
            [wrong] = cursor.fetchone()
        if wrong:
            raise CommandError(f"{wrong} stock levels differ from their reservations.")
        if violations := books.verify():
            raise CommandError(f"The books are wrong: {violations[0]}")


def _measure(bench: Bench, cases: Sequence[str]) -> Iterator[Figure]:
    if {"spread", "hot"} & set(cases):
        yield from _spread_and_hot(bench, cases)
    if "growth" in cases:
        yield from _growth(bench)


def _spread_and_hot(bench: Bench, cases: Sequence[str]) -> Iterator[Figure]:
    """`hot` compares with `spread`, so that runs either way."""
    with bench.database():
        shop = Shop()
        shop.fill(USUAL_PAST, placed_one_by_one=100)
        choices = {"spread": shop.spread}
        if "hot" in cases:
            choices["hot"] = shop.hot
        queries = {case: shop.queries(choose) for case, choose in choices.items()}
        with serving() as server:
            for choose in choices.values():
                shop.place(server, choose, bench.seconds / 2)
            turns = bench.in_turns(
                {
                    case: partial(shop.place, server, choose, bench.seconds)
                    for case, choose in choices.items()
                }
            )
        shop.check()
        bench.say(f"{shop.placed} orders were placed; every unit is reserved once.")
    for case in cases:
        if case in turns:
            ratio = _over(turns["hot"], turns["spread"]) if case == "hot" else None
            yield turns[case].figure("intake", case, queries=queries[case], ratio=ratio)


def _growth(bench: Bench) -> Iterator[Figure]:
    """The same orders in turns into a shop with a usual past and into one with a long past."""
    with ExitStack() as open_shops:
        shops: dict[str, tuple[str, Shop, Server]] = {}
        for purpose, past, one_by_one in (
            ("usual", USUAL_PAST, 100),
            ("long", LONG_PAST, 1_000),
        ):
            name = open_shops.enter_context(databases.throw_away(f"bench_{purpose}"))
            with databases.using(name):
                databases.migrate()
                shop = Shop()
                shop.fill(past, placed_one_by_one=one_by_one)
                shops[purpose] = (name, shop, open_shops.enter_context(serving()))
            bench.say(f"{past:,} orders are there.")
        for _, shop, server in shops.values():
            shop.place(server, shop.spread, bench.seconds / 2)
        turns = bench.in_turns(
            {
                purpose: partial(shop.place, server, shop.spread, bench.seconds)
                for purpose, (_, shop, server) in shops.items()
            }
        )
        for name, shop, _ in shops.values():
            with databases.using(name):
                shop.check()
    yield turns["long"].figure("intake", "growth", ratio=_over(turns["usual"], turns["long"]))


def _over(one: Turns, other: Turns) -> float:
    """How many times the rate of `other` that of `one` is, round by round."""
    return statistics.median(a / b for a, b in zip(one.rates, other.rates, strict=True))


INTAKE = Benchmark(cases=("spread", "hot", "growth"), measure=_measure, lengthy=("growth",))
