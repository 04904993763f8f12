"""The queue as people read it: places in line, since when, until when, and what keeps somebody."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Generic, TypeVar

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, QueuePolicy, Reallocation
from fulfillment.rules.queueing import Foreseen, in_order
from fulfillment.selectors.waiting import Expected, InLine, Outlook, expected_by, outlook
from fulfillment.selectors.work import work_of_user
from fulfillment.states import BEFORE_PACKED, QueueRule
from inventory.selectors import inbound, serving_locations
from oms.channels.models import Channel
from oms.core import sql
from oms.core.models import User
from orders.models import Order, OrderLine
from orders.states import OrderStatus, hold_kind

R = TypeVar("R")
PAGE_SIZE = 50
MOST_WORKS = 50


@dataclass(frozen=True)
class Place:
    """One who waits: the place in line, what will be theirs, and why they may be passed over."""

    position: int
    of: int
    waiter: InLine
    channel: str
    rule: QueueRule
    days: Sequence[Foreseen[InLine]]
    outlook: Outlook

    @cached_property
    def why(self) -> list[str]:
        return _why(self.waiter, self.outlook)

    @property
    def unknown(self) -> int:
        """Units that nobody knows a day for."""
        known = sum(each.units for each in self.days if each.on)
        return self.waiter.units - known

    @property
    def known(self) -> list[Foreseen[InLine]]:
        return [each for each in self.days if each.on]

    @property
    def last_on(self) -> date | None:
        """The day on which the last unit is expected; None while nobody knows it."""
        return max(each.on for each in self.known if each.on) if not self.unknown else None


def places_in_line(
    sku_ids: Collection[int],
    *,
    at: datetime,
    location_ids: Collection[int] | None = None,
    channel: str = "",
) -> list[Place]:
    """Return the places in the queues of these SKUs, by SKU. Four queries.

    Of `location_ids` those are shown, and counted, that may be served from one of them; a
    `channel` shows its own places in the line of all.
    """
    return places_of(outlook(sku_ids, at=at), sku_ids, location_ids=location_ids, channel=channel)


def places_of(
    found: Outlook,
    sku_ids: Collection[int],
    *,
    location_ids: Collection[int] | None = None,
    channel: str = "",
) -> list[Place]:
    """Return what `places_in_line` does for queues that are looked up already. One query."""
    channels = Channel.objects.in_bulk({each.channel_id for each in found.queues.waiters})
    here = None if location_ids is None else set(location_ids)
    by_sku: dict[int, list[InLine]] = {}
    for each in found.queues.waiters:
        if each.sku_id in sku_ids and (here is None or here.intersection(found.reach(each))):
            by_sku.setdefault(each.sku_id, []).append(each)
    rules = found.queues.rules
    return [
        Place(
            position,
            len(line),
            waiter,
            channels[waiter.channel_id].name,
            rules[sku_id],
            found.told.get(waiter.line_id, ()),
            found,
        )
        for sku_id, line in sorted(by_sku.items(), key=lambda each: each[1][0].sku)
        for position, waiter in enumerate(in_order(line, rules[sku_id]), start=1)
        if not channel or channels[waiter.channel_id].slug == channel
    ]


def _why(waiter: InLine, found: Outlook) -> list[str]:
    """Say what keeps somebody from being served in turn."""
    reasons = []
    if waiter.holds:
        kinds = ", ".join(str(hold_kind(kind).label) for kind in waiter.holds)
        reasons.append(_("Held: {kinds}").format(kinds=kinds))
    if found.queues.rules[waiter.sku_id] == QueueRule.SHIP_COMPLETE:
        others = found.queues.skus_by_order[waiter.order_id] - {waiter.sku}
        reasons.append(
            _("Whole only, with {skus}").format(skus=", ".join(sorted(others)))
            if others
            else _("Whole only")
        )
    names = {place.pk: place.name for place in serving_locations()}
    reach = found.reach(waiter)
    if waiter.to.collected_at is not None:
        where = ", ".join(names[pk] for pk in reach) or waiter.to.collected_at
        reasons.append(_("Collected at {place}").format(place=where))
    elif far := sorted(names[pk] for pk in found.sources(waiter.sku_id) - set(reach)):
        reasons.append(_("No service from {places}").format(places=", ".join(far)))
    return reasons


@dataclass(frozen=True)
class WaitingLine:
    """Units of an order line that wait: its place in line, and the days they are expected."""

    line: OrderLine
    place: Place
    expected: Sequence[Expected]


def waiting_of(order: Order, lines: Sequence[OrderLine], *, at: datetime) -> list[WaitingLine]:
    """Return the places in line of an order. Four queries; none when nothing waits."""
    waiting = {line.pk: line for line in lines if line.backordered}
    if not waiting:
        return []
    skus = {line.stock_id for line in waiting.values()}
    found = outlook(skus, at=at)
    return [
        WaitingLine(line, place, expected_by(line, place.days))
        for place in places_of(found, skus)
        if (line := waiting.get(place.waiter.line_id))
    ]


SKUS = """
SELECT l.sku_id, l.sku_code, min(l.name), count(DISTINCT l.order_id)::int,
       sum(l.backordered)::int, min(o.placed_at), coalesce(own.rule, usual.rule, %s),
       own.rule IS NOT NULL
FROM orders_orderline l
JOIN orders_order o ON o.id = l.order_id
LEFT JOIN fulfillment_queuepolicy own ON own.sku_id = l.sku_id
LEFT JOIN fulfillment_queuepolicy usual ON usual.sku_id IS NULL
WHERE l.backordered > 0 AND o.status = %s
  AND (%s = '' OR starts_with(lower(l.sku_code), lower(%s)))
  AND (%s = '' OR o.channel_id = (SELECT c.id FROM channels_channel c WHERE c.slug = %s))
  AND (%s::text[] IS NULL OR l.ship_to IS NOT NULL OR o.service <> 'pickup'
       OR o.metadata->>'pickup_location' = ANY(%s::text[]))
GROUP BY l.sku_id, l.sku_code, own.rule, usual.rule
ORDER BY min(o.placed_at), l.sku_id
"""


@dataclass(frozen=True)
class Queue:
    """The queue of one SKU at a glance; `arrives_on` is the first day that somebody stands for."""

    sku_id: int
    sku: str
    name: str
    orders: int
    units: int
    since: datetime
    rule: QueueRule
    has_own_rule: bool
    coming: int = 0
    arrives_on: date | None = None


def queue_list(
    *, search: str = "", channel: str = "", location_ids: Collection[int] | None = None
) -> list[Queue]:
    """Return the SKUs that orders wait for, the longest wait first. One query.

    Of `location_ids` those that are collected elsewhere are not counted.
    """
    codes = None
    if location_ids is not None:
        codes = [place.code for place in serving_locations() if place.pk in location_ids]
    params = [QueueRule.FIRST_IN, OrderStatus.OPEN, search, search, channel, channel, codes, codes]
    rows = sql.run(SKUS, [str(each) if isinstance(each, str) else each for each in params])
    return [
        Queue(sku_id, sku, name, orders, units, since, QueueRule(rule), is_own)
        for sku_id, sku, name, orders, units, since, rule, is_own in rows
    ]


def with_arrivals(queues: Sequence[Queue], *, today: date) -> list[Queue]:
    """Return these queues with what is coming of their SKUs. One query."""
    coming: dict[int, int] = {}
    first: dict[int, date] = {}
    places = {place.pk for place in serving_locations()}
    for each in inbound([queue.sku_id for queue in queues]):
        if each.location_id not in places:
            continue
        coming[each.sku_id] = coming.get(each.sku_id, 0) + each.units
        if each.is_committed and each.expected_on and each.expected_on >= today:
            first.setdefault(each.sku_id, each.expected_on)
    return [
        replace(
            queue,
            coming=coming.get(queue.sku_id, 0),
            arrives_on=first.get(queue.sku_id),
        )
        for queue in queues
    ]


@dataclass(frozen=True)
class Policy:
    """The rule of a SKU, whether it is its own, and the rule of those that have none."""

    rule: QueueRule
    is_own: bool
    usual: QueueRule


def policy_of(sku_id: int | None) -> Policy:
    """Return who is served first of those that wait for a SKU; None: for any other. One query."""
    kept = QueuePolicy.objects.filter(Q(sku_id__isnull=True) | Q(sku_id=sku_id or 0))
    rules: dict[int | None, QueueRule] = {
        pk: QueueRule(rule) for pk, rule in kept.values_list("sku_id", "rule")
    }
    usual = rules.get(None, QueueRule.FIRST_IN)
    return Policy(rules.get(sku_id, usual), sku_id in rules, usual)


@dataclass(frozen=True)
class Holder:
    """Work that has units of a SKU which nobody picked yet."""

    work: FulfillmentOrder
    units: int


def holders_of(sku_id: int, places: Sequence[Place], user: User) -> list[Holder]:
    """Return the work at this person's locations from which units may be given to those in line,
    the latest orders first. Two queries."""
    rows = (
        _unpicked(sku_id, places, user)
        .order_by("-fulfillment_order__order__placed_at", "-pk")
        .values_list("fulfillment_order_id", "quantity", "picked")
    )
    units: dict[int, int] = {}
    for work_id, quantity, picked in rows[: 2 * MOST_WORKS]:
        units[work_id] = units.get(work_id, 0) + quantity - picked
    works = FulfillmentOrder.objects.select_related("order", "location").in_bulk(list(units))
    return [Holder(works[pk], count) for pk, count in list(units.items())[:MOST_WORKS]]


def can_give(sku_id: int, places: Sequence[Place], user: User) -> bool:
    """Whether work at this person's locations has units which nobody picked, for another order
    than its own. One query."""
    return bool(places) and _unpicked(sku_id, places, user).exists()


def _unpicked(sku_id: int, places: Sequence[Place], user: User) -> QuerySet[FulfillmentOrderLine]:
    works = work_of_user(user).filter(status__in=BEFORE_PACKED)
    waiting = {each.waiter.order_id for each in places}
    if len(waiting) == 1:
        works = works.exclude(order__in=waiting)
    return FulfillmentOrderLine.objects.filter(
        sku=sku_id, quantity__gt=F("picked"), fulfillment_order__in=works
    )


def reallocations() -> QuerySet[Reallocation]:
    """Return what was moved from order to order, in no order yet."""
    return Reallocation.objects.select_related(
        "sku", "location", "giver", "taker", "given_by", "taken_by"
    )


def unpicked_of(moved: Reallocation) -> int:
    """Return how many units of a move nobody has picked since. One query."""
    rows = FulfillmentOrderLine.objects.filter(
        fulfillment_order=moved.taken_by_id,
        fulfillment_order__status__in=BEFORE_PACKED,
        sku=moved.sku_id,
    )
    left: int = rows.aggregate(left=Coalesce(Sum(F("quantity") - F("picked")), 0))["left"]
    return min(moved.units, left)


@dataclass(frozen=True)
class Slice(Generic[R]):
    """Some rows of a list that is worked out whole; `newer` and `older` are cursors."""

    rows: Sequence[R]
    newer: str | None
    older: str | None

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def cut(
    rows: Sequence[R], key: Callable[[R], object], *, cursor: str = "", size: int = PAGE_SIZE
) -> Slice[R]:
    """Return the page of `rows` that a cursor names by the row it begins after, or ends before.

    A row that is gone, or a cursor that is not ours, shows the first page.
    """
    towards, _separator, named = cursor.partition(":")
    keys = [str(key(row)) for row in rows]
    at = keys.index(named) if named in keys else None
    first = 0
    if at is not None:
        first = at + 1 if towards == "after" else max(0, at - size)
    last = min(len(rows), at if at is not None and towards == "before" else first + size)
    return Slice(
        rows[first:last],
        newer=f"before:{keys[first]}" if 0 < first < len(rows) else None,
        older=f"after:{keys[last - 1]}" if 0 < last < len(rows) else None,
    )
