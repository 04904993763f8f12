"""An order that the customer wants otherwise: one change made, one that waits to be confirmed."""

from oms.core.demo import BY, Demo
from orders import services
from orders.models import Order, OrderChange, OrderLine
from orders.rules.changes import Action
from orders.states import ChangeType


def changes(demo: Demo) -> None:
    """Change the newest orders that nobody has touched; only where no change was made yet."""
    if OrderChange.objects.exists():
        return
    lines = OrderLine.objects.filter(
        order__number__in=demo.placed.values(), allocated__gt=0, picked=0, cancelled=0
    )
    untouched = Order.objects.filter(
        pk__in=lines.values("order_id"), status="open", holds__isnull=True
    ).order_by("-placed_at")
    newest = list(untouched[:2])
    if len(newest) < 2:
        return
    waits, done = newest
    line = lines.filter(order=waits).order_by("position")[0]
    more = Action(
        ChangeType.SET_QUANTITY, sku=line.sku_code, line=line.position, quantity=line.quantity + 1
    )
    services.preview_change(
        number=waits.number, actions=[more], reason="They called for one more", by=BY
    )
    faster = Action(ChangeType.SET_SERVICE, service="express")
    services.change_order(number=done.number, actions=[faster], reason="A present", by=BY)
