"""Progress pushed down from the floors above: counters move, what follows from them is derived."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from oms.core import sql
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.prepared import prepared
from oms.core.services import service
from orders.errors import OrderNotFound, UnitsDoNotAddUp
from orders.events import OrderCompleted
from orders.models import Order, OrderLine
from orders.rules.progress import (
    ending,
    fulfillment_progress,
    payment_progress,
    return_progress,
)
from orders.states import ORDER


class LineMoves(NamedTuple):
    """By how many units each counter of a line moves, and what is asked for (`quantity`)."""

    line_id: int
    allocated: int = 0
    backordered: int = 0
    picked: int = 0
    packed: int = 0
    shipped: int = 0
    delivered: int = 0
    cancelled: int = 0
    quantity: int = 0


@dataclass(frozen=True)
class ReturnMoves:
    """By how many units a line's returns move; units that came back had been delivered."""

    line_id: int
    requested: int = 0
    returned: int = 0


DERIVED = (
    "status",
    "payment_status",
    "fulfillment_status",
    "return_status",
    "cancelled_amount",
    "captured_amount",
    "authorized_amount",
    "refunded_amount",
    "version",
)
MOVED = LineMoves._fields[1:]
COUNTERS = (
    *MOVED,
    "return_requested",
    "returned",
)


@service
def lock_order(*, number: str) -> Order:
    """Lock an order until the transaction ends and return it fresh.

    Raises: OrderNotFound.
    Locks: Order.
    """
    return lock_one(Order.objects.filter(number=number), missing=OrderNotFound(number=number))


@service
def record_progress(
    *,
    order: Order,
    moves: Sequence[LineMoves],
    by: Actor,
    at: datetime,
    lines: Sequence[OrderLine] | None = None,
) -> None:
    """Move the counters of a locked order's lines; several moves of one line add up.

    Statuses follow; the order is completed or cancelled when nothing is left to do. Units that
    came back before a carrier said they had arrived count as delivered once. `lines` are rows at
    hand: those of an order that is just being placed are changed before they are written.

    Raises: UnitsDoNotAddUp.
    Publishes: OrderCompleted.
    """
    rows = _rows(order, lines)
    for move in moves:
        row = rows[move.line_id]
        if move.delivered:
            move = move._replace(delivered=move.delivered - _arrived_before(row, move))
        for name, delta in zip(MOVED, move[1:], strict=True):
            if delta:
                setattr(row, name, getattr(row, name) + delta)
    _settle(order, list(rows.values()), {move.line_id for move in moves}, by, at)


@service
def record_return(*, order: Order, moves: Sequence[ReturnMoves], by: Actor, at: datetime) -> None:
    """Move the return counters of a locked order's lines.

    Raises: UnitsDoNotAddUp.
    """
    rows = _rows(order, None)
    for move in moves:
        row = rows[move.line_id]
        undelivered = max(0, row.returned + move.returned - row.delivered)
        _add(row, (0, 0, 0, 0, 0, undelivered, 0, 0, move.requested, move.returned))
    _settle(order, list(rows.values()), {move.line_id for move in moves}, by, at)


def _rows(order: Order, lines: Sequence[OrderLine] | None) -> dict[int, OrderLine]:
    found = _lines_of(order_id=order.pk) if lines is None else lines
    return {line.pk: line for line in found}


@prepared
def _lines_of(*, order_id: int) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order=order_id).order_by("pk")


def _arrived_before(line: OrderLine, move: LineMoves) -> int:
    """Units of those now delivered that were counted when they came back."""
    too_many = line.delivered + move.delivered - line.shipped - move.shipped
    return max(0, min(too_many, move.delivered, line.returned))


def _add(line: OrderLine, deltas: Sequence[int]) -> None:
    for name, delta in zip(COUNTERS, deltas, strict=True):
        if delta:
            setattr(line, name, getattr(line, name) + delta)


def _adds_up(line: OrderLine) -> bool:
    """What the database checks as well, said in words before it has to."""
    reached = (
        line.quantity - line.cancelled - line.backordered,
        line.allocated,
        line.picked,
        line.packed,
        line.shipped,
        line.delivered,
        line.returned,
        0,
    )
    falls = all(earlier >= later for earlier, later in itertools.pairwise(reached))
    return falls and line.backordered >= 0 and line.cancelled >= 0 and line.return_requested >= 0


def _settle(order: Order, lines: list[OrderLine], moved: set[int], by: Actor, at: datetime) -> None:
    for line in lines:
        if line.pk in moved and not _adds_up(line):
            raise UnitsDoNotAddUp(number=order.number, sku=line.sku_code)
    derive(order, lines)
    verb = ending(lines)
    ends = verb is not None and ORDER.allows(verb, order.status)
    if ends and verb:
        order.status = ORDER.after(verb, order.status)
    if order._state.adding:
        return
    _write(order, [line for line in lines if line.pk in moved])
    if ends and verb == "complete":
        publish(OrderCompleted(thread=order.number, subject=order.number, by=by, at=at))


def derive(order: Order, lines: Sequence[OrderLine]) -> None:
    """Set the derived statuses of `order` from its counters and amounts."""
    order.payment_status = payment_progress(
        total=order.total_amount,
        due=order.due_amount,
        authorized=order.authorized_amount,
        captured=order.captured_amount,
        refunded=order.refunded_amount,
    )
    order.fulfillment_status = fulfillment_progress(lines)
    order.return_status = return_progress(lines)


def save_progress(order: Order) -> None:
    """Write what was derived, and count the change."""
    order.version += 1
    order.save(update_fields=DERIVED)


def _write(order: Order, lines: list[OrderLine]) -> None:
    """Write lines and what was derived from them in one statement, and count the change."""
    if not lines:
        save_progress(order)
        return
    order.version += 1
    columns = [sql.array(line.pk for line in lines)]
    columns += [sql.array(getattr(line, name) for line in lines) for name in COUNTERS]
    sql.run(WRITE, [*columns, *(getattr(order, name) for name in DERIVED), order.pk])


WRITE = f"""
WITH written AS (
    UPDATE orders_orderline l SET {", ".join(f"{name} = n.{name}" for name in COUNTERS)}
    FROM unnest((SELECT %s::bigint[]){", (SELECT %s::int[])" * len(COUNTERS)})
        AS n(id, {", ".join(COUNTERS)})
    WHERE l.id = n.id
)
UPDATE orders_order SET {", ".join(f"{name} = %s" for name in DERIVED)} WHERE id = %s
"""  # noqa: S608 (names are our own)
