"""Reads: orders as they were decided, and stock as it lay then."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Min, Q, QuerySet

from fulfillment.models import SourcingDecision
from fulfillment.rules.worlds import Place
from inventory.states import HELD, MovementKind
from oms.core import sql
from orders.models import Order, OrderLine

Position = tuple[datetime, int]
"""When an order was placed, and its id: where a back-test stands."""

STOOD = """
SELECT l.location_id, l.sku_id,
       l.on_hand - l.reserved - l.held - l.safety_stock - coalesce(m.since, 0),
       CASE WHEN l.reorder_point > 0 THEN l.safety_stock - l.reorder_point END
FROM inventory_stocklevel l
LEFT JOIN LATERAL (
    SELECT sum(on_hand_delta - reserved_delta
               - CASE WHEN state = ANY(%(held)s) THEN on_hand_delta ELSE 0 END) AS since
    FROM inventory_movement
    WHERE level_id = l.id AND happened_at > %(at)s
) m ON true
WHERE l.sku_id = ANY(%(skus)s) AND l.location_id = ANY(%(places)s)
"""
MOVED = """
SELECT m.happened_at, m.kind, m.reference, l.location_id, l.sku_id,
       m.on_hand_delta - m.reserved_delta
       - CASE WHEN m.state = ANY(%(held)s) THEN m.on_hand_delta ELSE 0 END
FROM inventory_movement m
JOIN inventory_stocklevel l ON l.id = m.level_id
WHERE m.happened_at > %(after)s AND m.happened_at <= %(until)s
  AND m.kind <> ALL(%(within)s)
  AND l.sku_id = ANY(%(skus)s) AND l.location_id = ANY(%(places)s)
ORDER BY m.happened_at, m.id
"""
WITHIN = [str(each) for each in (MovementKind.PICK, MovementKind.PUT_BACK, MovementKind.MOVE)]
"""Movements that leave as much free as before."""


class Move(NamedTuple):
    """A line of the ledger: so many units more (or fewer) free at a place, for an order or not."""

    at: datetime
    kind: str
    order: str
    place: Place
    units: int


class StockThen:
    """What was free at a moment: what is free now, less what the ledger says of the time since.

    It goes forward only. SKUs are read when they are first asked for, and kept.
    """

    def __init__(self, at: datetime, location_ids: Sequence[int]) -> None:
        self.at = at
        self._places = list(location_ids)
        self._known: set[int] = set()
        self.free: dict[Place, int] = {}
        self.margin: dict[Place, int] = {}
        """Safety stock less reorder point, where there is one."""

    def know(self, sku_ids: Collection[int]) -> None:
        """Read how these SKUs stood at the moment where this stands. At most one query."""
        missing = sorted(set(sku_ids) - self._known)
        if not missing:
            return
        self._known.update(missing)
        said = {
            "held": sorted(HELD),
            "at": self.at,
            "skus": missing,
            "places": self._places,
        }
        for location_id, sku_id, free, margin in sql.run(STOOD, said):
            self.free[location_id, sku_id] = free
            if margin is not None:
                self.margin[location_id, sku_id] = margin

    def moves_until(self, at: datetime) -> list[Move]:
        """Return what the ledger says from here to `at`, of the SKUs that are known. One query.

        Whoever asks leads this along with `apply`."""
        said = {
            "held": sorted(HELD),
            "within": WITHIN,
            "after": self.at,
            "until": at,
            "skus": sorted(self._known),
            "places": self._places,
        }
        rows = sql.run(MOVED, said)
        self.at = max(self.at, at)
        return [
            Move(happened_at, kind, order_of(reference), (location_id, sku_id), units)
            for happened_at, kind, reference, location_id, sku_id, units in rows
        ]

    def apply(self, move: Move) -> None:
        self.free[move.place] = self.free.get(move.place, 0) + move.units


def order_of(reference: str) -> str:
    """Return the number of the order that a piece of work is for; nothing for other documents."""
    if not reference.startswith("FO-"):
        return ""
    return "SO-" + reference.removeprefix("FO-").rpartition("-")[0]


@dataclass(frozen=True)
class Past:
    """An order as it is decided once more: when, and which lines."""

    order: Order
    lines: list[OrderLine]
    at: datetime

    @property
    def position(self) -> Position:
        return self.order.placed_at, self.order.pk


def routed_orders(since: datetime, until: datetime) -> QuerySet[Order]:
    """Return the orders of a time, `until` not included."""
    return Order.objects.filter(placed_at__gte=since, placed_at__lt=until)


def past_orders(
    since: datetime, until: datetime, after: Position | None, most: int
) -> tuple[list[Past], Position | None]:
    """Return the next orders that locations were chosen for, in the order of their decisions, and
    where to go on; None when these are the last. Three queries.

    What was never routed (held ever since, sent elsewhere, cancelled at once) is left out.
    """
    rows = routed_orders(since, until)
    if after is not None:
        placed_at, pk = after
        rows = rows.filter(Q(placed_at__gt=placed_at) | Q(placed_at=placed_at, pk__gt=pk))
        rows = rows.filter(placed_at__gte=placed_at)
    orders = list(rows.order_by("placed_at", "pk")[:most])
    ids = [each.pk for each in orders]
    decided = dict(
        SourcingDecision.objects.filter(order_id__in=ids)
        .order_by()
        .values_list("order_id")
        .annotate(first=Min("decided_at"))
    )
    lines: dict[int, list[OrderLine]] = {}
    wanted = OrderLine.objects.filter(order_id__in=decided, ships=True, sku__isnull=False)
    for line in wanted.filter(quantity__gt=0).order_by("order_id", "position"):
        lines.setdefault(line.order_id, []).append(line)
    found = [Past(each, lines[each.pk], decided[each.pk]) for each in orders if each.pk in lines]
    last = (orders[-1].placed_at, orders[-1].pk) if len(orders) == most else None
    return sorted(found, key=lambda past: (past.at, past.order.pk)), last


def taken_by(moves: Iterable[Move], orders: Mapping[str, datetime]) -> dict[str, dict[Place, int]]:
    """Return what these orders reserved when they were decided first, by order number."""
    found: dict[str, dict[Place, int]] = {}
    for move in moves:
        if move.kind == MovementKind.RESERVE and orders.get(move.order) == move.at:
            taken = found.setdefault(move.order, {})
            taken[move.place] = taken.get(move.place, 0) - move.units
    return found
