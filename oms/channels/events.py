"""The facts this app makes known. Their thread is the channel's slug, `user:…` for people."""

from dataclasses import dataclass
from typing import Any

from oms.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ChannelOpened(Event):
    """Orders may come from one more place."""

    name = "channel.opened"
    adapter: str


@dataclass(frozen=True, kw_only=True)
class ChannelChanged(Event):
    """Somebody changed what is agreed with a channel: from and to, by the name of the setting."""

    name = "channel.changed"
    changes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ChannelConnected(Event):
    """Somebody said where a channel is called and with what; `names` were entered anew."""

    name = "channel.connected"
    base_url: str
    names: list[str]
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class ChannelSecretAdded(Event):
    """A channel signs with a new secret; those before it count until `old_until`."""

    name = "channel.secret_added"
    old_until: str


@dataclass(frozen=True, kw_only=True)
class ChannelSecretEnded(Event):
    """What is signed with an old secret is refused from now on."""

    name = "channel.secret_ended"
    made_at: str


@dataclass(frozen=True, kw_only=True)
class ApiKeyIssued(Event):
    """Somebody has a new key. Of a rotated one, `replaces` is the old, which counts `old_until`."""

    name = "api_key.issued"
    scopes: list[str]
    replaces: str = ""
    old_until: str = ""


@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(Event):
    """A key opens nothing any more."""

    name = "api_key.revoked"


@dataclass(frozen=True, kw_only=True)
class ChannelMessagesReprocessed(Event):
    """Somebody had messages of a channel processed again: one, or so many that had failed."""

    name = "channel.messages_reprocessed"
    messages: int
