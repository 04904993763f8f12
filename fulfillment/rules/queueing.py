"""Who of those that wait gets units: the one rule by which the queue is filled and shown.

Pure: no database, no clock, no settings. What a location can send to whom is asked of `reach`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Generic, TypeVar

from fulfillment.states import QueueRule


@dataclass(frozen=True)
class Waiter:
    """Units of one order line that wait for stock; nothing is given to one that is held."""

    line_id: int
    order_id: int
    sku_id: int
    channel_id: int
    units: int
    placed_at: datetime
    priority: int = 0
    is_held: bool = False

    @property
    def turn(self) -> tuple[datetime, int, int]:
        return (self.placed_at, self.order_id, self.line_id)


W = TypeVar("W", bound=Waiter)
Pool = Mapping[tuple[int, int], int]
"""Units by location id and SKU id."""
Rules = Mapping[int, QueueRule]
"""The rule of each SKU, by id."""
Reach = Callable[[W], Sequence[int]]
"""The ids of the locations that may serve a waiter, the best first."""


@dataclass(frozen=True)
class Given(Generic[W]):
    """Units from one location for one who waits."""

    waiter: W
    location_id: int
    units: int


@dataclass(frozen=True)
class Coming:
    """Units on their way to a location; no day where nobody stands for one."""

    location_id: int
    sku_id: int
    units: int
    on: date | None
    number: str = ""


@dataclass(frozen=True)
class Foreseen(Generic[W]):
    """Units that one who waits will get, of what is coming."""

    waiter: W
    location_id: int
    units: int
    on: date | None
    number: str


def in_order(waiters: Iterable[W], rule: QueueRule) -> list[W]:
    """Return the queue of one SKU as it stands, the next to be served first.

    A fair share is dealt to all channels side by side, so who is a smaller part down the queue of
    their channel stands before who is a larger one. Nobody who is held loses their place.
    """
    oldest_first = sorted(waiters, key=lambda each: each.turn)
    if rule == QueueRule.PRIORITY:
        return sorted(oldest_first, key=lambda each: -each.priority)
    if rule != QueueRule.FAIR_SHARE:
        return oldest_first
    total: dict[int, int] = defaultdict(int)
    for each in oldest_first:
        total[each.channel_id] += each.units
    reached: dict[int, int] = defaultdict(int)
    ranked: list[tuple[float, W]] = []
    for each in oldest_first:
        reached[each.channel_id] += each.units
        ranked.append((reached[each.channel_id] / max(1, total[each.channel_id]), each))
    return [each for _, each in sorted(ranked, key=lambda pair: (pair[0], pair[1].turn))]


def deal(waiters: Iterable[W], pool: Pool, rules: Rules, reach: Reach[W]) -> list[Given[W]]:
    """Return who gets which units of `pool`, in the order in which they are given.

    `waiters` are all lines that wait of each order that must be complete. Where one location has
    all that somebody gets, it comes from there.
    """
    table = _Table(pool, reach)
    by_sku: dict[int, list[W]] = defaultdict(list)
    by_order: dict[int, list[W]] = defaultdict(list)
    are_some_whole = QueueRule.SHIP_COMPLETE in rules.values()
    for each in waiters:
        if each.is_held or not each.units:
            continue
        if are_some_whole:
            by_order[each.order_id].append(each)
        if table.has(each.sku_id):
            by_sku[each.sku_id].append(each)
    for sku_id in sorted(by_sku):
        rule = rules[sku_id]
        if rule == QueueRule.FAIR_SHARE:
            _deal_shares(by_sku[sku_id], table)
        if rule != QueueRule.SHIP_COMPLETE:
            for each in in_order(by_sku[sku_id], rule):
                if not table.has(sku_id):
                    break
                table.give(each, each.units)
    for lines in sorted(by_order.values(), key=lambda them: min(each.turn for each in them)):
        if any(rules[each.sku_id] == QueueRule.SHIP_COMPLETE for each in lines):
            _deal_complete(lines, table, rules)
    return table.given()


def _deal_complete(lines: Sequence[W], table: "_Table[W]", rules: Rules) -> None:
    """Give an order everything it waits for, or nothing of what must be complete."""
    whole = [each for each in lines if rules[each.sku_id] == QueueRule.SHIP_COMPLETE]
    others = [each for each in lines if each not in whole]
    if any(table.got(each) < each.units for each in others):
        return
    if not all(table.has(each.sku_id) for each in whole):
        return
    mark = table.mark()
    for each in sorted(whole, key=lambda one: one.turn):
        table.give(each, each.units)
        if table.got(each) < each.units:
            table.back_to(mark)
            return


def _deal_shares(waiters: Sequence[W], table: "_Table[W]") -> None:
    """Give each channel its part of what is there, the first in first; the rest is not given."""
    queue = sorted((each for each in waiters if table.can_serve(each)), key=lambda each: each.turn)
    wanted: dict[int, int] = {}
    for each in queue:
        wanted[each.channel_id] = wanted.get(each.channel_id, 0) + each.units
    shares = shared(table.units_of(waiters[0].sku_id), wanted)
    for each in queue:
        before = table.got(each)
        table.give(each, min(each.units, shares[each.channel_id]))
        shares[each.channel_id] -= table.got(each) - before


def shared(units: int, wanted: Mapping[int, int]) -> dict[int, int]:
    """Share units in proportion to what is wanted, by largest remainder; nobody gets more.

    Of equal remainders the one named first comes first.
    """
    total = sum(wanted.values())
    if units >= total:
        return dict(wanted)
    shares = {key: units * share // total for key, share in wanted.items()}
    left = units - sum(shares.values())
    by_remainder = sorted(wanted, key=lambda key: -(units * wanted[key] % total))
    for key in by_remainder[:left]:
        shares[key] += 1
    return shares


def foresee(
    waiters: Iterable[W], free: Pool, coming: Iterable[Coming], rules: Rules, reach: Reach[W]
) -> list[Foreseen[W]]:
    """Return what each will get of what is coming, dealt arrival by arrival as it will be.

    Less than nothing may be free: what a safety stock lacks is kept of what comes. What lies free
    already, because nobody may have it alone, counts when the rest has come. Units without a day
    come last.
    """
    left = {each.line_id: each for each in waiters}
    pool = dict(free)
    found: list[Foreseen[W]] = []
    for each in sorted(coming, key=lambda one: (one.on or date.max, one.number, one.location_id)):
        key = (each.location_id, each.sku_id)
        pool[key] = pool.get(key, 0) + each.units
        for given in deal(left.values(), pool, rules, reach):
            waiter = left[given.waiter.line_id]
            pool[given.location_id, waiter.sku_id] -= given.units
            if waiter.units == given.units:
                del left[waiter.line_id]
            else:
                left[waiter.line_id] = replace(waiter, units=waiter.units - given.units)
            found.append(
                Foreseen(given.waiter, given.location_id, given.units, each.on, each.number)
            )
    return found


@dataclass
class _Table(Generic[W]):
    """What is being dealt: what is left of the pool, and what was given from it."""

    pool: Pool
    reach: Reach[W]
    _given: dict[tuple[int, int], Given[W]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._got: dict[int, int] = {}
        self._left: dict[int, dict[int, int]] = defaultdict(dict)
        for (location_id, sku_id), units in self.pool.items():
            if units > 0:
                self._left[sku_id][location_id] = units

    def units_of(self, sku_id: int) -> int:
        return sum(self._left[sku_id].values())

    def has(self, sku_id: int) -> bool:
        return any(self._left[sku_id].values())

    def can_serve(self, waiter: W) -> bool:
        return self.has(waiter.sku_id) and next(self._places(waiter), None) is not None

    def got(self, waiter: W) -> int:
        return self._got.get(waiter.line_id, 0)

    def give(self, waiter: W, units: int) -> None:
        """Give up to so many units, no more in all than are waited for."""
        wanted = min(units, waiter.units - self.got(waiter))
        if wanted <= 0:
            return
        here = self._left[waiter.sku_id]
        places = list(self._places(waiter))
        whole = next((place for place in places if here[place] >= wanted), None)
        for place in places if whole is None else [whole]:
            part = min(wanted, here[place])
            here[place] -= part
            wanted -= part
            key = (waiter.line_id, place)
            before = self._given[key].units if key in self._given else 0
            self._given[key] = Given(waiter, place, before + part)
            self._got[waiter.line_id] = self.got(waiter) + part

    def given(self) -> list[Given[W]]:
        return list(self._given.values())

    def mark(self) -> "_Mark[W]":
        left = {sku: dict(here) for sku, here in self._left.items()}
        return left, dict(self._got), dict(self._given)

    def back_to(self, mark: "_Mark[W]") -> None:
        left, self._got, self._given = mark
        self._left = defaultdict(dict, left)

    def _places(self, waiter: W) -> Iterator[int]:
        here = self._left[waiter.sku_id]
        return (place for place in self.reach(waiter) if here.get(place))


_Mark = tuple[dict[int, dict[int, int]], dict[int, int], dict[tuple[int, int], Given[W]]]
