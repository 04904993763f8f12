from datetime import datetime

from oms.catalog.selectors import skus_by_code
from oms.channels.principals import ChannelPrincipal
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.models import EventRecord
from oms.core.money import text
from oms.core.services import batch_service, service
from oms.customers.services import remember
from orders.errors import UnitsNotSent
from orders.events import OrderLeftBefore
from orders.models import Hold, MoneyEntry, Order, OrderLine
from orders.rules.pricing import price
from orders.rules.wanted import NewOrder
from orders.services.documents import (
    known_codes,
    known_or_next_number,
    line_rows,
    opening_entries,
    order_row,
    payment_rows,
)
from orders.services.placing import PlacedOrder, same_again
from orders.services.progressing import derive, save_progress
from orders.services.unpacking import kit_rows, unpack
from orders.states import ORDER, MoneyKind, OrderStatus

REACHED = ("allocated", "picked", "packed", "shipped", "delivered")
PAST = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)


@batch_service
def record_past_order(
    *, wanted: NewOrder, status: str, channel: ChannelPrincipal, by: Actor, at: datetime
) -> PlacedOrder:
    """Keep an order that came to its end elsewhere: completed or cancelled.

    It moves no stock, makes no work and tells nobody: its units count as delivered (or
    cancelled), its facts are recorded without reactions.

    Raises: AmountDoesNotFit, UnknownSku, TooManyLines, DuplicateOrderDiffers, Busy.
    Locks: nothing.
    Publishes: nothing.
    """
    cost = price(wanted)
    known, number = known_or_next_number(wanted.external_id, channel)
    if known is not None:
        return same_again(known, wanted)

    unpacked = unpack(wanted, cost, skus_by_code(known_codes(wanted)))
    customer_id = remember(
        origin=channel.slug,
        said=wanted.customer,
        stand_in=f"order:{wanted.external_id}",
        at=at,
    )
    order = order_row(wanted, cost, number, channel, customer_id, at)
    record(order)
    kits = kit_rows(unpacked, order)
    record(*kits)
    lines = line_rows(unpacked, order, kits)
    payments = payment_rows(wanted, order, channel, at)
    record(*payments)
    entries = opening_entries(order, payments, at)
    if status == OrderStatus.CANCELLED:
        entries.append(_cancel(order, lines, at))
    else:
        _deliver(order, lines)
    derive(order, lines)
    record(*lines, *entries, *_facts(order, lines, by))
    return PlacedOrder(order, lines, is_new=True, kits=kits)


@service
def end_past_order(*, order: Order, by: Actor, at: datetime) -> None:
    """End a locked order that was placed here, and of which nothing was sent from here: it left
    before we kept its books. Nobody is told.

    Raises: TransitionNotAllowed, UnitsNotSent when work for it cannot be dropped.
    Locks: FulfillmentOrder, StockLevel.
    Publishes: OrderLeftBefore.
    """
    rows = OrderLine.objects.filter(order=order).order_by("position")
    rows.update(backordered=0)  # what is freed now is not for this order
    publish(OrderLeftBefore(thread=order.number, subject=order.number, by=by, at=at, order=order))
    lines = list(rows)
    if any(line.allocated for line in lines):
        raise UnitsNotSent(number=order.number)
    _deliver(order, lines)
    derive(order, lines)
    OrderLine.objects.bulk_update(lines, REACHED)
    save_progress(order)
    Hold.objects.filter(order=order, released_at__isnull=True).update(
        released_by=str(by), released_at=at
    )
    record(_fact(order, f"order.{order.status}", by, at))


def _deliver(order: Order, lines: list[OrderLine]) -> None:
    for line in lines:
        if not line.ships:
            continue
        for counter in REACHED:
            setattr(line, counter, line.quantity - line.cancelled)
    order.status = ORDER.after("complete", OrderStatus.OPEN)


def _cancel(order: Order, lines: list[OrderLine], at: datetime) -> MoneyEntry:
    for line in lines:
        line.cancelled = line.quantity
    order.status = ORDER.after("cancel", OrderStatus.OPEN)
    order.cancelled_amount = order.total_amount
    return MoneyEntry(
        order_id=order.pk,
        kind=MoneyKind.CANCEL,
        amount=-order.total_amount,
        currency=order.currency,
        reference=order.number,
        happened_at=at,
    )


def _facts(order: Order, lines: list[OrderLine], by: Actor) -> list[EventRecord]:
    placed = _fact(
        order,
        "order.placed",
        by,
        order.placed_at,
        external_id=order.external_id,
        total=text(order.total_amount, order.currency),
        currency=order.currency,
        units=sum(line.quantity for line in lines),
    )
    return [placed, _fact(order, f"order.{order.status}", by, order.placed_at)]


def _fact(order: Order, name: str, by: Actor, at: datetime, **payload: object) -> EventRecord:
    return EventRecord(
        name=name,
        thread=order.number,
        subject=order.number,
        actor=str(by),
        payload={**payload, "past": True},
        happened_at=at,
    )
