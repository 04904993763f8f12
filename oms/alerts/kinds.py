"""Kinds of alerts: what is looked for, how often, who is told, and how it reads.

The app that owns the numbers writes an `AlertKind`; `ALERTS` in `oms/composition.py` names it. A
finder is a function of a moment and the thresholds, so a better one (a Poisson rate, a
beta-binomial) takes its place without anything else changing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from oms.alerts.errors import AlertKindUnknown
from oms.alerts.states import Severity
from oms.core.models import User

Words = str | Promise
Thresholds = Mapping[str, int]
Evidence = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """Something that is true now. `evidence` is plain JSON: names to numbers and texts."""

    about: str
    evidence: dict[str, Any]
    severity: Severity = Severity.SOON
    location: str = ""

    @property
    def subject(self) -> str:
        return f"{self.about}@{self.location}" if self.location else self.about


@dataclass(frozen=True)
class Figure:
    """One number of the evidence, and the yardstick beside it."""

    label: Words
    value: int | Decimal | datetime | str | None
    yardstick: Words = ""
    form: str = "number"
    """`number`, `percent`, `money`, `when` or `text`."""
    currency: str = ""


@dataclass(frozen=True)
class Chart:
    """How the numbers went: rows of a word and one or two numbers, as `{% bars %}` takes them."""

    label: Words
    names: Sequence[Words]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Told:
    """An alert in words: a title, its evidence in one line, its figures and how they were had."""

    title: str
    summary: str
    figures: Sequence[Figure] = ()
    how: Words = ""
    chart: Chart | None = None
    links: Sequence[tuple[Words, str]] = ()


@dataclass(frozen=True)
class Threshold:
    """A number that staff may set: what counts as little, late or often."""

    label: Words
    default: int
    least: int = 0
    most: int = 1_000_000
    help: Words = ""


Find = Callable[[datetime, Thresholds], list[Finding]]
Tell = Callable[[Evidence, Thresholds], Told]


@dataclass(frozen=True)
class AlertKind:
    """One kind of alert. `find` returns everything that is true at a moment, in one go.

    `tell` makes words of evidence in the reader's language. `permission` is who sees its alerts;
    those of them who may settle alerts are told when new ones open.
    """

    label: Words
    meaning: Words
    find: Find
    tell: Tell
    every: timedelta
    permission: str
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)

    def values(self, changed: Mapping[str, int]) -> dict[str, int]:
        """Return the thresholds in force: its own, and those that were changed."""
        return {
            name: int(changed.get(name, threshold.default))
            for name, threshold in self.thresholds.items()
        }

    def told(self, evidence: Evidence) -> Told:
        """Return the words of kept evidence, by the thresholds in force when it was found."""
        return self.tell(evidence, self.values(evidence.get("thresholds", {})))


def all_kinds() -> dict[str, AlertKind]:
    """Return every kind by its name, in the order of `ALERTS`."""
    return {name: import_string(path) for name, path in settings.ALERTS.items()}


def kind_of(name: str) -> AlertKind:
    """Return one kind.

    Raises: AlertKindUnknown.
    """
    path = settings.ALERTS.get(name)
    if path is None:
        raise AlertKindUnknown(kind=name)
    found: AlertKind = import_string(path)
    return found


def kinds_seen_by(user: User) -> dict[str, AlertKind]:
    """Return the kinds whose alerts `user` may see."""
    return {name: kind for name, kind in all_kinds().items() if user.has_perm(kind.permission)}
