import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from oms.channels.errors import ChannelExists, ChannelNotFound, UnknownScope
from oms.channels.events import ChannelOpened
from oms.channels.models import ApiKey, Channel
from oms.channels.principals import ChannelPrincipal, Principal
from oms.channels.services.connecting import keep_secret
from oms.channels.states import DEFAULT_SCOPES, Adapter, Scope
from oms.core import sql
from oms.core.actors import SYSTEM, Actor
from oms.core.events import publish
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
    return _key(channel=channel, user=None, scopes=scopes)


@service
def create_api_key(*, user: User, scopes: Iterable[str]) -> str:
    """Return a new API key of a staff user or partner, which is shown this once.

    Raises: UnknownScope.
    """
    return _key(channel=None, user=user, scopes=scopes)


@service
def add_key(*, slug: str, scopes: Iterable[str] = DEFAULT_SCOPES) -> str:
    """Return a further API key of a channel, which is shown this once.

    Raises: ChannelNotFound, UnknownScope.
    """
    channel = Channel.objects.filter(slug=slug).first()
    if channel is None:
        raise ChannelNotFound(slug=slug)
    return _key(channel=channel, user=None, scopes=scopes)


@service
def revoke_key(*, key: str) -> None:
    """End a key. One that was ended before stays so.

    Raises: nothing.
    """
    standing = ApiKey.objects.filter(prefix=key[:PREFIX], digest=_digest(key), revoked_at=None)
    standing.update(revoked_at=Now())


def _key(*, channel: Channel | None, user: User | None, scopes: Iterable[str]) -> str:
    wanted = sorted(set(scopes))
    if unknown := [scope for scope in wanted if scope not in Scope.values]:
        raise UnknownScope(scopes=unknown, known=list(Scope.values))
    key = f"oms_{secrets.token_urlsafe(32)}"
    ApiKey.objects.create(
        prefix=key[:PREFIX], digest=_digest(key), channel=channel, user=user, scopes=wanted
    )
    return key


def principal_of(*, key: str) -> Principal | None:
    """Return whose key this is, or None for a wrong, revoked or disabled one. One query."""
    rows = sql.run(
        "SELECT k.id, k.digest, k.scopes, c.id, c.slug, c.stock_policy, c.payment_gateway, "
        "u.id, u.username "
        "FROM channels_apikey k "
        "LEFT JOIN channels_channel c ON c.id = k.channel_id AND c.is_active "
        "LEFT JOIN core_user u ON u.id = k.user_id AND u.is_active "
        "WHERE k.prefix = %s AND k.revoked_at IS NULL AND coalesce(c.id, u.id) IS NOT NULL",
        [key[:PREFIX]],
    )
    for key_id, digest, scopes, *rest in rows:
        channel_id, slug, stock_policy, gateway, user_id, username = rest
        if secrets.compare_digest(digest, _digest(key)):
            channel = (
                ChannelPrincipal(channel_id, slug, stock_policy, gateway) if channel_id else None
            )
            return Principal(key_id, frozenset(scopes), channel, user_id, username or "")
    return None
