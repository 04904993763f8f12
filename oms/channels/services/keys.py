import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from oms.channels.errors import ChannelExists, ChannelNotFound, KeyNotFound, UnknownScope
from oms.channels.events import ApiKeyIssued, ApiKeyRevoked, ChannelOpened
from oms.channels.models import ApiKey, Channel
from oms.channels.principals import ChannelPrincipal, Principal
from oms.channels.services.connecting import OVERLAP, add_secret, keep_secret
from oms.channels.states import DEFAULT_SCOPES, Adapter, Scope
from oms.core import sql
from oms.core.actors import SYSTEM, Actor
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.models import User
from oms.core.services import service

PREFIX = 12


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@service
def create_channel(
    *,
    slug: str,
    name: str,
    adapter: str = Adapter.NATIVE,
    secret: str = "",
    scopes: Iterable[str] = DEFAULT_SCOPES,
    by: Actor = SYSTEM,
    at: datetime | None = None,
) -> str:
    """Open a channel and return its API key, which is shown this once. `secret` is what it signs
    its messages with.

    Raises: ChannelExists, UnknownScope.
    Locks: nothing.
    Publishes: ChannelOpened.
    """
    now = at or timezone.now()
    try:
        with transaction.atomic():
            channel = Channel.objects.create(slug=slug, name=name, adapter=adapter)
    except IntegrityError:
        raise ChannelExists(slug=slug) from None
    if secret:
        keep_secret(channel, secret, by, now)
    publish(ChannelOpened(thread=slug, subject=slug, by=by, at=now, adapter=adapter))
    return _key(channel=channel, user=None, scopes=scopes, by=by)


@dataclass(frozen=True)
class Opened:
    """A channel's first key and what it signs with, to be shown once."""

    key: str
    secret: str


@service
def open_channel(
    *, slug: str, name: str, adapter: str, secret: str = "", by: Actor, at: datetime
) -> Opened:
    """Open a channel with all it needs to call us: a key, and a secret, made where none is given.
    What left before today is history.

    Raises: ChannelExists, SecretUnfit.
    Locks: Channel.
    Publishes: ChannelOpened, ChannelSecretAdded.
    """
    key = create_channel(slug=slug, name=name, adapter=adapter, by=by, at=at)
    Channel.objects.filter(slug=slug).update(live_since=timezone.localdate(at))
    return Opened(key, add_secret(channel=slug, secret=secret, by=by, at=at))


@service
def create_api_key(*, user: User, scopes: Iterable[str], name: str = "", by: Actor = SYSTEM) -> str:
    """Return a new API key of a staff user or partner, which is shown this once.

    Raises: UnknownScope.
    Locks: nothing.
    Publishes: ApiKeyIssued.
    """
    return _told(_key(channel=None, user=user, scopes=scopes, name=name, by=by), by)


@service
def add_key(
    *,
    slug: str,
    scopes: Iterable[str] = DEFAULT_SCOPES,
    name: str = "",
    by: Actor = SYSTEM,
) -> str:
    """Return a further API key of a channel, which is shown this once.

    Raises: ChannelNotFound, UnknownScope.
    Locks: nothing.
    Publishes: ApiKeyIssued.
    """
    channel = Channel.objects.filter(slug=slug).first()
    if channel is None:
        raise ChannelNotFound(slug=slug)
    return _told(_key(channel=channel, user=None, scopes=scopes, name=name, by=by), by)


@service
def rotate_key(*, prefix: str, overlap: timedelta = OVERLAP, by: Actor, at: datetime) -> str:
    """Return a key that may do what this one may, which counts beside it for a while and then no
    more; `overlap` is zero for at once.

    Raises: KeyNotFound.
    Locks: ApiKey.
    Publishes: ApiKeyIssued.
    """
    old = _standing(prefix, at)
    until = at + overlap
    old.ends_at = min(until, old.ends_at or until)
    old.save(update_fields=["ends_at"])
    made = _key(channel=old.channel, user=old.user, scopes=old.scopes, name=old.name, by=by)
    return _told(made, by, at=at, replaces=prefix, old_until=old.ends_at.isoformat())


@service
def end_key(*, prefix: str, by: Actor, at: datetime) -> None:
    """Have a key open nothing any more.

    Raises: KeyNotFound.
    Locks: ApiKey.
    Publishes: ApiKeyRevoked.
    """
    row = _standing(prefix, at)
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    publish(ApiKeyRevoked(thread=_thread(row), subject=prefix, by=by, at=at))


@service
def revoke_key(*, key: str) -> None:
    """End a key. One that was ended before stays so.

    Raises: nothing.
    """
    standing = ApiKey.objects.filter(prefix=key[:PREFIX], digest=_digest(key), revoked_at=None)
    standing.update(revoked_at=Now())


def _standing(prefix: str, at: datetime) -> ApiKey:
    counts = Q(ends_at=None) | Q(ends_at__gt=at)
    rows = ApiKey.objects.filter(counts, prefix=prefix, revoked_at=None)
    return lock_one(rows.select_related("channel", "user"), missing=KeyNotFound(prefix=prefix))


def _key(
    *,
    channel: Channel | None,
    user: User | None,
    scopes: Iterable[str],
    name: str = "",
    by: Actor = SYSTEM,
) -> str:
    wanted = sorted(set(scopes))
    if unknown := [scope for scope in wanted if scope not in Scope.values]:
        raise UnknownScope(scopes=unknown, known=list(Scope.values))
    key = f"oms_{secrets.token_urlsafe(32)}"
    ApiKey.objects.create(
        prefix=key[:PREFIX],
        digest=_digest(key),
        channel=channel,
        user=user,
        scopes=wanted,
        name=name,
        created_by=str(by),
    )
    return key


def _told(
    key: str, by: Actor, *, at: datetime | None = None, replaces: str = "", old_until: str = ""
) -> str:
    row = ApiKey.objects.select_related("channel", "user").get(prefix=key[:PREFIX])
    publish(
        ApiKeyIssued(
            thread=_thread(row),
            subject=row.prefix,
            by=by,
            at=at or timezone.now(),
            scopes=row.scopes,
            replaces=replaces,
            old_until=old_until,
        )
    )
    return key


def _thread(row: ApiKey) -> str:
    return row.channel.slug if row.channel else f"user:{row.user}"


USED = """
WITH used AS (
    UPDATE channels_apikey SET last_used_at = now()
    WHERE prefix = %s AND digest = %s AND revoked_at IS NULL
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 hour')
)
SELECT k.id, k.digest, k.scopes, c.id, c.slug, c.stock_policy, c.payment_gateway,
       c.auto_confirm, c.hold_until_paid, c.requests_per_minute, c.burst, u.id, u.username
FROM channels_apikey k
LEFT JOIN channels_channel c ON c.id = k.channel_id AND c.is_active
LEFT JOIN core_user u ON u.id = k.user_id AND u.is_active
WHERE k.prefix = %s AND k.revoked_at IS NULL AND (k.ends_at IS NULL OR k.ends_at > now())
  AND coalesce(c.id, u.id) IS NOT NULL
"""
"""Whose key it is. That it was used is written in the same statement, once an hour."""


def principal_of(*, key: str) -> Principal | None:
    """Return whose key this is, or None for a wrong, revoked, ended or disabled one. One query."""
    prefix, digest = key[:PREFIX], _digest(key)
    for key_id, kept, scopes, *rest in sql.run(USED, [prefix, digest, prefix]):
        channel_id, slug, policy, gateway, confirms, pays_first, rate, burst, *user = rest
        user_id, username = user
        if secrets.compare_digest(kept, digest):
            channel = None
            if channel_id:
                channel = ChannelPrincipal(
                    channel_id, slug, policy, gateway, confirms, hold_until_paid=pays_first
                )
            return Principal(
                key_id, frozenset(scopes), channel, user_id, username or "", rate or 0, burst or 0
            )
    return None
