"""How the tea house finds its locations: rules that count, and a draft that somebody tries."""

from datetime import datetime, timedelta
from typing import Any

from fulfillment import services
from fulfillment.models import RoutingVersion
from oms.core.actors import Actor
from oms.core.demo import Demo
from orders.models import Order
from orders.services import hold_order
from orders.states import OrderStatus

LEAD = Actor("user", "otto")
TRIED = timedelta(days=3)

CLOSEST = {
    "name": "Closest that has everything",
    "allocate": "all",
    "weights": {"distance": "1", "late": "1000"},
}
TOGETHER = {
    "name": "Cheapest together",
    "allocate": "part",
    "parts": 5,
    "weights": {"freight": "1", "distance": "0.01", "split": "10000", "late": "1000"},
}
COUNTS: dict[str, Any] = {"routings": [{"name": "Everything", "steps": [CLOSEST, TOGETHER]}]}
TRYING: dict[str, Any] = {
    "groups": {"europe": ["ROT", "LEJ"]},
    "routings": [
        {
            "name": "Europe by cost",
            "when": {"countries": ["NL", "BE", "DE", "FR", "AT", "DK"]},
            "steps": [
                {
                    "name": "Cheapest in Europe",
                    "from": ["europe"],
                    "limits": {"keep_back": 1},
                    "weights": {"freight": "1", "late": "10", "stock_out": "0.50"},
                },
                TOGETHER,
            ],
        },
        *COUNTS["routings"],
    ],
}


def rules(demo: Demo) -> None:
    """A version that is live, and a draft with a back-test of the last days."""
    if RoutingVersion.objects.exists():
        return
    long_ago, today = demo.now - timedelta(days=30), demo.now - timedelta(hours=2)
    live = _tried(COUNTS, "How we have always done it", long_ago, demo)
    services.publish_routing(version=live.number, revision=live.revision, by=LEAD, at=long_ago)
    _tried(TRYING, "Freight within Europe instead of distance", today, demo)
    _parked(demo)


def _parked(demo: Demo) -> None:
    """An order that a person has to decide on: it waits, as rules may leave it."""
    waiting = Order.objects.filter(
        number__in=demo.placed.values(), status=OrderStatus.OPEN, lines__backordered__gt=0
    )
    if order := waiting.order_by("-id").first():
        hold_order(number=order.number, kind="routing", reason="Only across the ocean?", by=LEAD)


def _tried(said: dict[str, Any], note: str, at: datetime, demo: Demo) -> RoutingVersion:
    draft = services.begin_routing_draft(based_on=0, rules=said, note=note, by=LEAD, at=at)
    test = services.ask_back_test(
        version=draft.number, since=demo.now - TRIED, until=demo.now, by=LEAD, at=at
    )
    run, stood_at = services.simulation_of(test=test), test.position
    while True:
        otherwise = run.go_on()
        services.keep_back_test(
            number=test.number,
            stood_at=stood_at,
            simulation=run,
            otherwise=otherwise,
            done=run.figures["orders"],
            at=at,
        )
        if run.position is None:
            return draft
        placed_at, pk = run.position
        stood_at = [placed_at.isoformat(), pk]
