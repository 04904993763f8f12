"""Who is calling the API."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from oms.core.actors import Actor
from oms.core.models import User


@dataclass(frozen=True)
class ChannelPrincipal:
    """A channel, as its orders need it. Whoever leaves out what follows the gateway has confirmed
    the order, and agreed on its payment, already."""

    pk: int
    slug: str
    stock_policy: str
    payment_gateway: str
    auto_confirm: bool = True
    hold_until_paid: bool = False


@dataclass(frozen=True)
class Principal:
    """The owner of an API key: a channel, or a user (staff or a partner warehouse).

    `requests_per_minute` is how often its channel may call; 0 for as often as it likes.
    """

    key_id: int
    scopes: frozenset[str]
    channel: ChannelPrincipal | None
    user_id: int | None
    username: str
    requests_per_minute: int = 0
    burst: int = 0

    is_authenticated = True

    @cached_property
    def person(self) -> User:
        """The user of a key that belongs to no channel. One query a request."""
        return User.objects.get(pk=self.user_id or 0)

    @property
    def actor(self) -> Actor:
        return Actor.channel(self.channel.slug) if self.channel else Actor("user", self.username)

    @property
    def identity(self) -> str:
        """What idempotency keys belong to: repeats from another key of the same owner count."""
        return f"channel:{self.channel.slug}" if self.channel else f"user:{self.username}"

    def may(self, scope: str) -> bool:
        return scope in self.scopes
