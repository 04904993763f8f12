"""Work in hand: locked rows, and how far their units move in one step."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from fulfillment.errors import FulfillmentOrderNotFound, OnHold
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Shipment
from inventory import services as inventory
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import current
from oms.core.ids import NextBlock
from oms.core.locking import locking, note
from oms.core.prepared import prepared
from oms.core.states import TransitionNotAllowed
from orders.models import Order
from orders.services import LineMoves, record_progress


@dataclass
class Work:
    """A locked fulfillment order with its lines, and what was asked for along with them."""

    order: Order
    fulfillment_order: FulfillmentOrder
    lines: list[FulfillmentOrderLine]
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def location(self) -> str:
        return self.fulfillment_order.location.code

    @property
    def units(self) -> dict[str, int]:
        """What is to be served, by SKU."""
        return by_sku({line: line.quantity for line in self.lines})


@dataclass(frozen=True)
class Step:
    """How far the units of one line move."""

    line: FulfillmentOrderLine
    quantity: int = 0
    picked: int = 0
    packed: int = 0
    shipped: int = 0


class Reading:
    """How a verb reads its work: the lines, and what else it asks for along with them (`facts`).

    Made once for each verb, so that the query is too; what it does not know by then is `Given`.
    """

    def __init__(self, **facts: Any) -> None:
        self.facts = tuple(facts)

        @prepared
        def lines(*, number: str, order_id: int, **given: Any) -> QuerySet[FulfillmentOrderLine]:
            return (
                FulfillmentOrderLine.objects.filter(
                    fulfillment_order__number=number, fulfillment_order__order=order_id
                )
                .select_related("fulfillment_order__location", "order_line", "sku", "reservation")
                .annotate(**facts)
                .order_by("pk")
                .select_for_update(of=("fulfillment_order",), no_key=True)
            )

        self.lines = lines


LINES_ALONE = Reading()


def lock_work(*, number: str, reading: Reading = LINES_ALONE, **given: Any) -> Work:
    """Lock the order, then its fulfillment order `number`; return it with its lines, fresh.

    Two queries: whoever changes the lines has locked the order first, so they hold still once it
    is ours. `given` is what `reading` has to be told.

    Raises: FulfillmentOrderNotFound.
    Locks: Order, FulfillmentOrder.
    """
    note(Order)
    orders = _order_of(number=number)
    if not orders:
        raise FulfillmentOrderNotFound(number=number)
    [order] = orders
    if batch := current():
        batch.ids.add(order.first_id)  # type: ignore[attr-defined]  # (annotated)
    return lock_work_of(order, number=number, reading=reading, **given)


@prepared
def _order_of(*, number: str) -> QuerySet[Order]:
    named = FulfillmentOrder.objects.filter(number=number)
    orders = Order.objects.filter(pk__in=named.values("order_id"))
    return locking(orders.annotate(first_id=NextBlock()))


def lock_work_of(
    order: Order, *, number: str, reading: Reading = LINES_ALONE, **given: Any
) -> Work:
    """Lock fulfillment order `number` of an order that is locked already, as `lock_work` does.

    Raises: FulfillmentOrderNotFound.
    Locks: FulfillmentOrder.
    """
    note(FulfillmentOrder)
    lines = reading.lines(number=number, order_id=order.pk, **given)
    if not lines:
        raise FulfillmentOrderNotFound(number=number)
    work = lines[0].fulfillment_order
    work.order = order
    for line in lines:
        line.fulfillment_order = work
    return Work(order, work, lines, {name: getattr(lines[0], name) for name in reading.facts})


def refuse_on_hold(work: FulfillmentOrder, step: str) -> None:
    """Raise `OnHold` when a hold forbids `step`."""
    if work.is_stopped(step):
        stops = [work.hold_reason] if work.hold_reason else list(work.stops)
        raise OnHold(number=work.number, step=step, stops=stops)


def refuse_unless(work: FulfillmentOrder, verb: str, states: Collection[str]) -> None:
    """Raise `TransitionNotAllowed` when `verb`, which changes no state, does not apply now."""
    if work.status not in states:
        raise TransitionNotAllowed(subject="fulfillment order", verb=verb, state=work.status)


MOVE = """
WITH moves AS (
    SELECT * FROM unnest(
        (SELECT %s::bigint[]), (SELECT %s::int[]), (SELECT %s::int[]), (SELECT %s::int[]),
        (SELECT %s::int[])
    ) AS t(id, quantity, picked, packed, shipped)
), moved AS (
    UPDATE fulfillment_fulfillmentorderline l
    SET quantity = l.quantity + m.quantity, picked = l.picked + m.picked,
        packed = l.packed + m.packed, shipped = l.shipped + m.shipped
    FROM moves m WHERE l.id = m.id
), left_with AS (
    UPDATE fulfillment_package SET shipment_id = %s
    WHERE fulfillment_order_id = %s AND %s::bigint IS NOT NULL
)
UPDATE fulfillment_fulfillmentorder
SET status = %s, units = units + (SELECT coalesce(sum(quantity), 0) FROM moves)
WHERE id = %s
"""


def move(
    work: Work,
    steps: Iterable[Step],
    *,
    status: str,
    by: Actor,
    at: datetime,
    shipment: Shipment | None = None,
) -> None:
    """Move units of `work`, set its status, and push the same moves down to the order's lines.

    With a `shipment`, the packages leave with it.
    """
    leaves = shipment.pk if shipment else None
    taken = [each for each in steps if each.quantity or each.picked or each.packed or each.shipped]
    for each in taken:
        each.line.quantity += each.quantity
        each.line.picked += each.picked
        each.line.packed += each.packed
        each.line.shipped += each.shipped
    work.fulfillment_order.status = status
    work.fulfillment_order.units += sum(each.quantity for each in taken)
    sql.run(
        MOVE,
        [
            sql.array(each.line.pk for each in taken),
            sql.array(each.quantity for each in taken),
            sql.array(each.picked for each in taken),
            sql.array(each.packed for each in taken),
            sql.array(each.shipped for each in taken),
            leaves,
            work.fulfillment_order.pk,
            leaves,
            status,
            work.fulfillment_order.pk,
        ],
    )
    if taken:
        record_progress(
            order=work.order,
            moves=[
                LineMoves(
                    each.line.order_line_id,
                    allocated=each.quantity,
                    picked=each.picked,
                    packed=each.packed,
                    shipped=each.shipped,
                )
                for each in taken
            ],
            by=by,
            at=at,
        )


def by_sku(units: Mapping[FulfillmentOrderLine, int]) -> dict[str, int]:
    """Return units by SKU code, lines of the same SKU added up, none left out but zeros."""
    found: dict[str, int] = {}
    for line, quantity in units.items():
        if quantity:
            found[line.sku.code] = found.get(line.sku.code, 0) + quantity
    return found


def portions_of(units: Mapping[FulfillmentOrderLine, int]) -> Sequence[inventory.Portion]:
    """Return the parts of the reservations behind these units."""
    return [
        inventory.Portion(line.reservation_id, line.reservation.level_id, quantity)
        for line, quantity in units.items()
        if quantity
    ]
