"""Whose story it is."""

from collections.abc import Collection
from dataclasses import dataclass

from orders.models import ChannelOrder, Order, Refund, Subscription


@dataclass(frozen=True)
class RefundThere:
    """What a refund is for in the words of its channel: `order` is the channel's id of it."""

    channel: str
    order: str
    reason: str


def channel_of_refund(*, number: str) -> RefundThere | None:
    """Return where a refund's order came from; None for one that no channel told us of."""
    refund = Refund.objects.get(number=number)
    known = ChannelOrder.objects.filter(order=refund.order_id).select_related("channel").first()
    if known is None:
        return None
    return RefundThere(known.channel.slug, known.external_id, refund.reason)


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
