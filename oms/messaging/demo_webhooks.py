"""Other systems that hear of the tea house: one did until lately, one waits to be connected."""

from oms.core.demo import BY, SLUG, Demo
from oms.messaging import selectors, services
from oms.messaging.rules.retrying import Judgement, Verdict
from oms.messaging.services.delivering import Answer, Tried

NAME = "Accounting"
TRACKER = "Parcel screen at the counter"
MOST_FACTS, ROUNDS, AT_ONCE = 20_000, 8, 40
DOWN_IN = 3
"""The round in which the screen did not answer."""


def webhooks(demo: Demo) -> None:
    """An endpoint that waits to be switched on, and one that is: nobody is at their addresses."""
    if selectors.endpoint_list().filter(description=NAME).exists():
        return
    made = services.add_endpoint(
        url="https://accounting.tea-house.example/hooks/orders",
        types=["order.placed", "order.cancelled", "refund.succeeded", "invoice.issued"],
        channel=SLUG,
        description=NAME,
        by=BY,
        at=demo.now,
    )
    services.disable_endpoint(
        endpoint=made.endpoint.public_id,
        reason="Waits for the accounting system to be connected",
        by=BY,
        at=demo.now,
    )
    services.add_endpoint(
        url="https://screen.tea-house.example/parcels",
        types=["shipment.shipped", "shipment.delivered", "return.requested"],
        channel=SLUG,
        description=TRACKER,
        by=BY,
        at=demo.now,
    )


def deliveries(demo: Demo) -> None:
    """Answer as the screen did while it stood there; it was silent once, and is off since."""
    tracker = selectors.endpoint_list().filter(description=TRACKER, state="enabled").first()
    if tracker is None or tracker.last_success_at:
        return
    services.publish_committed(limit=MOST_FACTS)
    endpoint = tracker.public_id
    for nth in range(ROUNDS):
        parcels = services.take_due(endpoint=endpoint, limit=AT_ONCE, at=demo.now)
        answered = Answer(Judgement(Verdict.DELIVERED), 200, 84 + nth * 7)
        silent = Answer(Judgement(Verdict.FAILED, "It answered 503."), 503, 1210)
        services.record_attempts(
            endpoint=endpoint,
            tried=[
                Tried(each.delivery_id, each.number, silent if is_down else answered)
                for place, each in enumerate(parcels)
                for is_down in [nth == DOWN_IN and place < DOWN_IN]
            ],
            at=demo.now,
        )
    services.disable_endpoint(
        endpoint=endpoint, reason="The screen is being moved upstairs", by=BY, at=demo.now
    )
