"""The ways this system says no.

Anything raised on purpose is a `Refusal`: the request was understood and turned down. Its class
says which rule turned it down, its kind says what the caller can do about it, and its fields
carry the numbers. Every other exception is a bug.
"""

import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(eq=False)
class Refusal(Exception):
    """A request turned down on purpose."""

    message: ClassVar[str] = "The request was refused."

    def __str__(self) -> str:
        facts = self.facts
        for name, value in facts.items():
            if isinstance(value, list | tuple):
                facts[name] = ", ".join(str(each) for each in value)
        return self.message.format_map(facts)

    @property
    def facts(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def code(self) -> str:
        """The class name in snake_case: stable, searchable, safe to publish."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


class Invalid(Refusal):
    """The request is wrong in itself; sending it again will not help."""


class Forbidden(Refusal):
    """The request is fine, but not from this actor."""


class Missing(Refusal):
    """What the request speaks of does not exist, or not for this actor."""


class Conflict(Refusal):
    """The request is fine, but not in the present state of things."""


class Unavailable(Refusal):
    """Nothing is wrong; something is busy. Try again."""


@dataclass(eq=False)
class Busy(Unavailable):
    """Others hold what this request needs, for longer than it may wait."""

    message = "Others are working on the same records. Try again in a moment."


@dataclass(eq=False)
class Unreadable(Invalid):
    """A value cannot be read as what it should be; `pointer` names it as RFC 6901 does."""

    pointer: str
    reason: str

    message = "{pointer}: {reason}"
