"""Whose story it is."""

from collections.abc import Collection

from orders.models import Order, Subscription


def channels_of(threads: Collection[str]) -> dict[str, int]:
    """Return the channel of each of these stories that is an order's or a subscription's.

    One query, and one more where not all are orders.
    """
    orders = Order.objects.filter(number__in=threads)
    found = dict(orders.values_list("number", "channel_id"))
    rest = set(threads) - set(found)
    if rest:
        subscriptions = Subscription.objects.filter(number__in=rest)
        found |= dict(subscriptions.values_list("number", "channel_id"))
    return found
