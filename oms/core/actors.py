"""Who did it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class HasUsername(Protocol):
    """What an actor needs of a signed-in user."""

    def get_username(self) -> str: ...


@dataclass(frozen=True)
class Actor:
    """A person (`user`), a sales channel (`channel`), a customer, or the system itself."""

    kind: str
    name: str

    @classmethod
    def of(cls, user: HasUsername) -> Actor:
        return cls("user", user.get_username())

    @classmethod
    def channel(cls, slug: str) -> Actor:
        return cls("channel", slug)

    @classmethod
    def customer(cls, order_number: str) -> Actor:
        return cls("customer", order_number)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


SYSTEM = Actor("system", "oms")
