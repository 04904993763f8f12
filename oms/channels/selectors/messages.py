"""The archive of what channels sent."""

from datetime import datetime

from django.db.models import QuerySet, Subquery

from oms.channels.models import Channel, InboundMessage
from oms.channels.states import InboundState


def message_list(
    *,
    channel: str = "",
    topic: str = "",
    state: str = "",
    order: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[InboundMessage]:
    """Return messages without their bodies, narrowed; `order` is the channel's id of an order.

    The channel is looked up beforehand, so that its index gives them in their order.
    """
    found = InboundMessage.objects.select_related("channel").defer("body", "headers")
    if channel:
        found = found.filter(channel=Subquery(Channel.objects.filter(slug=channel).values("pk")))
    said = {"topic": topic, "state": state}
    found = found.filter(**{name: value for name, value in said.items() if value})
    if order:
        found = found.filter(orders__contains=[order])
    if since:
        found = found.filter(received_at__gte=since)
    if until:
        found = found.filter(received_at__lt=until)
    return found


def message_with_body(number: str) -> InboundMessage | None:
    return InboundMessage.objects.select_related("channel").filter(number=number).first()


def quarantined_count(*, channel: str = "", topic: str = "") -> int:
    """Return how many messages lie aside, of a channel and a topic where these are said."""
    found = InboundMessage.objects.filter(state=InboundState.QUARANTINED, purged_at=None)
    if channel:
        found = found.filter(channel__slug=channel)
    return (found.filter(topic=topic) if topic else found).count()
