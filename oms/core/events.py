"""Facts, and telling them.

Calls go down the house, facts go up. A service that has something to tell the floors above
publishes an `Event` and does not know who listens: that is written on one page,
`oms/reactions.py`.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.models import EventRecord
from oms.core.rows import new


def passing(**kwargs: Any) -> Any:
    """A field that reactions may use and the record leaves out: rows at hand, not facts."""
    return field(repr=False, compare=False, metadata={"passing": True}, **kwargs)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened: past tense, document numbers and plain values.

    `thread` is the order number (or, where there is no order, the document) whose story this
    belongs to; `subject` the document it happened to.
    """

    name: ClassVar[str]
    thread: str
    subject: str
    by: Actor
    at: datetime = field(default_factory=timezone.now)

    @property
    def facts(self) -> dict[str, Any]:
        """What the record keeps beside name, thread, subject, actor and time."""
        return {key: getattr(self, key) for key in _fact_fields(type(self))}


_known_fields: dict[type[Event], tuple[str, ...]] = {}


def _fact_fields(kind: type[Event]) -> tuple[str, ...]:
    if kind not in _known_fields:
        _known_fields[kind] = _read_fields(kind)
    return _known_fields[kind]


def _read_fields(kind: type[Event]) -> tuple[str, ...]:
    common = {"thread", "subject", "by", "at"}
    return tuple(
        each.name
        for each in fields(kind)
        if each.name not in common and not each.metadata.get("passing")
    )


@functools.cache
def _reactions(name: str) -> tuple[Callable[[Any], None], ...]:
    return tuple(import_string(path) for path in settings.REACTIONS.get(name, ()))


def publish(event: Event) -> None:
    """Record `event`, then run its reactions in their order, in this transaction.

    A reaction that raises undoes everything, the record too. What is slow, or happens outside
    the database, a reaction records as a job.
    """
    record(
        new(
            EventRecord,
            name=event.name,
            thread=event.thread,
            subject=event.subject,
            actor=str(event.by),
            payload=event.facts,
            happened_at=event.at,
        )
    )
    for react in _reactions(event.name):
        react(event)
