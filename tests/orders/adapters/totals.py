from decimal import Decimal

from oms.customers.addresses import Address
from orders.rules.pricing import price
from orders.rules.wanted import NewLine, NewOrder


def reached(said) -> Decimal:
    """What the parts come to in all when they are placed."""
    head, items = said["head"], said["items"]
    wanted = NewOrder(
        external_id="1",
        placed_at=head.placed_at,
        currency=head.currency,
        customer=head.customer,
        ship_to=Address(name="A", line1="B", city="C", country="NL"),
        lines=tuple(
            NewLine(
                sku=item.sku or "none",
                quantity=item.quantity,
                unit_price=item.unit_price,
                discount=item.discount,
                tax=item.tax,
            )
            for item in items.items
        ),
        shipping_amount=head.shipping_amount + items.shipping_amount,
        shipping_tax=head.shipping_tax + items.shipping_tax,
        discount=head.discount,
    )
    return price(wanted).total
