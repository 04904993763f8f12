"""Glasses that arrived broken at cafés and hotels: what the return rate of the tea house shows."""

from datetime import timedelta

from oms.channels.models import Channel
from oms.core.demo import BY, SLUG, Demo
from orders.models import Order
from returns import services
from returns.models import ReturnAuthorization
from returns.states import Condition, Disposition, Reason

BROKEN = {"H-201": 22, "H-202": 31, "H-203": 14}
SKU = "CUP-GLASS-2"


def broken_glasses(demo: Demo) -> None:
    """Take back what arrived broken of the orders of old; only once."""
    channel = Channel.objects.get(slug=SLUG)
    for order in Order.objects.filter(channel=channel, external_id__in=BROKEN).order_by("id"):
        if ReturnAuthorization.objects.filter(order=order).exists():
            continue
        _take_back(order, BROKEN[order.external_id])


def _take_back(order: Order, units: int) -> None:
    at = order.placed_at + timedelta(days=9)
    number = services.request_return(
        order=order.number,
        wishes=[services.Wish(SKU, units, Reason.DAMAGED)],
        note="Chipped at the rim",
        by=BY,
        at=at,
    ).number
    services.approve_return(number=number, by=BY, at=at)
    services.receive_return(number=number, units={SKU: units}, by=BY, at=at + timedelta(days=6))
    services.inspect_return(
        number=number,
        grades=[services.Grade(SKU, units, Condition.DAMAGED, Disposition.SCRAP)],
        by=BY,
        at=at + timedelta(days=6),
    )
    services.settle_return(number=number, by=BY, at=at + timedelta(days=7))
