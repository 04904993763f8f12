"""Those who wait in the demo shop: one is urgent, and one was given units of another."""

from datetime import timedelta

from fulfillment import services
from fulfillment.models import FulfillmentOrderLine, QueuePolicy, Reallocation
from fulfillment.selectors import queue_list, queues
from fulfillment.states import BEFORE_PICKED, QueueRule, ReallocationReason
from oms.core.actors import Actor
from oms.core.demo import Demo
from oms.core.errors import Refusal
from orders.services import set_priority

SUPPORT, OPERATIONS = Actor("user", "sam"), Actor("user", "otto")


def backorders(demo: Demo) -> None:
    """The longest queue goes by priority, and its last is urgent; one who waits gets a unit."""
    if not QueuePolicy.objects.exists():
        _urgent(demo)
    if not Reallocation.objects.exists():
        _given(demo)


def _urgent(demo: Demo) -> None:
    longest = max(queue_list(), key=lambda each: each.orders, default=None)
    if longest is None or longest.orders < 2:
        return
    services.set_queue_policy(
        rule=QueueRule.PRIORITY, sku=longest.sku, by=OPERATIONS, at=demo.now - timedelta(minutes=12)
    )
    last = queues([longest.sku_id]).of(longest.sku_id)[-1]
    set_priority(
        number=last.number,
        priority=5,
        reason="A present: it has to be there on Sunday",
        by=SUPPORT,
        at=demo.now - timedelta(minutes=10),
    )


def _given(demo: Demo) -> None:
    for queue in queue_list():
        holders = FulfillmentOrderLine.objects.filter(
            sku=queue.sku_id, picked=0, quantity__gt=0, fulfillment_order__status__in=BEFORE_PICKED
        )
        for holder in holders.select_related("fulfillment_order").order_by("-pk"):
            for waiter in queues([queue.sku_id]).of(queue.sku_id):
                try:
                    services.reallocate(
                        work=holder.fulfillment_order.number,
                        sku=queue.sku,
                        taker=waiter.number,
                        units=1,
                        reason=ReallocationReason.PROMISED_DAY,
                        note="Promised on the phone for this week",
                        by=SUPPORT,
                        at=demo.now - timedelta(minutes=5),
                    )
                except Refusal:
                    continue
                return
