"""Our order as it stands, on plain values, for planning."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.utils import timezone

from oms.customers.services import CustomerDetails
from orders.models import ChannelOrder, Counterpart, Hold, Order, OrderKit, OrderLine, Payment
from orders.models import Refund as RefundRow
from orders.rules.kits import whole_kits
from orders.selectors.kits import kits_of
from orders.services.following.acts import (
    Book,
    LineNow,
    OrderNow,
    PaymentNow,
    RefundNow,
    UnitsNow,
)
from orders.states import RefundStatus


def book_of(
    kept: ChannelOrder, failed: Mapping[str, object], live_since: date | None = None
) -> Book:
    """Return what was settled before of a channel's order. One query."""
    known: dict[str, dict[str, str]] = {}
    rows = Counterpart.objects.filter(channel_order=kept).order_by("id")
    for kind, external_id, document in rows.values_list("kind", "external_id", "document"):
        known.setdefault(kind, {})[f"{kind}:{external_id}"] = document
    zone = timezone.get_current_timezone()
    since = datetime.combine(live_since, time.min, zone) if live_since else None
    return Book(known, kept.followed, kept.accepted, frozenset(failed), since)


def order_now(order: Order, book: Book) -> OrderNow:
    """Return an order as it stands. Five queries."""
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    kits = kits_of(order, lines)
    payments = {str(each.pk): each for each in Payment.objects.filter(order=order).order_by("id")}
    named = {
        key: payments[pk] for key, pk in book.known.get("payment", {}).items() if pk in payments
    }
    refunds = list(
        RefundRow.objects.filter(order=order).exclude(status=RefundStatus.REJECTED).order_by("id")
    )
    told = {each for document in book.known.get("refund", {}).values() for each in [document]}
    holds = Hold.objects.filter(order=order, released_at__isnull=True)
    return OrderNow(
        status=order.status,
        ship_to=order.ship_to,
        service=order.service,
        shipping_amount=order.shipping_amount,
        shipping_tax=order.shipping_tax_amount,
        discount=order.discount_amount,
        captured=order.captured_amount,
        committed=sum((each.amount for each in refunds), start=order.captured_amount * 0),
        customer=CustomerDetails(name=order.customer_name, email=order.email, phone=order.phone),
        notes=order.notes,
        lines=(*_plain(lines), *_kits(kits, lines)),
        payments={
            key: PaymentNow(each.pk, each.status, each.amount) for key, each in named.items()
        },
        refunds=tuple(
            RefundNow(each.number, each.amount)
            for each in refunds
            if each.number not in told and not each.granted_by.startswith("channel:")
        ),
        granted={each.number for each in refunds if not each.granted_by.startswith("channel:")},
        holds={hold.kind: hold.set_by.startswith("channel:") for hold in holds},
    )


def _plain(lines: Sequence[OrderLine]) -> list[LineNow]:
    return [
        LineNow(
            item=line.external_id,
            position=line.position,
            sku=line.sku_code,
            name=line.name,
            quantity=line.quantity,
            cancelled=line.cancelled,
            unit_price=line.unit_price,
            discount=line.discount_amount,
            tax=line.tax_amount,
            ships=line.ships,
            is_unknown=line.is_unknown,
            units=(_units(line, 1),),
        )
        for line in lines
        if line.kit_id is None
    ]


def _kits(kits: Sequence[OrderKit], lines: Sequence[OrderLine]) -> list[LineNow]:
    found = []
    for kit in kits:
        parts = [line for line in lines if line.kit_id == kit.pk]
        found.append(
            LineNow(
                item=kit.external_id,
                position=kit.position,
                sku=kit.sku_code,
                name=kit.name,
                quantity=kit.quantity,
                cancelled=whole_kits([(line.cancelled, line.per_kit) for line in parts]),
                unit_price=kit.unit_price,
                discount=kit.discount_amount,
                tax=kit.tax_amount,
                ships=True,
                is_unknown=False,
                units=tuple(_units(line, line.per_kit) for line in parts),
                is_kit=True,
            )
        )
    return found


def _units(line: OrderLine, per_item: int) -> UnitsNow:
    return UnitsNow(
        line_id=line.pk,
        per_item=per_item,
        quantity=line.quantity,
        cancelled=line.cancelled,
        packed=line.packed,
        shipped=line.shipped,
    )
