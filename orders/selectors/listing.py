"""Orders by the dozen: views, their counts, and what a row shows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils.module_loading import import_string

from inventory.selectors import visible_location_ids
from oms.core import sql
from oms.core.models import User
from orders.models import Hold, Order, OrderLine, Refund
from orders.states import OrderStatus, RefundStatus

Narrow = Callable[[QuerySet[Order], Sequence[int]], QuerySet[Order]]

COUNTED_UP_TO = 10_000
COUNTERS = (
    "quantity",
    "allocated",
    "backordered",
    "picked",
    "packed",
    "shipped",
    "delivered",
    "cancelled",
    "returned",
)
MOVING = [RefundStatus.GRANTED, RefundStatus.SENDING, RefundStatus.IN_DOUBT]


def order_list() -> QuerySet[Order]:
    """Return all orders with their channel, in no order yet."""
    return Order.objects.select_related("channel")


def orders_of(user: User) -> QuerySet[Order]:
    """Return the orders that `user` sees: all, or those with work at their locations."""
    visible = visible_location_ids(user)
    if visible is None:
        return order_list()
    narrow: Narrow = import_string(settings.ORDERS_AT_LOCATIONS)
    return narrow(order_list(), visible)


@dataclass(frozen=True)
class View:
    """One tab of the list: a name, which orders it shows, and how its count is read."""

    name: str
    label: str
    narrow: Callable[[QuerySet[Order]], QuerySet[Order]]
    counted: str = ""


def _open(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.filter(status=OrderStatus.OPEN)


def _waiting(orders: QuerySet[Order]) -> QuerySet[Order]:
    waiting = OrderLine.objects.filter(backordered__gt=0)
    return orders.filter(status=OrderStatus.OPEN, pk__in=waiting.values("order_id"))


def _held(orders: QuerySet[Order]) -> QuerySet[Order]:
    standing = Hold.objects.filter(released_at__isnull=True)
    return orders.filter(status=OrderStatus.OPEN, pk__in=standing.values("order_id"))


def _refunding(orders: QuerySet[Order]) -> QuerySet[Order]:
    moving = Refund.objects.filter(status__in=MOVING)
    return orders.filter(pk__in=moving.values("order_id"))


VIEWS = {
    view.name: view
    for view in (
        View(
            "open", "Open", _open, "SELECT 1 FROM orders_order WHERE status = 'open' LIMIT %(most)s"
        ),
        View(
            "waiting",
            "Waiting for stock",
            _waiting,
            "SELECT DISTINCT order_id FROM (SELECT order_id FROM orders_orderline "
            "WHERE backordered > 0 LIMIT %(most)s) w",
        ),
        View(
            "held",
            "On hold",
            _held,
            "SELECT DISTINCT order_id FROM (SELECT order_id FROM orders_hold "
            "WHERE released_at IS NULL LIMIT %(most)s) h",
        ),
        View(
            "refunding",
            "Refund on its way",
            _refunding,
            "SELECT DISTINCT order_id FROM (SELECT order_id FROM orders_refund "
            "WHERE status IN ('granted', 'sending', 'in_doubt') LIMIT %(most)s) r",
        ),
        View("completed", "Completed", lambda rows: rows.filter(status=OrderStatus.COMPLETED)),
        View("cancelled", "Cancelled", lambda rows: rows.filter(status=OrderStatus.CANCELLED)),
        View("all", "All", lambda rows: rows),
    )
}


def view_counts(user: User) -> dict[str, int]:
    """Return how many orders the counted views show, ten thousand at most. One query.

    Who sees some orders only is told no counts.
    """
    if visible_location_ids(user) is not None:
        return {}
    counted = [view for view in VIEWS.values() if view.counted]
    parts = (f"(SELECT count(*) FROM ({view.counted}) v)" for view in counted)  # noqa: S608
    statement = f"SELECT {', '.join(parts)}".replace("%(most)s", str(COUNTED_UP_TO))
    [row] = sql.run(statement)
    return dict(zip((view.name for view in counted), row, strict=True))


def open_count(user: User, locations: Sequence[str]) -> int | None:
    """Return how many orders are open, ten thousand at most; None for who sees some only."""
    if visible_location_ids(user) is not None:
        return None
    statement = f"SELECT count(*) FROM ({VIEWS['open'].counted}) v"  # noqa: S608 (our own words)
    [(count,)] = sql.run(statement.replace("%(most)s", str(COUNTED_UP_TO)))
    return int(count)


@dataclass(frozen=True)
class OrderRow:
    """What a list shows of one order: itself, its units all together, its standing holds."""

    order: Order
    units: dict[str, int]
    holds: list[str]

    @cached_property
    def place(self) -> str:
        address = self.order.ship_to
        return ", ".join(part for part in (address.city, address.country) if part)


def rows_of(orders: Iterable[Order]) -> list[OrderRow]:
    """Return the rows of a page of orders. Two queries however many."""
    page = list(orders)
    keys = [order.pk for order in page]
    units: dict[int, dict[str, int]] = {}
    sums = {name: Sum(name) for name in COUNTERS}
    lines = OrderLine.objects.filter(order__in=keys).values("order_id").annotate(**sums)
    for row in lines.values_list("order_id", *COUNTERS):
        units[row[0]] = dict(zip(COUNTERS, row[1:], strict=True))
    holds: dict[int, list[str]] = defaultdict(list)
    standing = Hold.objects.filter(order__in=keys, released_at__isnull=True).order_by("set_at")
    for pk, kind in standing.values_list("order_id", "kind"):
        holds[pk].append(kind)
    return [OrderRow(order, units.get(order.pk, {}), holds[order.pk]) for order in page]


def metrics() -> list[tuple[str, dict[str, str], float]]:
    """Return the figures that monitoring asks for, each counted to ten thousand. One query."""
    statuses = [str(status) for status in OrderStatus]
    rows = sql.run(
        "SELECT s, (SELECT count(*) FROM "
        "(SELECT 1 FROM orders_order WHERE status = s LIMIT %s) o) FROM unnest(%s::text[]) AS s",
        [COUNTED_UP_TO, statuses],
    )
    return [("oms_orders", {"status": status}, count) for status, count in rows]
