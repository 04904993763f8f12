"""Orders of the demo that are good examples."""

from django.urls import reverse

from oms.core.demo import Demo
from oms.core.demo_examples import Example
from orders import selectors
from orders.demo import STORIES
from orders.models import Order

FIRST = 1001


def orders_by_fate() -> dict[str, str]:
    """Return the number of the first order of each fate (see `STORIES`). One query."""
    fates: dict[str, str] = {}
    for nth, story in enumerate(STORIES, start=FIRST):
        fates.setdefault(story.fate, f"W-{nth}")
    known = dict(
        Order.objects.filter(external_id__in=fates.values()).values_list("external_id", "number")
    )
    return {fate: known[external] for fate, external in fates.items() if external in known}


def examples() -> dict[str, Example]:
    """Return `order.placed`, `order.backordered` and so on: the first order of each fate."""
    return {
        f"order.{fate}": Example(number, reverse("orders:detail", args=[number]))
        for fate, number in orders_by_fate().items()
    }


def links(demo: Demo) -> None:
    """Say where a customer sees the order."""
    number = orders_by_fate().get("in_transit", "")
    if order := Order.objects.filter(number=number).first():
        demo.links.append((f"Order {number}, as its customer", selectors.status_url(order)))
