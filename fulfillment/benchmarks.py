"""Where an order comes from: what deciding it takes, beyond reading the stock.

Five lines of 400 SKUs, among 5, 50 and 500 locations of nine countries. About six in ten orders can
be served by one location, the others need several. Parcels have rates of their own from every
country, and up to twenty locations have contracts of their own. Half of the orders are decided by
the rules that are built in, half by rules that weigh freight, way, handling, splits and stock-outs
all at once. `p50_ms` and `p95_ms` are processor time of this process from the stock that was read
to the decision with its explanation, without the time of its queries.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from fulfillment.rules.reading import parse
from fulfillment.rules.routing import BUILT_IN
from fulfillment.services import keep_rates, keep_service
from fulfillment.services.deciding import decide_for, explanation
from fulfillment.services.goals import Units, goals_of
from fulfillment.services.rating import NewRate, Reach, ServiceTerms
from inventory.models import Location
from inventory.selectors import forget_serving_locations, serving_locations, supply
from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.channels.services import create_channel
from oms.core.actors import SYSTEM
from oms.core.benchmarking.bench import Bench, Benchmark, count_queries
from oms.core.benchmarking.report import Figure
from oms.customers.addresses import Address
from orders.models import Order, OrderLine

LOCATIONS = {"5_locations": 5, "50_locations": 50, "500_locations": 500}
SKUS, LINES = 400, 5
SERVED_BY_ONE = 0.6
CONTRACTS = 20
WARMING, LEAST = 20, 200
COUNTRIES = {
    "NL": (52.2, 5.3, "{:04d} AB", 1000, 9999),
    "BE": (50.8, 4.4, "{:04d}", 1000, 9999),
    "DE": (51.0, 10.0, "{:05d}", 1067, 99998),
    "FR": (47.0, 2.5, "{:05d}", 1000, 95999),
    "GB": (52.5, -1.5, "M{:d} 1AE", 1, 9),
    "ES": (40.2, -3.6, "{:05d}", 1001, 50999),
    "IT": (43.5, 11.5, "{:05d}", 118, 98168),
    "PL": (52.0, 19.3, "{:05d}", 1, 99440),
    "AT": (47.6, 14.1, "{:04d}", 1010, 9992),
}
WEIGHTS_G = (150, 400, 900, 2_500)
BREAKS_G = (2_000, 5_000, 10_000, 20_000, 31_500)
STOCK = """
SELECT setseed(0.5);
INSERT INTO inventory_stocklevel (id, sku_id, location_id, on_hand, reserved, safety_stock,
    reorder_point, bin)
SELECT nextval('core_ids'), s.id, l.id, 1 + floor(random() * 30), 0, 0, floor(random() * 6), ''
FROM catalog_sku s, inventory_location l WHERE random() < {share};
ANALYZE inventory_stocklevel;
"""
WEIGHED = parse(
    {
        "routings": [
            {
                "name": "All at once",
                "steps": [
                    {
                        "name": "Cheapest of all covers",
                        "allocate": "part",
                        "parts": 3,
                        "part_value_at_least": "5.00",
                        "weights": {
                            "freight": "1",
                            "distance": "0.05",
                            "handling": "1.50",
                            "split": "3.00",
                            "late": "5.00",
                            "stock_out": "0.20",
                        },
                    }
                ],
            }
        ]
    }
)


class Network:
    """Locations with stock and rates, and orders that come to them."""

    def __init__(self, size: int) -> None:
        self._dice = random.Random(size)  # noqa: S311 (a load, not a secret)
        self._at = timezone.now()
        Location.objects.bulk_create([self._location(nth) for nth in range(size)])
        Sku.objects.bulk_create(
            Sku(code=f"SKU-{n}", name=f"Unit {n}", weight_g=self._dice.choice(WEIGHTS_G))
            for n in range(SKUS)
        )
        share = (1 - (1 - SERVED_BY_ONE) ** (1 / size)) ** (1 / LINES)
        with connection.cursor() as cursor:
            cursor.execute(STOCK.format(share=share))
        self._rate("parcel", "Parcel", days=2, dearer=0)
        self._rate("express", "Express", days=1, dearer=6)
        forget_serving_locations()
        create_channel(slug="benchmark", name="Benchmark")
        self._channel = Channel.objects.get(slug="benchmark")
        self._skus = list(Sku.objects.all())

    def _location(self, nth: int) -> Location:
        country = list(COUNTRIES)[nth % len(COUNTRIES)]
        latitude, longitude, *_ = COUNTRIES[country]
        return Location(
            code=f"L{nth:03d}",
            name=f"Location {nth}",
            country=country,
            latitude=round(latitude + self._dice.uniform(-1.5, 1.5), 4),
            longitude=round(longitude + self._dice.uniform(-1.5, 1.5), 4),
        )

    def _rate(self, code: str, name: str, *, days: int, dearer: int) -> None:
        keep_service(
            terms=ServiceTerms(code, "Carrier", name, methods=(code,), transit_days=days),
            by=SYSTEM,
            at=self._at,
        )
        reaches = [
            Reach(code, to, origin_country=origin) for origin in COUNTRIES for to in COUNTRIES
        ]
        for place in Location.objects.order_by("code")[: 5 * CONTRACTS : 5]:
            reaches += [Reach(code, to, origin_id=place.pk) for to in COUNTRIES]
        rates = []
        for reach in reaches:
            amount = Decimal(self._dice.randint(350, 900)) / 100 + dearer
            for up_to in BREAKS_G:
                rates.append(NewRate(reach, up_to, amount, "EUR"))
                amount += Decimal(self._dice.randint(80, 450)) / 100
        keep_rates(rates=rates, by=SYSTEM, at=self._at)

    def order(self) -> tuple[Order, list[Units]]:
        """An order that is not placed: deciding looks at nothing else of it."""
        country = self._dice.choice(list(COUNTRIES))
        *_, postal, lowest, highest = COUNTRIES[country]
        code = postal.format(self._dice.randint(lowest, highest))
        order = Order(
            channel=self._channel,
            currency="EUR",
            service=self._dice.choice(["", "parcel", "express"]),
            placed_at=self._at,
            total_amount=Decimal(100),
            ship_to=Address("Robin Vale", "Main street 1", "", country, postal_code=code),
        )
        skus = self._dice.sample(self._skus, LINES)
        lines = [
            OrderLine(pk=nth, sku=sku, sku_code=sku.code, unit_price=Decimal(8), quantity=quantity)
            for nth, sku in enumerate(skus, 1)
            for quantity in [self._dice.choice([1, 1, 1, 2, 3])]
        ]
        return order, [Units(line, line.quantity) for line in lines]

    def decide(self, nth: int) -> tuple[float, str, int]:
        """Decide one order; return the milliseconds, how its cover was found, and how many parts
        it has."""
        order, wanted = self.order()
        places = serving_locations()
        skus = [each.line.sku for each in wanted]
        found = supply(
            sku_ids=[sku.pk for sku in skus if sku], location_ids=[place.pk for place in places]
        )
        free = {(each.location_id, each.sku_id): each for each in found}
        grams = {sku.pk: sku.weight_g or 0 for sku in skus if sku}
        asking = _Asking()
        with connection.execute_wrapper(asking):
            began = time.thread_time()
            [goal] = goals_of(order, wanted)
            book = WEIGHED if nth % 2 else BUILT_IN
            plan, position = decide_for(
                order, goal, places, free, grams, self._at, book=book, may_park=False
            )
            explanation(order, goal, plan, position, book.version, self._at)
            spent = time.thread_time() - began - asking.seconds
        return 1000 * spent, plan.how, len({each.location_id for each in plan.placements})


class _Asking:
    """Keeps how long queries take."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        began = time.thread_time()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.thread_time() - began


def _measure(bench: Bench, cases: Sequence[str]) -> Iterator[Figure]:
    for case in cases:
        with bench.database():
            yield _decided(bench, case, Network(LOCATIONS[case]))


def _decided(bench: Bench, case: str, network: Network) -> Figure:
    for nth in range(WARMING):
        network.decide(nth)
    queries = max(len(count_queries(partial(network.decide, nth))) for nth in range(4)) - 1
    middles: list[float] = []
    highest: list[float] = []
    hows: Counter[str] = Counter()
    parts: Counter[int] = Counter()
    for _ in range(bench.rounds):
        spent: list[float] = []
        until = time.perf_counter() + bench.seconds
        while len(spent) < LEAST or time.perf_counter() < until:
            took, how, locations = network.decide(len(spent))
            spent.append(took)
            hows[how] += 1
            parts[locations] += 1
        spent.sort()
        middles.append(statistics.median(spent))
        highest.append(spent[int(len(spent) * 0.95)])
    if not 0 < parts[1] < parts.total():
        raise CommandError(f"Not the mix it should be: {parts}.")
    bench.say(f"{case}: {parts.total()} orders; found {_shares(hows)}; locations {_shares(parts)}.")
    return Figure(
        benchmark="sourcing",
        case=case,
        queries=queries,
        p50_ms=statistics.median(middles),
        p95_ms=statistics.median(highest),
    )


def _shares(counts: Counter[Any]) -> str:
    total = counts.total()
    return ", ".join(f"{name} {count / total:.0%}" for name, count in sorted(counts.items()))


SOURCING = Benchmark(cases=tuple(LOCATIONS), measure=_measure)
