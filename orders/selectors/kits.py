"""The kits of an order, beside the lines that carry them out."""

from collections.abc import Sequence

from orders.models import Order, OrderKit, OrderLine
from orders.states import OrderStatus

SHOWN = 5


def kits_of(order: Order, lines: Sequence[OrderLine]) -> list[OrderKit]:
    """Return the kits of an order with these lines, by position. One query, none without kits."""
    if not any(line.kit_id for line in lines):
        return []
    return list(OrderKit.objects.filter(order=order).select_related("sku").order_by("position"))


def open_orders_for(sku_id: int, *, as_kit: bool) -> list[str]:
    """Return the numbers of some open orders that ask for a SKU, as a kit or as it is."""
    rows = (
        OrderKit.objects.filter(quantity__gt=0)
        if as_kit
        else (OrderLine.objects.filter(kit=None, quantity__gt=0))
    )
    standing = rows.filter(sku_id=sku_id, order__status__in=(OrderStatus.DRAFT, OrderStatus.OPEN))
    return list(standing.order_by("order_id").values_list("order__number", flat=True)[:SHOWN])
