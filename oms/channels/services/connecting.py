"""What channels and we prove ourselves to one another with: secrets, and the way back."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q

from oms.channels.errors import (
    ChannelNotFound,
    ConnectionIncomplete,
    LastSecret,
    SecretNotFound,
    SecretUnfit,
)
from oms.channels.events import ChannelConnected, ChannelSecretAdded, ChannelSecretEnded
from oms.channels.models import Channel, ChannelConnection, ChannelSecret
from oms.channels.rules.connecting import wiring_of
from oms.channels.selectors.agreed import forget_agreed
from oms.channels.selectors.connections import CREDENTIALS, SECRETS, opened
from oms.core import outbound
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.sealing import LONGEST, seal
from oms.core.services import service

OVERLAP = timedelta(hours=24)
"""How long what was replaced still counts, where nobody says otherwise."""


@service
def add_secret(
    *, channel: str, secret: str = "", overlap: timedelta = OVERLAP, by: Actor, at: datetime
) -> str:
    """Have a channel sign with a new secret, and return it; what it signed with before counts
    beside it for the time of `overlap`, zero for none. One is made where none is given.

    Raises: ChannelNotFound, SecretUnfit.
    Locks: Channel.
    Publishes: ChannelSecretAdded.
    """
    row = locked_channel(channel)
    value = secret or secrets.token_urlsafe(32)
    if not value.isprintable() or len(value.encode()) > LONGEST:
        raise SecretUnfit()
    until = at + overlap
    standing = row.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=until))
    replaced = standing.update(ends_at=until)
    keep_secret(row, value, by, at)
    publish(
        ChannelSecretAdded(
            thread=channel,
            subject=channel,
            by=by,
            at=at,
            old_until=until.isoformat() if replaced else "",
        )
    )
    return value


@service
def end_secret(*, channel: str, secret_id: int, by: Actor, at: datetime) -> None:
    """Refuse from now on what is signed with a secret that was replaced.

    Raises: ChannelNotFound, SecretNotFound, LastSecret.
    Locks: Channel.
    Publishes: ChannelSecretEnded.
    """
    row = locked_channel(channel)
    standing = row.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=at))
    found = standing.filter(pk=secret_id).first()
    if found is None:
        raise SecretNotFound(channel=channel)
    if found.ends_at is None:
        raise LastSecret(channel=channel)
    found.ends_at = at
    found.save(update_fields=["ends_at"])
    publish(
        ChannelSecretEnded(
            thread=channel, subject=channel, by=by, at=at, made_at=found.made_at.isoformat()
        )
    )


@service
def connect_channel(
    *,
    channel: str,
    base_url: str,
    options: Mapping[str, str],
    credentials: Mapping[str, str],
    is_on: bool = True,
    by: Actor,
    at: datetime,
) -> None:
    """Say where a channel is called, and with what. Credentials that are left empty stay as they
    were, unless the address leads to another host: what proves us there goes nowhere else.

    Raises: ChannelNotFound, AddressNotAllowed, ConnectionIncomplete.
    Locks: Channel.
    Publishes: ChannelConnected.
    """
    row = locked_channel(channel)
    wiring = wiring_of(row.adapter)
    if base_url:
        outbound.check_url(base_url, https_only=True)
    connection = ChannelConnection.objects.filter(channel=row).first()
    if connection is None:
        connection = ChannelConnection(channel=row)
    stays = urlsplit(connection.base_url)[:2] == urlsplit(base_url)[:2]
    known = opened(connection.sealed) if stays else {}
    asked = [each.name for each in wiring.credentials]
    given = {name: credentials[name] for name in asked if credentials.get(name)}
    kept = {name: value for name, value in {**known, **given}.items() if name in asked}
    if base_url and is_on and (missing := [name for name in asked if name not in kept]):
        raise ConnectionIncomplete(channel=channel, missing=missing)
    connection.base_url = base_url.rstrip("/")
    connection.options = {
        each.name: options[each.name] for each in wiring.options if options.get(each.name)
    }
    connection.names = sorted(kept)
    connection.sealed = seal(json.dumps(kept).encode(), purpose=CREDENTIALS) if kept else ""
    connection.is_on = is_on
    connection.changed_at, connection.changed_by = at, str(by)
    connection.save()
    transaction.on_commit(forget_agreed)
    publish(
        ChannelConnected(
            thread=channel,
            subject=channel,
            by=by,
            at=at,
            base_url=connection.base_url,
            names=sorted(given),
            is_on=is_on,
        )
    )


def locked_channel(slug: str) -> Channel:
    """Raises: ChannelNotFound."""
    return lock_one(Channel.objects.filter(slug=slug), missing=ChannelNotFound(slug=slug))


def keep_secret(channel: Channel, secret: str, by: Actor, at: datetime) -> None:
    ChannelSecret.objects.create(
        channel=channel,
        sealed=seal(secret.encode(), purpose=SECRETS),
        made_at=at,
        made_by=str(by),
    )
