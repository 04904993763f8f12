"""Whose story it is."""

from collections.abc import Collection

from orders.models import Order


def channels_of(threads: Collection[str]) -> dict[str, int]:
    """Return the channel of each of these stories that is an order's. One query."""
    found = Order.objects.filter(number__in=threads)
    return dict(found.values_list("number", "channel_id"))
