"""Who may come in by which door."""

from dataclasses import dataclass

from oms.channels.errors import ChannelNotFound
from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal


@dataclass(frozen=True)
class Door:
    """A channel as its messages find it."""

    pk: int
    slug: str
    adapter: str
    requests_per_minute: int = 0
    burst: int = 0


def door_of(slug: str) -> Door:
    """Return the door of a channel. One query.

    Raises: ChannelNotFound, also for a channel that is switched off.
    """
    found = (
        Channel.objects.filter(slug=slug, is_active=True)
        .values_list("pk", "slug", "adapter", "requests_per_minute", "burst")
        .first()
    )
    if found is None:
        raise ChannelNotFound(slug=slug)
    return Door(*found)


def principal_for(channel: Channel) -> ChannelPrincipal:
    """Return a channel as its orders need it."""
    return channel.principal
