"""Past orders decided once more, by two rule books side by side. It only reads.

Each rule book has a world of its own: what it takes for one order lacks for the next, as it would
have. What was received, counted, adjusted, cancelled and sent in the meantime happens in both as
it did. Who waits in a world goes on waiting there: the queue is not replayed.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from fulfillment.rules import tallying
from fulfillment.rules.costing import Units as UnitsBySku
from fulfillment.rules.routing import RuleBook
from fulfillment.rules.sourcing import Plan
from fulfillment.rules.tallying import Outcome
from fulfillment.rules.worlds import Place, World
from fulfillment.selectors.measuring import Measured
from fulfillment.selectors.replaying import (
    Move,
    Past,
    Position,
    StockThen,
    past_orders,
    taken_by,
)
from fulfillment.services.deciding import decide_for, measured
from fulfillment.services.goals import Goal, Units, goals_of
from inventory import selectors as stock
from inventory.selectors import ServingLocation, Supply, serving_locations
from inventory.states import MovementKind
from oms.catalog.selectors import grams_by_sku
from oms.core import sql
from orders.states import PICKUP

AT_ONCE = 500
"""Orders that are read together."""

LIVE, DRAFT = range(2)


@contextmanager
def only_reading() -> Iterator[None]:
    """The database itself refuses to write anything inside, and it is rolled back at the end."""
    with transaction.atomic():
        sql.run("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Decided:
    """An order, and what it comes to by either rules."""

    past: Past
    live: Outcome
    draft: Outcome


@dataclass
class Simulation:
    """Two rule books that decide the orders of a time, from `since` up to `until`.

    Call `go_on` until it says that nothing is left; `kept` and `again` carry it from one process
    to the next. Memory grows with the SKUs of these orders and with those decided otherwise that
    have not left yet, not with the orders.
    """

    live: RuleBook
    draft: RuleBook
    since: datetime
    until: datetime
    position: Position | None = None
    figures: dict[str, Any] = field(default_factory=tallying.nothing)
    worlds: tuple[World, World] = field(default_factory=lambda: (World(), World()))
    early: dict[str, dict[Place, int]] = field(default_factory=dict)
    """What orders reserved at the very moment where this stands, before they were read."""
    is_over: bool = False

    def __post_init__(self) -> None:
        self._places = serving_locations()
        self._stock: StockThen | None = None
        self._stands_at = self.since - timedelta(microseconds=1)

    def kept(self) -> dict[str, Any]:
        """As plain values, for the next slice of work."""
        return {
            "worlds": [each.kept() for each in self.worlds],
            "stands_at": self._stands_at.isoformat(),
            "early": {
                order: [[*place, units] for place, units in taken.items()]
                for order, taken in self.early.items()
            },
        }

    def again(self, kept: Mapping[str, Any]) -> None:
        """Begin where `kept` was told."""
        if not kept:
            return
        live, draft = (World.again(each) for each in kept["worlds"])
        self.worlds = (live, draft)
        self._stands_at = datetime.fromisoformat(kept["stands_at"])
        self.early = {
            order: {(location_id, sku_id): units for location_id, sku_id, units in rows}
            for order, rows in kept["early"].items()
        }

    def go_on(self, most: int = AT_ONCE) -> list[Decided]:
        """Decide the next orders; return those that are decided otherwise. A constant number of
        queries, however many they are."""
        with only_reading():
            orders, self.position = past_orders(self.since, self.until, self.position, most)
            self.is_over = self.position is None
            return self._decide_all(orders) if orders else []

    def _decide_all(self, orders: list[Past]) -> list[Decided]:
        sku_ids = sorted({line.stock_id for past in orders for line in past.lines})
        if self._stock is None:
            self._stock = StockThen(self._stands_at, [each.pk for each in self._places])
        self._stock.know(sku_ids)
        until = max(orders[-1].at, self._stands_at)
        moves = self._stock.moves_until(until)
        times = {past.order.number: past.at for past in orders}
        turn = _Turn(self, self._stock, grams_by_sku(sku_ids), sku_ids, taken_by(moves, times))
        found = list(turn.run(orders, moves))
        decided = times.keys()
        self.early = {
            order: taken
            for order, taken in _reserved_at(moves, until).items()
            if order not in decided
        } | ({} if until > self._stands_at else self.early)
        self._stands_at = until
        day = (until - timedelta(days=2)).date().isoformat()
        for world in self.worlds:
            world.forget_days_before(day)
        return found


def _reserved_at(moves: list[Move], at: datetime) -> dict[str, dict[Place, int]]:
    orders = {move.order: at for move in moves if move.at == at and move.order}
    return taken_by(moves, orders)


class _Turn:
    """One run through the ledger, with the orders that are read together."""

    def __init__(
        self,
        run: Simulation,
        stock: StockThen,
        grams: UnitsBySku,
        sku_ids: list[int],
        truly: Mapping[str, dict[Place, int]],
    ) -> None:
        self._run, self._stock, self._grams = run, stock, grams
        self._truly, self._from = truly, run._stands_at
        self._lots = _Lots(sku_ids, [each.pk for each in run._places])

    def run(self, orders: list[Past], moves: list[Move]) -> Iterator[Decided]:
        """Decide each order where the ledger says that it was decided, and follow the ledger."""
        open_orders = {past.order.number: past for past in orders}
        times = {past.order.number: past.at for past in orders}
        for move in moves:
            while open_orders:
                first = next(iter(open_orders.values()))
                if first.at >= move.at:
                    break
                yield from self._settle(open_orders.pop(first.order.number))
            is_own = move.kind == MovementKind.RESERVE and times.get(move.order) == move.at
            if is_own and move.order in open_orders:
                yield from self._settle(open_orders.pop(move.order))
            self._stock.apply(move)
            if move.order and not is_own:
                self._follow(move)
        for past in open_orders.values():
            yield from self._settle(past)

    def _follow(self, move: Move) -> None:
        for world in self._run.worlds:
            if move.kind == MovementKind.RESERVE:
                world.reserved(move.order, move.place, -move.units)
            elif move.kind == MovementKind.RELEASE:
                world.released(move.order, move.place, move.units)
            elif move.kind == MovementKind.SHIP:
                world.left(move.order)

    def _settle(self, past: Past) -> Iterator[Decided]:
        run, number = self._run, past.order.number
        early = run.early.get(number, {})
        truly = self._truly.get(number, early)
        books = (run.live, run.draft)
        taken: list[dict[Place, int]] = []
        outcomes: list[Outcome] = []
        for world, book in zip(run.worlds, books, strict=True):
            took, outcome = self._decide(past, book, world, early)
            taken.append(took)
            outcomes.append(outcome)
        for world, took in zip(run.worlds, taken, strict=True):
            world.decide(number, took, taken[LIVE] if past.at < self._from else truly)
        live, draft = outcomes
        differs = taken[LIVE] != taken[DRAFT] or live.is_parked != draft.is_parked
        units = sum(line.quantity for line in past.lines)
        tallying.add(run.figures, units, live, draft, differs)
        if differs:
            yield Decided(past, live, draft)

    def _decide(
        self, past: Past, book: RuleBook, world: World, early: Mapping[Place, int]
    ) -> tuple[dict[Place, int], Outcome]:
        """What a rule book takes where for an order in its world, and what that comes to."""
        order, outcome = past.order, Outcome()
        taken: dict[Place, int] = {}
        wanted = [
            Units(line, line.quantity)
            for line in past.lines
            if (line.ship_to or order.ship_to).country or order.service == PICKUP
        ]
        for goal in goals_of(order, wanted):
            here = [each for each in self._run._places if goal.at is None or each.pk == goal.at]
            free = self._free(goal, here, world, early, taken)
            measures = self._measures(past, goal, here, world, free)
            plan, _position = decide_for(
                order,
                goal,
                here,
                free,
                self._grams,
                past.at,
                book=book,
                may_park=True,
                measures=measures,
            )
            self._measure(outcome, plan, measures, here)
            for each in plan.placements:
                place = (each.location_id, each.sku_id)
                taken[place] = taken.get(place, 0) + each.quantity
            for location_id in {each.location_id for each in plan.placements}:
                at = next(each for each in here if each.pk == location_id)
                world.give(location_id, _day(past.at, at))
        return taken, outcome

    def _free(
        self,
        goal: Goal,
        places: list[ServingLocation],
        world: World,
        early: Mapping[Place, int],
        taken: Mapping[Place, int],
    ) -> dict[Place, Supply]:
        found = {}
        for sku_id in {each.line.stock_id for each in goal.units}:
            for each in places:
                place = (each.pk, sku_id)
                units = self._stock.free.get(place)
                if units is not None:
                    units += world.more.get(place, 0) + early.get(place, 0) - taken.get(place, 0)
                    found[place] = Supply(0, sku_id, each.pk, units)
        return found

    def _measures(
        self,
        past: Past,
        goal: Goal,
        places: list[ServingLocation],
        world: World,
        free: Mapping[Place, Supply],
    ) -> "_MeasuredThen":
        spare: dict[int, dict[int, int]] = {}
        for place, each in free.items():
            if (margin := self._stock.margin.get(place)) is not None:
                spare.setdefault(each.location_id, {})[each.sku_id] = max(
                    0, each.available + margin
                )
        return _MeasuredThen.of(past, goal, places, self._grams, world, spare, self._lots)

    def _measure(
        self,
        outcome: Outcome,
        plan: Plan,
        measures: "_MeasuredThen",
        places: list[ServingLocation],
    ) -> None:
        codes = {each.pk: each.code for each in places}
        away = {each.location_id: each.distance_km for each in plan.looked_at}
        parts: dict[int, dict[int, int]] = {}
        for each in plan.placements:
            part = parts.setdefault(each.location_id, {})
            part[each.sku_id] = part.get(each.sku_id, 0) + each.quantity
        spare = measures.spare()
        for location_id, part in parts.items():
            code, units = codes[location_id], sum(part.values())
            outcome.parts[code] = outcome.parts.get(code, 0) + units
            outcome.km += away[location_id] or 0
            there = spare.get(location_id, {})
            outcome.below += sum(
                max(0, count - there.get(sku_id, count)) for sku_id, count in part.items()
            )
            weight = sum(self._grams[sku_id] * count for sku_id, count in part.items())
            freight = measures.freight(location_id, weight) if measures.has_freight else None
            if freight is None:
                outcome.unpriced += 1
            else:
                outcome.pay(code, freight.currency, freight.amount)
                outcome.late_days = max(outcome.late_days, freight.days_late)
        outcome.waits += sum(plan.left.values())
        outcome.is_parked = outcome.is_parked or plan.is_parked


class _Lots:
    """Units of lots that keep long enough, as they lie now: which lots lay there is not rebuilt."""

    def __init__(self, sku_ids: Collection[int], location_ids: Collection[int]) -> None:
        self._asked = (sku_ids, location_ids)
        self._known: dict[Any, Mapping[int, UnitsBySku]] = {}

    def lasting(self, at: datetime, days: int) -> Mapping[int, UnitsBySku]:
        until = timezone.localdate(at) + timedelta(days=days)
        if until not in self._known:
            sku_ids, location_ids = self._asked
            self._known[until] = stock.lasting(
                sku_ids=sku_ids, location_ids=location_ids, until=until
            )
        return self._known[until]


class _MeasuredThen(Measured):
    """What could be known of locations when an order was decided, in the world of a rule book."""

    _past: Past
    _world: World
    _then: Mapping[int, UnitsBySku]
    _lots: _Lots

    @classmethod
    def of(
        cls,
        past: Past,
        goal: Goal,
        places: list[ServingLocation],
        grams: UnitsBySku,
        world: World,
        spare: Mapping[int, UnitsBySku],
        lots: _Lots,
    ) -> "_MeasuredThen":
        made = measured(past.order, goal, places, grams, past.at, cls)
        made._past, made._world, made._then, made._lots = past, world, spare, lots
        return made

    def capacity_left(self, location_id: int) -> int | None:
        place = self._places[location_id]
        if place.daily_capacity is None:
            return None
        given = self._world.given.get((location_id, _day(self._past.at, place)), 0)
        return max(0, place.daily_capacity - given)

    def lasting(self, days: int) -> Mapping[int, UnitsBySku]:
        return self._lots.lasting(self._past.at, days)

    def spare(self) -> Mapping[int, UnitsBySku]:
        return self._then


def _day(at: datetime, place: ServingLocation) -> str:
    return at.astimezone(ZoneInfo(place.time_zone)).date().isoformat()
