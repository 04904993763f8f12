"""Who waits for stock, in which order, and which of what is coming will be theirs."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from fulfillment.rules.queueing import Coming, Foreseen, Pool, Rules, Waiter, foresee
from fulfillment.rules.rates import Destination
from fulfillment.rules.routing import Asked, Routing, When
from fulfillment.selectors.rates import carried_from
from fulfillment.selectors.routing_versions import live_rules
from fulfillment.states import QueueRule
from inventory.selectors import ServingLocation, inbound, release_dates, serving_locations, supply
from oms.channels.selectors import slug_of
from oms.core import sql
from oms.core.geo import distance_km, locate, unknown_last
from oms.core.money import ZERO
from orders.models import Order, OrderLine
from orders.states import HOLDS, OrderStatus, Stop

STOP_ALLOCATION = [kind for kind, hold in HOLDS.items() if Stop.ALLOCATE in hold.stops]

# With the SKUs asked for come those that the same orders wait for, where they are served whole.
WAITERS = """
WITH RECURSIVE usual AS (
    SELECT coalesce((SELECT p.rule FROM fulfillment_queuepolicy p WHERE p.sku_id IS NULL), %s)
        AS rule
), skus(id) AS (
    SELECT unnest(%s::bigint[])
    UNION
    SELECT other.sku_id
    FROM skus s
    LEFT JOIN fulfillment_queuepolicy p ON p.sku_id = s.id
    JOIN orders_orderline l ON l.sku_id = s.id AND l.backordered > 0
    JOIN orders_orderline other ON other.order_id = l.order_id AND other.backordered > 0
    LEFT JOIN fulfillment_queuepolicy theirs ON theirs.sku_id = other.sku_id
    WHERE %s IN (coalesce(p.rule, (SELECT rule FROM usual)),
                 coalesce(theirs.rule, (SELECT rule FROM usual)))
)
SELECT l.id, l.order_id, l.sku_id, o.channel_id, l.backordered, o.placed_at, o.priority,
       l.sku_code, l.name, o.number, o.customer_name,
       l.ship_to IS NULL AND o.service = 'pickup', o.metadata->>'pickup_location',
       coalesce(l.ship_to, o.ship_to), h.kinds, coalesce(p.rule, u.rule),
       o.service, o.tags, o.total_amount, o.currency, o.deliver_by
FROM skus s
CROSS JOIN usual u
LEFT JOIN fulfillment_queuepolicy p ON p.sku_id = s.id
JOIN orders_orderline l ON l.sku_id = s.id AND l.backordered > 0
JOIN orders_order o ON o.id = l.order_id
CROSS JOIN LATERAL (
    SELECT array_agg(h.kind ORDER BY h.kind) AS kinds FROM orders_hold h
    WHERE h.order_id = o.id AND h.released_at IS NULL AND h.kind = ANY(%s)
) h
WHERE (o.status = %s OR o.id = %s)
  AND (%s::bigint[] IS NULL OR o.id = ANY(%s::bigint[]))
ORDER BY o.placed_at, o.id, l.id
"""
NO_ORDER = 0


@dataclass(frozen=True)
class Where:
    """Where units go: an address as it is kept, or the location whose code is `collected_at`."""

    address: str
    collected_at: str | None = None


@dataclass(frozen=True)
class Said:
    """What routing rules ask of an order besides where it goes."""

    service: str = ""
    tags: tuple[str, ...] = ()
    value: Decimal = ZERO
    currency: str = ""
    deliver_by: datetime | None = None


@dataclass(frozen=True)
class InLine(Waiter):
    """One who waits, with what people want to know; `holds` keep it from being served."""

    sku: str = ""
    name: str = ""
    number: str = ""
    customer: str = ""
    to: Where = Where("{}")
    holds: tuple[str, ...] = ()
    said: Said = Said()


@dataclass(frozen=True)
class Queues:
    """Everybody who waits for some SKUs, the oldest order first, and the rule of each SKU."""

    waiters: list[InLine]
    rules: Rules

    @cached_property
    def skus_by_order(self) -> dict[int, set[str]]:
        """The SKUs that an order waits for, by its id."""
        found: dict[int, set[str]] = defaultdict(set)
        for each in self.waiters:
            found[each.order_id].add(each.sku)
        return found

    def of(self, sku_id: int) -> list[InLine]:
        return [each for each in self.waiters if each.sku_id == sku_id]


def queues(
    sku_ids: Collection[int],
    *,
    free_of_holds: int = NO_ORDER,
    order_ids: Collection[int] | None = None,
) -> Queues:
    """Return who waits for these SKUs, of these orders alone where they are named. One query.

    An order that is `free_of_holds` (id) is told of as if nothing stopped it.
    """
    ids = None if order_ids is None else sorted(order_ids)
    params = [
        str(QueueRule.FIRST_IN),
        sorted(set(sku_ids)),
        str(QueueRule.SHIP_COMPLETE),
        STOP_ALLOCATION,
        str(OrderStatus.OPEN),
        free_of_holds,
        ids,
        ids,
    ]
    waiters: list[InLine] = []
    rules: dict[int, QueueRule] = {}
    for row in sql.run(WAITERS, params):
        line, order, sku, channel, units, placed_at, priority = row[:7]
        code, name, number, customer, is_collected, at, to, kinds, rule = row[7:16]
        holds = () if order == free_of_holds else tuple(kinds or ())
        rules[sku] = QueueRule(rule)
        waiters.append(
            InLine(
                line_id=line,
                order_id=order,
                sku_id=sku,
                channel_id=channel,
                units=units,
                placed_at=placed_at,
                priority=priority,
                is_held=bool(holds),
                sku=code,
                name=name,
                number=number,
                customer=customer,
                to=Where(to, (at or "") if is_collected else None),
                holds=holds,
                said=Said(row[16], tuple(row[17]), *row[18:]),
            )
        )
    return Queues(waiters, rules)


def _degrees(said: object) -> float | None:
    return float(str(said)) if said is not None else None


class Reaching:
    """Which locations may serve a waiter, the closest first: where it is collected, else those
    that the routing rules let serve such an order, from where a service that its channel allows
    goes there. Addresses are looked up once for each routing."""

    def __init__(self, at: datetime, places: Sequence[ServingLocation] | None = None) -> None:
        self._at = at
        self._places = serving_locations() if places is None else list(places)
        self._book = live_rules()
        self._known: dict[tuple[Where, int, Routing], tuple[int, ...]] = {}

    def __call__(self, waiter: InLine) -> tuple[int, ...]:
        key = waiter.to, waiter.channel_id, self._routing(waiter)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._reaching(*key)
        return found

    def _routing(self, waiter: InLine) -> Routing:
        if len(self._book.routings) == 1 and self._book.routings[0].when == When():
            return self._book.routings[0]
        kept, said = json.loads(waiter.to.address), waiter.said
        days = (said.deliver_by - self._at) / timedelta(days=1) if said.deliver_by else None
        asked = Asked(
            channel=slug_of(waiter.channel_id),
            service=said.service,
            tags=said.tags,
            country=kept.get("country") or "",
            postal_code=kept.get("postal_code") or "",
            priority=waiter.priority,
            value=said.value,
            currency=said.currency,
            days=days,
        )
        return self._book.routing_for(asked)

    def _reaching(self, to: Where, channel_id: int, routing: Routing) -> tuple[int, ...]:
        if to.collected_at is not None:
            return tuple(each.pk for each in self._places if each.code == to.collected_at)
        kept: dict[str, str | None] = json.loads(to.address)
        country, postal_code = kept.get("country") or "", kept.get("postal_code") or ""
        target = locate(
            country=country,
            postal_code=postal_code,
            city=kept.get("city") or "",
            latitude=_degrees(kept.get("latitude")),
            longitude=_degrees(kept.get("longitude")),
        )

        ways = {each.pk: distance_km(each.position, target) for each in self._places}
        carried = carried_from(
            self._places, Destination(country, postal_code), self._at, channel_id=channel_id
        )
        found = [
            each.pk
            for each in self._places
            if each.pk in carried
            and self._book.lets(routing, code=each.code, kind=each.kind, km=ways[each.pk])
        ]
        return tuple(sorted(found, key=lambda pk: (unknown_last(ways[pk]), pk)))


def pool_of(sku_ids: Iterable[int]) -> Pool:
    """Return what is free of these SKUs where orders are served; less than 0 where the safety
    stock lacks. One query."""
    places = [place.pk for place in serving_locations()]
    found = supply(sku_ids=list(sku_ids), location_ids=places)
    return {(each.location_id, each.sku_id): each.available for each in found}


def coming_of(sku_ids: Iterable[int], *, today: date) -> list[Coming]:
    """Return what is coming of these SKUs to where orders are served. One query.

    Only a supplier's word or a transfer that left gives a day, and only while it is not over.
    """
    places = {place.pk for place in serving_locations()}
    return [
        Coming(
            each.location_id,
            each.sku_id,
            each.units,
            each.expected_on
            if each.is_committed and each.expected_on and each.expected_on >= today
            else None,
            each.number,
        )
        for each in inbound(sorted(set(sku_ids)))
        if each.location_id in places
    ]


@dataclass(frozen=True)
class Outlook:
    """The queues of some SKUs, what lies free and what is coming of them, and whose it will be."""

    queues: Queues
    reach: Reaching
    pool: Pool
    coming: list[Coming]
    told: dict[int, list[Foreseen[InLine]]]

    def sources(self, sku_id: int) -> set[int]:
        """The ids of the locations where units of a SKU lie free, or come to."""
        lie = {place for (place, sku), units in self.pool.items() if sku == sku_id and units > 0}
        return lie | {each.location_id for each in self.coming if each.sku_id == sku_id}


def outlook(
    sku_ids: Collection[int],
    *,
    at: datetime,
    free_of_holds: int = NO_ORDER,
    of_days_alone: bool = False,
) -> Outlook:
    """Return who waits for these SKUs, and what of what is coming each will get. Three queries;
    one less when nothing is coming and it is asked `of_days_alone`."""
    found = queues(sku_ids, free_of_holds=free_of_holds)
    reach = Reaching(at)
    coming = coming_of(found.rules, today=timezone.localdate(at))
    pool = pool_of(found.rules) if coming or not of_days_alone else {}
    told: dict[int, list[Foreseen[InLine]]] = defaultdict(list)
    out = release_dates()
    for each in foresee(found.waiters, pool, coming, found.rules, reach):
        day = out.get(each.waiter.sku_id)
        late = replace(each, on=day) if each.on and day and each.on < day else each
        told[each.waiter.line_id].append(late)
    return Outlook(found, reach, pool, coming, told)


@dataclass(frozen=True)
class Expected:
    """Units of a line that wait for stock, and the day they are expected; None: not known yet."""

    line: OrderLine
    units: int
    expected_on: date | None


def expected_of(order: Order, lines: Sequence[OrderLine]) -> list[Expected]:
    """Return when the waiting units of these lines of an order can be expected.

    As the queue will be served: what is coming is given to those ahead before it is given to this
    one. A hold of the order itself is left out of account. Three queries; none when nothing waits.
    """
    waiting = [line for line in lines if line.backordered]
    if not waiting:
        return []
    skus = {line.stock_id for line in waiting}
    told = outlook(skus, at=timezone.now(), free_of_holds=order.pk, of_days_alone=True).told
    return [each for line in waiting for each in expected_by(line, told.get(line.pk, ()))]


def expected_by(line: OrderLine, told: Iterable[Foreseen[InLine]]) -> list[Expected]:
    """Return the days of the units of a line, by what is foreseen for it."""
    days: dict[date | None, int] = {}
    for each in told:
        days[each.on] = days.get(each.on, 0) + each.units
    if rest := line.backordered - sum(days.values()):
        days[None] = days.get(None, 0) + rest
    return [Expected(line, units, on) for on, units in days.items()]
