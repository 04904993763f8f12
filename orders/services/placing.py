from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory import services as inventory
from oms.catalog.selectors import skus_by_code
from oms.channels.principals import ChannelPrincipal
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.money import text
from oms.core.services import batch_service
from oms.customers.services import remember
from orders.errors import DuplicateOrderDiffers
from orders.events import OrderPlaced, PaymentCaptured
from orders.models import Order, OrderKit, OrderLine
from orders.rules.differences import differences
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
from orders.services.known import KnownOrder, as_asked_for
from orders.services.unpacking import kit_rows, unpack


@dataclass(frozen=True)
class PlacedOrder:
    """An order, its lines and kits, by position; `is_new` is False when it was known before."""

    order: Order
    lines: list[OrderLine]
    is_new: bool
    kits: Sequence[OrderKit] = ()

    @property
    def number(self) -> str:
        return self.order.number


@batch_service
def place_order(
    *, wanted: NewOrder, channel: ChannelPrincipal, by: Actor, at: datetime
) -> PlacedOrder:
    """Accept an order: route it, reserve its stock, and confirm it, in one transaction.

    The same order sent again is returned as it stands, unchanged. The rows of a new one are
    written when the batch ends. It takes over what is kept for its cart; one whose time is over
    left nothing, and the order is placed from what is free.

    What kits are made of comes as lines of its own.

    Raises: AmountDoesNotFit, UnknownSku, TooManyLines, DuplicateOrderDiffers, UnknownCart,
        CartOrdered, InsufficientStock, Busy.
    Locks: CartReservation, Sku, StockLevel.
    Publishes: OrderPlaced, PaymentCaptured.
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
    given = {}
    if wanted.cart:
        given = inventory.take_over_cart(
            channel_id=channel.pk, key=wanted.cart, order=number, by=by, at=at
        )
    payments = payment_rows(wanted, order, channel, at)
    record(*lines, *payments)
    record(*opening_entries(order, payments, at))

    publish(
        OrderPlaced(
            thread=order.number,
            subject=order.number,
            by=by,
            at=at,
            channel=channel.slug,
            external_id=order.external_id,
            total=text(order.total_amount, order.currency),
            currency=order.currency,
            units=sum(line.quantity for line in lines),
            order=order,
            lines=lines,
            refuse_shortage=channel.stock_policy == "refuse",
            silent=wanted.silent,
            given=given,
            agreed=channel,
            asked_holds=[(hold.kind, hold.reason) for hold in wanted.holds],
            grams={sku.pk: sku.weight_g for sku in unpacked.skus.values()},
        )
    )
    for payment in payments:
        if payment.captured_amount:
            publish(
                PaymentCaptured(
                    thread=order.number,
                    subject=order.number,
                    by=by,
                    at=at,
                    amount=text(payment.captured_amount, order.currency),
                    currency=order.currency,
                    method=payment.method,
                    order=order,
                )
            )
    return PlacedOrder(order, lines, is_new=True, kits=kits)


def same_again(pk: int, wanted: NewOrder) -> PlacedOrder:
    """Return an order that was sent before, if it was sent the same.

    Raises: DuplicateOrderDiffers.
    """
    return same(as_asked_for([pk])[pk], wanted)


def same(known: KnownOrder, wanted: NewOrder) -> PlacedOrder:
    """Return a known order, if it is sent the same again.

    Raises: DuplicateOrderDiffers.
    """
    order = known.order
    if found := differences(known.wanted, wanted):
        raise DuplicateOrderDiffers(
            external_id=order.external_id, number=order.number, differences=found
        )
    return PlacedOrder(order, known.lines, is_new=False, kits=known.kits)
