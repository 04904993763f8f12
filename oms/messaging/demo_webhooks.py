"""Another system that is to hear of the tea house, once somebody connects it."""

from oms.core.demo import BY, SLUG, Demo
from oms.messaging import selectors, services

NAME = "Accounting"


def webhooks(demo: Demo) -> None:
    """An endpoint that waits to be switched on: there is nobody at its address."""
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
