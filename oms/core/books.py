"""The books: sentences that are true of the data at every moment, and the proof of each.

An app states its invariants as `INVARIANTS` of its `invariants.py`; `verify` runs them. Each is
one statement, so it sees one moment even while orders are being taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from oms.core import sql
from oms.core.errors import Invalid


@dataclass(frozen=True)
class Invariant:
    """A sentence about the data. `sql` returns the rows that break it, or, with `holds`, rows
    that break it unless `holds(**row)`; the first column names the document."""

    name: str
    sentence: str
    sql: str
    holds: Callable[..., bool] | None = None


@dataclass(frozen=True)
class Violation:
    """A row that breaks an invariant."""

    invariant: str
    sentence: str
    row: Mapping[str, Any]

    def __str__(self) -> str:
        subject, *rest = self.row.items()
        figures = ", ".join(f"{name} {value}" for name, value in rest)
        return f"{self.invariant}: {subject[1]}" + (f": {figures}" if figures else "")


@dataclass(eq=False)
class UnknownInvariant(Invalid):
    names: list[str]
    known: list[str]

    @property
    def message(self) -> str:  # type: ignore[override]
        return f"No such invariant: {', '.join(self.names)}. Known are {', '.join(self.known)}."


def invariants() -> list[Invariant]:
    """Return the invariants of all apps, lowest floor first."""
    return [each for path in settings.INVARIANTS for each in import_string(path)]


def verify(names: Iterable[str] | None = None) -> list[Violation]:
    """Return every row that breaks an invariant (of those named).

    Raises: UnknownInvariant.
    """
    known = {each.name: each for each in invariants()}
    wanted = list(known) if names is None else list(names)
    if unknown := [name for name in wanted if name not in known]:
        raise UnknownInvariant(names=unknown, known=list(known))
    return [violation for name in wanted for violation in _broken(known[name])]


def _broken(invariant: Invariant) -> Iterator[Violation]:
    for row in _rows(invariant.sql):
        if invariant.holds is None or not invariant.holds(**row):
            yield Violation(invariant.name, invariant.sentence, row)


def _rows(statement: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of `statement` as they come: a recount of everything must not fill memory.

    Whole tables are put together, never row by row: a database that has not measured them yet
    takes them for empty, and a loop within a loop would take hours.
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        sql.run("SET LOCAL enable_nestloop = off")
        cursor.execute(statement)
        names: list[str] = []
        for row in cursor:
            names = names or [column.name for column in cursor.description]
            yield dict(zip(names, row, strict=True))
