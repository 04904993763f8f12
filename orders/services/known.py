"""An order we have, retold as the channel asked for it, to compare with what it sends again."""

from oms.customers.services import CustomerDetails
from orders.models import Order, OrderLine, Payment
from orders.rules.wanted import NewLine, NewOrder, NewPayment


def as_asked_for(pk: int) -> tuple[Order, list[OrderLine], NewOrder]:
    """Return an order, its lines by position, and what was asked for when it was placed."""
    order = Order.objects.get(pk=pk)
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    payments = Payment.objects.filter(order=order, created_at=order.created_at).order_by("id")
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
        ship_to=order.ship_to,
        bill_to=order.bill_to,
        lines=tuple(
            NewLine(
                sku=line.sku_code,
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount=line.discount_amount,
                tax=line.tax_amount,
                external_id=line.external_id,
                ship_to=line.ship_to,
            )
            for line in lines
        ),
        service=order.service,
        shipping_amount=order.shipping_amount,
        shipping_tax=order.shipping_tax_amount,
        discount=order.discount_amount,
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
