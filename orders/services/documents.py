"""The rows of a new order: what was asked for, as documents. Nothing is written here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms.channels.principals import ChannelPrincipal
from oms.core import sql
from oms.core.batch import ahead, current
from oms.core.money import ZERO
from oms.core.rows import new
from orders.models import MoneyEntry, Order, OrderKit, OrderLine, Payment
from orders.rules.pricing import Price
from orders.rules.progress import payment_progress
from orders.rules.wanted import NewOrder
from orders.services.unpacking import Unpacked, assign
from orders.states import FulfillmentProgress, MoneyKind, PaymentStatus


def known_or_next_number(external_id: str, channel: ChannelPrincipal) -> tuple[int | None, str]:
    """Return the id of the order the channel sent before, or None and the next order number."""
    seen: _Seen | None = ahead(ORDERS)
    if seen is not None:
        known = seen.known.get(external_id)
        return known, "" if known else f"SO-{next(seen.numbers)}"
    [(known, number)] = sql.run(
        "SELECT o.id, CASE WHEN o.id IS NULL THEN nextval('core_order_numbers') END "
        "FROM (SELECT 1) one "
        "LEFT JOIN orders_order o ON o.external_id = %s AND o.channel_id = %s",
        [external_id, channel.pk],
    )
    return known, f"SO-{number}"


@dataclass(frozen=True)
class _Seen:
    known: dict[str, int]
    numbers: Iterator[int]


ORDERS = "orders"


def read_orders_ahead(external_ids: Sequence[str], channel: ChannelPrincipal) -> dict[str, int]:
    """Read which of these orders the channel sent before, for the rest of the open batch, and draw
    numbers for the others; return the ids of those that are known. Two queries."""
    batch = current()
    assert batch is not None  # noqa: S101 (asked for by who opened it)
    known = dict(
        sql.run(
            "SELECT external_id, id FROM orders_order "
            "WHERE external_id = ANY(%s) AND channel_id = %s",
            [list(external_ids), channel.pk],
        )
    )
    new = len(external_ids) - len(known)
    numbers = sql.run("SELECT nextval('core_order_numbers') FROM generate_series(1, %s)", [new])
    batch.ahead[ORDERS] = _Seen(known, (number for (number,) in numbers))
    return known


def known_codes(wanted: NewOrder) -> list[str]:
    """Return the codes of SKUs of ours that are asked for."""
    return [line.sku for line in wanted.lines if line.is_known]


def order_row(
    wanted: NewOrder,
    cost: Price,
    number: str,
    channel: ChannelPrincipal,
    customer_id: int,
    at: datetime,
) -> Order:
    """Return the order itself."""
    captured = _sum(wanted, PaymentStatus.CAPTURED)
    authorized = _sum(wanted, PaymentStatus.AUTHORIZED)
    return new(
        Order,
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
        fulfillment_status=(
            FulfillmentProgress.UNFULFILLED
            if any(line.ships for line in wanted.lines)
            else FulfillmentProgress.FULFILLED
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


def line_rows(unpacked: Unpacked, order: Order, kits: Sequence[OrderKit] = ()) -> list[OrderLine]:
    """Return its lines, by position; those of kits know which they belong to."""
    wanted, cost, skus = unpacked.wanted, unpacked.cost, unpacked.skus
    lines = [
        new(
            OrderLine,
            order_id=order.pk,
            position=position,
            external_id=line.external_id,
            sku_id=skus[line.sku].pk if line.is_known else None,
            sku_code=line.sku[:64],
            name=skus[line.sku].name if line.is_known else line.name[:200],
            ships=line.ships,
            said=dict(line.said),
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
    assign(kits, unpacked, lines)
    return lines


def payment_rows(
    wanted: NewOrder, order: Order, channel: ChannelPrincipal, at: datetime
) -> list[Payment]:
    """Return the payments the channel reported with it."""
    return [
        new(
            Payment,
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


def opening_entries(order: Order, payments: Sequence[Payment], at: datetime) -> list[MoneyEntry]:
    """Return the first lines of its money ledger: what is charged, what was captured."""
    charge = new(
        MoneyEntry,
        order_id=order.pk,
        kind=MoneyKind.CHARGE,
        amount=order.total_amount,
        currency=order.currency,
        reference=order.number,
        happened_at=at,
    )
    captures = [
        new(
            MoneyEntry,
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
