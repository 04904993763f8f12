"""The demo shop has subscriptions in every state, and doubles none."""

from collections import Counter

from django.utils.module_loading import import_string

from oms.core.demo import Demo
from orders.models import Subscription

STEPS = (
    "oms.catalog.demo.products",
    "oms.channels.demo.channels",
    "inventory.demo.places",
    "inventory.demo.stock",
    "orders.demo_subscriptions.subscriptions",
)


def test_the_demo_has_a_subscription_in_every_state_and_doubles_none(db):
    demo = Demo()
    for step in STEPS:
        import_string(step)(demo)
    states = Counter(Subscription.objects.values_list("status", flat=True))
    assert states == {"active": 6, "paused": 1, "past_due": 1, "suspended": 1, "cancelled": 1}

    import_string(STEPS[-1])(demo)
    assert Subscription.objects.count() == 10
