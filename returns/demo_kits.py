"""A kit of the tea house that left, and one of its cups that came back."""

from datetime import timedelta

from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder
from oms.core.demo import DESK, SLUG, Demo, hand_at
from orders.models import Order
from returns import services
from returns.models import ReturnAuthorization
from returns.states import Reason


def kits(demo: Demo) -> None:
    """Send the first kit, and take a cup of it back; only when nothing of it came back yet."""
    order = Order.objects.filter(channel__slug=SLUG, external_id="K-1").first()
    if order is None or ReturnAuthorization.objects.filter(order=order).exists():
        return
    works = FulfillmentOrder.objects.filter(order=order, status="open")
    for work in works.select_related("location"):
        fulfillment.dispatch(
            number=work.number,
            carrier="PostNL",
            tracking_number=f"3SKIT{work.number[3:].replace('-', '')}",
            by=hand_at(work.location.code),
            at=order.placed_at + timedelta(hours=20),
        )
    services.request_return(
        order=order.number,
        wishes=[services.Wish("CUP-MOON-L", 1, Reason.DAMAGED, "Chipped on the way")],
        by=DESK,
        at=demo.now - timedelta(hours=5),
    )
