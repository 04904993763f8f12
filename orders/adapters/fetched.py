"""What was fetched from a channel, and what a look at it came to."""

from dataclasses import dataclass

from orders.adapters.parts import Fetch


@dataclass(frozen=True)
class Fetched:
    """A document as the archive keeps it; `topic` is what it is, in the channel's words."""

    topic: str
    body: bytes


@dataclass(frozen=True)
class Look:
    """One page of what changed: documents that tell all of it, things to fetch, and the next
    page, empty after the last."""

    documents: tuple[Fetched, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    page: str = ""
