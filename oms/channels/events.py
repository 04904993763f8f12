"""The facts this app makes known. Their thread is the channel's slug, `user:…` for people, and the
number of a file for files."""

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


@dataclass(frozen=True, kw_only=True)
class FileArrived(Event):
    """Somebody brought a file; nothing of it counts yet."""

    name = "file.arrived"
    kind: str
    file_name: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class FileMapped(Event):
    """Somebody said which columns of a file say what; it is looked at with that."""

    name = "file.mapped"
    kept_as: str


@dataclass(frozen=True, kw_only=True)
class FileStarted(Event):
    """A file is being brought in from here on, without its bad rows where there are any."""

    name = "file.started"
    rows: int
    bad: int


@dataclass(frozen=True, kw_only=True)
class FileStopped(Event):
    """What was brought in until here stays, the rest waits; by the system when it gave up."""

    name = "file.stopped"
    done: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class FileResumed(Event):
    """A file goes on where it was stopped."""

    name = "file.resumed"
    done: int


@dataclass(frozen=True, kw_only=True)
class FileBroughtIn(Event):
    """All of a file is brought in, but for its bad rows: what became of it, by word."""

    name = "file.brought_in"
    kind: str
    counts: dict[str, int]
    bad: int


@dataclass(frozen=True, kw_only=True)
class FileDiscarded(Event):
    """Nothing more of a file will be brought in."""

    name = "file.discarded"
    done: int
