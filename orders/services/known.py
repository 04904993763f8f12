"""An order we have, retold as the channel asked for it, to compare with what it sends again."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.models import Order, OrderChange, OrderKit, OrderLine, Payment
from orders.rules.wanted import NewLine, NewOrder, NewPayment
from orders.selectors.kits import kits_of
from orders.states import ChangeStatus


@dataclass(frozen=True)
class KnownOrder:
    """An order, its lines and kits, and what was asked for when it was placed."""

    order: Order
    lines: list[OrderLine]
    kits: list[OrderKit]
    wanted: NewOrder


def as_asked_for(pks: Collection[int]) -> dict[int, KnownOrder]:
    """Return these orders by id, as the channel asked for them. Five queries at most."""
    orders = Order.objects.in_bulk(list(pks))
    lines: dict[int, list[OrderLine]] = {pk: [] for pk in orders}
    for line in OrderLine.objects.filter(order__in=orders).order_by("position"):
        lines[line.order_id].append(line)
    with_kits = [pk for pk, each in lines.items() if any(line.kit_id for line in each)]
    kits: dict[int, list[OrderKit]] = {pk: [] for pk in orders}
    if with_kits:
        rows = OrderKit.objects.filter(order__in=with_kits).select_related("sku")
        for kit in rows.order_by("position"):
            kits[kit.order_id].append(kit)
    payments: dict[int, list[Payment]] = {pk: [] for pk in orders}
    for payment in Payment.objects.filter(order__in=orders).order_by("id"):
        if payment.created_at == orders[payment.order_id].created_at:
            payments[payment.order_id].append(payment)
    placed = _as_placed([order for order in orders.values() if order.version > 1])
    return {
        pk: KnownOrder(
            order,
            lines[pk],
            kits[pk],
            _wanted(order, placed.get(pk) or as_asked(order, lines[pk], kits[pk]), payments[pk]),
        )
        for pk, order in orders.items()
    }


def _wanted(order: Order, asked: dict[str, Any], payments: Sequence[Payment]) -> NewOrder:
    return NewOrder(
        external_id=order.external_id,
        placed_at=order.placed_at,
        currency=order.currency,
        customer=CustomerDetails(
            name=order.customer_name,
            email=order.email,
            phone=order.phone,
            language=order.language,
        ),
        ship_to=Address(**asked["ship_to"]),
        bill_to=order.bill_to,
        lines=tuple(_line(line) for line in _asked_lines(asked)),
        service=asked["service"],
        shipping_amount=order.shipping_amount,
        shipping_tax=order.shipping_tax_amount,
        discount=Decimal(asked["discount"]),
        payments=tuple(
            NewPayment(
                method=payment.method,
                status=payment.status,
                amount=payment.amount,
                reference=payment.reference,
            )
            for payment in payments
        ),
        deliver_by=order.deliver_by,
        notes=order.notes,
        tags=tuple(order.tags),
        metadata=order.metadata,
    )


def as_asked(
    order: Order,
    lines: Sequence[OrderLine] | None = None,
    kits: Sequence[OrderKit] | None = None,
) -> dict[str, Any]:
    """Return what an order change may change of an order, as JSON."""
    if lines is None:
        lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    found = kits_of(order, lines) if kits is None else kits
    return {
        "ship_to": asdict(order.ship_to),
        "service": order.service,
        "discount": str(order.discount_amount),
        "shipping": str(order.shipping_amount),
        "lines": [
            {
                "sku": line.sku_code,
                "name": line.name,
                "quantity": line.quantity,
                "cancelled": line.cancelled,
                "unit_price": str(line.unit_price),
                "discount": str(line.discount_amount),
                "tax": str(line.tax_amount),
                "external_id": line.external_id,
                "ship_to": asdict(line.ship_to) if line.ship_to else None,
                "kit": line.kit_id,
            }
            for line in lines
        ],
        "kits": {
            str(kit.pk): {
                "sku": kit.sku_code,
                "name": kit.name,
                "quantity": kit.quantity,
                "unit_price": str(kit.unit_price),
                "discount": str(kit.discount_amount),
                "tax": str(kit.tax_amount),
                "external_id": kit.external_id,
            }
            for kit in found
        },
    }


def _asked_lines(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The lines as they were sent: a kit once, where its first component stands."""
    seen: set[str] = set()
    for line in asked["lines"]:
        kit = str(line.get("kit") or "")
        if not kit:
            yield line
        elif kit not in seen:
            seen.add(kit)
            yield {**asked["kits"][kit], "ship_to": line["ship_to"]}


def _as_placed(changed: Sequence[Order]) -> dict[int, dict[str, Any]]:
    """What was asked for before the first change of these orders, of those that were changed."""
    if not changed:
        return {}
    changes = OrderChange.objects.filter(order__in=changed, status=ChangeStatus.CONFIRMED)
    found: dict[int, dict[str, Any]] = {}
    for pk, before in changes.order_by("decided_at", "id").values_list("order_id", "before"):
        found.setdefault(pk, before)
    return found


def _line(said: dict[str, Any]) -> NewLine:
    return NewLine(
        sku=said["sku"],
        quantity=said["quantity"],
        unit_price=Decimal(said["unit_price"]),
        discount=Decimal(said["discount"]),
        tax=Decimal(said["tax"]),
        external_id=said["external_id"],
        ship_to=Address(**said["ship_to"]) if said["ship_to"] else None,
    )
