"""What channels and we prove ourselves to one another with, opened for use."""

import json
from datetime import datetime

from django.db.models import Q, QuerySet

from oms.channels.connection import Connection
from oms.channels.models import ApiKey, Channel, ChannelConnection, ChannelSecret
from oms.core.sealing import unseal

SECRETS = "channel secret"
CREDENTIALS = "channel credentials"


def secrets_in_force(channel_id: int, *, at: datetime) -> list[str]:
    """Return what a channel may sign with at that moment, the newest first. One query."""
    standing = ChannelSecret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), channel=channel_id)
    return [
        unseal(sealed, purpose=SECRETS).decode()
        for sealed in standing.order_by("-id").values_list("sealed", flat=True)
    ]


def connection_of(channel: str) -> Connection | None:
    """Return how the channel with this slug is called back; None when it is not called. One query.

    A channel that is switched off, or whose connection is, is not called.
    """
    found = (
        ChannelConnection.objects.filter(channel__slug=channel, channel__is_active=True, is_on=True)
        .select_related("channel")
        .first()
    )
    if found is None or not found.base_url:
        return None
    return Connection(
        channel=channel,
        adapter=found.channel.adapter,
        base_url=found.base_url,
        options=found.options,
        credentials=opened(found.sealed),
    )


def connection_row(channel: Channel) -> ChannelConnection | None:
    """Return what is kept of a channel's connection, sealed."""
    return ChannelConnection.objects.filter(channel=channel).first()


def secret_rows(channel: Channel, *, at: datetime) -> list[ChannelSecret]:
    """Return the secrets of a channel that count, sealed, the newest first."""
    standing = Q(ends_at=None) | Q(ends_at__gt=at)
    return list(ChannelSecret.objects.filter(standing, channel=channel).order_by("-id"))


def keys_in_force(*, at: datetime, channel: Channel | None = None) -> QuerySet[ApiKey]:
    """Return the keys that open something, of one channel or of everybody, the newest first."""
    standing = Q(ends_at=None) | Q(ends_at__gt=at)
    rows = ApiKey.objects.filter(standing, revoked_at=None).select_related("channel", "user")
    return (rows.filter(channel=channel) if channel else rows).order_by("-id")


def opened(sealed: str) -> dict[str, str]:
    """Return sealed credentials by their names."""
    if not sealed:
        return {}
    said: dict[str, str] = json.loads(unseal(sealed, purpose=CREDENTIALS))
    return said
