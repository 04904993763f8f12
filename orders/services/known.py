"""An order we have, retold as the channel asked for it, to compare with what it sends again."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.models import Order, OrderChange, OrderLine, Payment
from orders.rules.wanted import NewLine, NewOrder, NewPayment
from orders.states import ChangeStatus


def as_asked_for(pk: int) -> tuple[Order, list[OrderLine], NewOrder]:
    """Return an order, its lines by position, and what was asked for when it was placed."""
    order = Order.objects.get(pk=pk)
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    payments = Payment.objects.filter(order=order, created_at=order.created_at).order_by("id")
    asked = _as_placed(order) or as_asked(order, lines)
    wanted = NewOrder(
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
        lines=tuple(_line(line) for line in asked["lines"]),
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
    return order, lines, wanted


def as_asked(order: Order, lines: Sequence[OrderLine] | None = None) -> dict[str, Any]:
    """Return what an order change may change of an order, as JSON."""
    rows = OrderLine.objects.filter(order=order).order_by("position") if lines is None else lines
    return {
        "ship_to": asdict(order.ship_to),
        "service": order.service,
        "discount": str(order.discount_amount),
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
            }
            for line in rows
        ],
    }


def _as_placed(order: Order) -> dict[str, Any] | None:
    """What was asked for before the first change of an order; None when nobody changed it."""
    if order.version == 1:
        return None
    changes = OrderChange.objects.filter(order=order, status=ChangeStatus.CONFIRMED)
    before: dict[str, Any] | None = (
        changes.order_by("decided_at", "id").values_list("before", flat=True).first()
    )
    return before


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
