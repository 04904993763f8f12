from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms.catalog.selectors import SkuRef, skus_by_code
from oms.channels.principals import ChannelPrincipal
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.money import ZERO, text
from oms.core.services import batch_service
from oms.customers.services import remember
from orders.errors import DuplicateOrderDiffers
from orders.events import OrderPlaced
from orders.models import MoneyEntry, Order, OrderLine, Payment
from orders.rules.differences import differences
from orders.rules.pricing import Price, price
from orders.rules.progress import payment_progress
from orders.rules.wanted import NewOrder
from orders.services.known import as_asked_for
from orders.states import MoneyKind, PaymentStatus


@dataclass(frozen=True)
class PlacedOrder:
    """An order and its lines, by position; `is_new` is False when it was known before."""

    order: Order
    lines: list[OrderLine]
    is_new: bool

    @property
    def number(self) -> str:
        return self.order.number


@batch_service
def place_order(
    *, wanted: NewOrder, channel: ChannelPrincipal, by: Actor, at: datetime
) -> PlacedOrder:
    """Accept an order: route it, reserve its stock, and confirm it, in one transaction.

    The same order sent again is returned as it stands, unchanged. The rows of a new one are
    written when the batch ends.

    Raises: AmountDoesNotFit, UnknownSku, DuplicateOrderDiffers, InsufficientStock, Busy.
    Locks: StockLevel.
    Publishes: OrderPlaced.
    """
    cost = price(wanted)
    known, number = _known_or_next_number(wanted.external_id, channel)
    if known is not None:
        return _same_again(known, wanted)

    skus = skus_by_code(line.sku for line in wanted.lines)
    customer_id = remember(
        origin=channel.slug,
        said=wanted.customer,
        stand_in=f"order:{wanted.external_id}",
        at=at,
    )
    order = _order(wanted, cost, number, channel, customer_id, at)
    record(order)
    lines = _lines(wanted, cost, skus, order)
    payments = _payments(wanted, order, channel, at)
    record(*lines, *payments)
    record(*_ledger(order, payments, at))

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
        )
    )
    return PlacedOrder(order, lines, is_new=True)


def _known_or_next_number(external_id: str, channel: ChannelPrincipal) -> tuple[int | None, str]:
    [(known, number)] = sql.run(
        "SELECT o.id, CASE WHEN o.id IS NULL THEN nextval('core_order_numbers') END "
        "FROM (SELECT 1) one "
        "LEFT JOIN orders_order o ON o.external_id = %s AND o.channel_id = %s",
        [external_id, channel.pk],
    )
    return known, f"SO-{number}"


def _same_again(pk: int, wanted: NewOrder) -> PlacedOrder:
    order, lines, kept = as_asked_for(pk)
    if found := differences(kept, wanted):
        raise DuplicateOrderDiffers(
            external_id=order.external_id, number=order.number, differences=found
        )
    return PlacedOrder(order, lines, is_new=False)


def _order(
    wanted: NewOrder,
    cost: Price,
    number: str,
    channel: ChannelPrincipal,
    customer_id: int,
    at: datetime,
) -> Order:
    captured = _sum(wanted, PaymentStatus.CAPTURED)
    authorized = _sum(wanted, PaymentStatus.AUTHORIZED)
    return Order(
        number=number,
        channel_id=channel.pk,
        external_id=wanted.external_id,
        customer_id=customer_id,
        payment_status=payment_progress(
            total=cost.total,
            due=cost.total,
            authorized=authorized,
            captured=captured,
            refunded=ZERO,
        ),
        placed_at=wanted.placed_at,
        currency=wanted.currency,
        customer_name=wanted.customer.name,
        email=wanted.customer.email,
        phone=wanted.customer.phone,
        language=wanted.customer.language,
        ship_to=wanted.ship_to,
        bill_to=wanted.bill_to,
        service=wanted.service,
        shipping_amount=wanted.shipping_amount,
        shipping_tax_amount=wanted.shipping_tax,
        discount_amount=wanted.discount,
        total_amount=cost.total,
        authorized_amount=authorized,
        captured_amount=captured,
        deliver_by=wanted.deliver_by,
        notes=wanted.notes,
        tags=list(wanted.tags),
        metadata=wanted.metadata,
        created_at=at,
    )


def _sum(wanted: NewOrder, status: PaymentStatus) -> Decimal:
    return sum((each.amount for each in wanted.payments if each.status == status), ZERO)


def _lines(wanted: NewOrder, cost: Price, skus: dict[str, SkuRef], order: Order) -> list[OrderLine]:
    return [
        OrderLine(
            order_id=order.pk,
            position=position,
            external_id=line.external_id,
            sku_id=skus[line.sku].pk,
            sku_code=line.sku,
            name=skus[line.sku].name,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_amount=line.discount,
            tax_amount=line.tax,
            total_amount=total,
            paid_amount=paid,
            ship_to=line.ship_to,
        )
        for position, (line, total, paid) in enumerate(
            zip(wanted.lines, cost.lines, cost.paid, strict=True), start=1
        )
    ]


def _payments(
    wanted: NewOrder, order: Order, channel: ChannelPrincipal, at: datetime
) -> list[Payment]:
    return [
        Payment(
            order_id=order.pk,
            reference=each.reference,
            method=each.method,
            gateway=channel.payment_gateway,
            status=each.status,
            currency=wanted.currency,
            amount=each.amount,
            captured_amount=each.amount if each.status == PaymentStatus.CAPTURED else ZERO,
            created_at=at,
        )
        for each in wanted.payments
    ]


def _ledger(order: Order, payments: Sequence[Payment], at: datetime) -> list[MoneyEntry]:
    charge = MoneyEntry(
        order_id=order.pk,
        kind=MoneyKind.CHARGE,
        amount=order.total_amount,
        currency=order.currency,
        reference=order.number,
        happened_at=at,
    )
    captures = [
        MoneyEntry(
            order_id=order.pk,
            payment_id=payment.pk,
            kind=MoneyKind.CAPTURE,
            amount=payment.captured_amount,
            currency=order.currency,
            reference=payment.reference,
            happened_at=at,
        )
        for payment in payments
        if payment.captured_amount
    ]
    return [charge, *captures]
