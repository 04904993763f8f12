"""What messages of channels say, and what they led to."""

from collections.abc import Collection, Iterable

from oms.channels.models import InboundMessage
from oms.channels.selectors import connection_of
from orders.adapters import registry
from orders.adapters.fetching import fetcher_of
from orders.adapters.messages import Message
from orders.adapters.parts import Reading
from orders.models import ChannelOrder


def read(message: InboundMessage) -> Reading:
    """Return what a message of the archive says.

    Raises: Unreadable.
    """
    said = Message(bytes(message.body), message.headers, message.received_at)
    return registry.read(registry.adapter_of(message.channel.adapter), said)


def reading_of(message: InboundMessage) -> Reading | None:
    """Return what a message says; None where it cannot be read, for whatever reason."""
    try:
        return read(message)
    except Exception:
        return None


def orders_led_to(messages: Iterable[InboundMessage]) -> dict[tuple[int, str], str]:
    """Return the numbers of our orders by channel and the channel's id, of those that messages
    spoke of. One query."""
    rows = list(messages)
    spoken: Collection[str] = {order for row in rows for order in row.orders}
    if not spoken:
        return {}
    found = ChannelOrder.objects.filter(
        external_id__in=spoken,
        channel_id__in={row.channel_id for row in rows},
        order__isnull=False,
    ).values_list("channel_id", "external_id", "order__number")
    return {(channel, external): number for channel, external, number in found}


def can_fetch(channel: str) -> bool:
    """Whether one order can be fetched from a channel: it is connected, and of a kind that is
    asked for orders. One query."""
    connection = connection_of(channel)
    fetcher = fetcher_of(connection.adapter) if connection else None
    return fetcher is not None and fetcher.is_by_id


def orders_to_fetch(message: InboundMessage) -> list[str]:
    """Return the orders that a message spoke of or pointed at, by the channel's ids, if they can be
    fetched there."""
    if not can_fetch(message.channel.slug):
        return []
    reading = None if message.purged_at else reading_of(message)
    pointed = [each.id for each in reading.fetches if each.what == "order"] if reading else []
    return sorted({*message.orders, *pointed})
