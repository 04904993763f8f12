"""A message of a channel as it came, and what every adapter must be able to do with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orders.adapters.parts import Reading


@dataclass(frozen=True)
class Message:
    """Bytes as they came. Names of headers are in lower case."""

    body: bytes
    headers: Mapping[str, str]
    received_at: datetime


@dataclass(frozen=True)
class Arrival:
    """Which message of the archive something was read from, and when that came."""

    number: str
    received_at: datetime


@dataclass(frozen=True)
class Envelope:
    """What the outside of a message says: the channel's id of it, and what it is about.

    `id` is empty when the channel gives none: the body's digest stands for it. `topic` is in the
    channel's words (`orders/create`).
    """

    id: str = ""
    topic: str = ""


class Unreadable(Exception):
    """Raised by `read`: nothing can be made of this message; says why in words for staff."""


class NotTheirs(Exception):
    """Raised by `verify`: this message is not proven to be the channel's own; says why."""


class Stale(NotTheirs):
    """Raised by `verify`: the proof is good, and too old or from the future."""


class Adapter(Protocol):
    """What an adapter can do with what its channel sends. Pure: no database, no network.

    `signature_headers` are those that carry the channel's own proof, in lower case. A message
    without any of them may be proven by one of our keys of that channel instead; and one with
    `Authorization: Bearer` always is.
    """

    @property
    def signature_headers(self) -> Collection[str]: ...

    def verify(self, message: Message, secrets: Sequence[str]) -> None:
        """Prove, over the bytes as they came, that the channel sent this.

        `secrets` are those in force, several while one is replaced by the next.

        Raises: NotTheirs, Stale.
        """

    def envelope(self, message: Message) -> Envelope:
        """Read the outside of a message, of one that cannot be read too."""

    def read(self, message: Message) -> Reading:
        """Put a message into parts. What it does not know it leaves; it stays in the archive.

        Raises: Unreadable.
        """
