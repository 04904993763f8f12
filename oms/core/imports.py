"""Bringing in what a business has: rows of a file, checked one by one, written all or not at all.

An app says what its files look like (`columns`) and how rows become documents (`write`). What an
optional cell leaves empty, or a file leaves out, stays as it is, or gets the model's default.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, TypeVar

from django.db import models, transaction
from django.utils.functional import Promise

from oms.core import tables
from oms.core.actors import Actor
from oms.core.cells import BadCell
from oms.core.columns import Column
from oms.core.exports import Cell
from oms.core.models import User

M = TypeVar("M", bound=models.Model)
CHUNK = 2_000


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken in: where, and why."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.column}: {self.reason.rstrip('.')}."


@dataclass(frozen=True)
class Row:
    """What one row says: only the cells that say something."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    def get(self, column: str, default: Any = None) -> Any:
        return self.values.get(column, default)

    def bad(self, column: str, reason: str) -> BadRow:
        return BadRow(self.line, column, reason)


@dataclass
class Outcome:
    """What became of the rows: `counts` by word (`added`, `changed`, `unchanged`, …)."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[BadRow] = field(default_factory=list)


@dataclass(frozen=True)
class Context:
    """Whose import this is: `channel` is a slug, or empty."""

    channel: str
    by: Actor
    at: datetime


@dataclass(frozen=True)
class KnownFile:
    """A file that others are known to write: told by the headers it has, with where our columns
    are found in it. Headers are written as `oms.core.mapping.plain` leaves them."""

    name: str
    told_by: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Report:
    rows: int
    counts: Mapping[str, int]
    bad: Sequence[BadRow]
    written: bool


class Importer(ABC):
    """How one kind of file is read and written.

    Staff bring it in on a screen with `permission`, see it done on `page` (the name of an address),
    and read `hints` beside it; `most_rows` is what a screen waits for.
    """

    title: str | Promise
    permission = "core.import_files"
    page: str
    hints: tuple[str | Promise, ...] = ()
    most_rows = 20_000
    columns: Mapping[str, Column]
    required: tuple[str, ...]
    needs_channel = False
    whole_by: tuple[str, ...] = ()
    """Columns whose rows belong together: when one is bad, none of them is taken in."""

    at_once = 0
    """How many parts of a long file are written in one transaction; none: all of it is."""

    parts_by: tuple[str, ...] = ()
    """Columns whose rows are never written apart, where a file is written in parts."""

    of_the_row: tuple[str, ...] = ()
    """Columns that every row says for itself; the others, a row may leave to one it belongs to."""

    also_called: Mapping[str, tuple[str, ...]] = {}
    """What others call our columns, the likeliest first (`oms.core.mapping`)."""

    known_files: tuple[KnownFile, ...] = ()
    extra_columns: Mapping[str, Column] = {}
    """What files of others say in place of ours; `complete` makes ours of it."""

    instead: Mapping[str, str] = {}
    """Columns that an extra column stands in for."""

    @abstractmethod
    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        """Write the good ones of `rows`; return what became of all. In the caller's transaction."""

    def complete(self, group: Sequence[dict[str, str]]) -> None:  # noqa: B027 (few need it)
        """Make our columns of the extra ones, in the texts of rows that belong together.

        Raises: ValueError, with what is wrong.
        """

    def table(self, user: User) -> Iterable[Sequence[Cell]] | None:
        """Return what stands, as far as `user` sees it, as the file that brings it in: headers
        first. None, where there is no such file."""
        return None


class _Undo(Exception):
    pass


def run(
    importer: Importer,
    source: Path | IO[bytes],
    context: Context,
    *,
    dry_run: bool,
    skip_bad_rows: bool,
) -> Report:
    """Bring in a file, given or at a path: all of it, or nothing when a row is bad and none may be.

    Raises: BadTable, for a file that cannot be read as one of ours.
    """
    optional = [name for name in importer.columns if name not in importer.required]
    table = tables.read(source, required=importer.required, optional=optional)
    return take(importer, table, context, dry_run=dry_run, skip_bad_rows=skip_bad_rows)


def take(
    importer: Importer,
    table: Iterable[tables.Row],
    context: Context,
    *,
    dry_run: bool,
    skip_bad_rows: bool,
) -> Report:
    """Bring in rows: all of them, or none when one is bad and none may be.

    Raises: BadTable, while they are read.
    """
    rows, bad = _parsed(table, importer)
    outcome = Outcome()
    written = True
    try:
        with transaction.atomic():
            outcome = importer.write(rows, context)
            bad += outcome.bad
            if dry_run or (bad and not skip_bad_rows):
                raise _Undo
    except _Undo:
        written = False
    total = len({row.line for row in rows} | {each.line for each in bad})
    return Report(total, outcome.counts, sorted(bad, key=lambda each: each.line), written)


def _parsed(table: Iterable[tables.Row], importer: Importer) -> tuple[list[Row], list[BadRow]]:
    good: list[Row] = []
    bad: list[BadRow] = []
    spoiled: set[tuple[str, ...]] = set()
    reader = _Reader(importer)
    for row in table:
        values, problems = reader.read(row)
        if problems:
            bad += problems
            spoiled.add(tuple(row[column] for column in importer.whole_by))
        else:
            good.append(Row(row.line, values))
    if not importer.whole_by or not spoiled:
        return good, bad
    groups = together(good, *importer.whole_by)
    for key in groups.keys() & spoiled:
        last = importer.whole_by[-1]
        bad += [row.bad(last, "another row of it is bad") for row in groups.pop(key)]
    return [row for group in groups.values() for row in group], bad


class _Reader:
    """Reads rows; a cell that says what the one above it says is not read again."""

    def __init__(self, importer: Importer) -> None:
        self._columns = [
            (name, read, name in importer.required) for name, read in importer.columns.items()
        ]
        self._above: dict[str, tuple[str, Any]] = {}

    def read(self, row: tables.Row) -> tuple[dict[str, Any], list[BadRow]]:
        values: dict[str, Any] = {}
        problems: list[BadRow] = []
        above = self._above
        for column, read, is_required in self._columns:
            text = row[column]
            if not text and not is_required:
                continue
            last = above.get(column)
            if last is not None and last[0] == text:
                values[column] = last[1]
                continue
            try:
                values[column] = read(row, column)
            except BadCell as bad:
                problems.append(BadRow(row.line, bad.column, bad.reason))
            else:
                above[column] = text, values[column]
        return values, problems


def twins(rows: Sequence[Row], *key: str) -> tuple[list[Row], list[BadRow]]:
    """Return the rows whose `key` stands first in the file, and the later ones as bad."""
    first: dict[tuple[Any, ...], int] = {}
    kept: list[Row] = []
    bad: list[BadRow] = []
    for row in rows:
        identity = tuple(row.get(column) for column in key)
        if identity in first:
            bad.append(row.bad(key[-1], f"stands on line {first[identity]} already"))
        else:
            first[identity] = row.line
            kept.append(row)
    return kept, bad


def together(rows: Iterable[Row], *key: str) -> dict[tuple[Any, ...], list[Row]]:
    """Return the rows by what they say in the columns `key`, in the order of the file."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row.get(column) for column in key)].append(row)
    return groups


def disagreements(group: Iterable[Row], *, of_the_row: Iterable[str], what: str) -> list[BadRow]:
    """Return where rows of one document say something else of it than the first that says it."""
    said: dict[str, Row] = {}
    bad = []
    for row in group:
        for name, value in row.values.items():
            first = said.setdefault(name, row)
            if name not in of_the_row and first[name] != value:
                bad.append(row.bad(name, f"differs from line {first.line} of the same {what}"))
    return bad


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def upsert(
    model: type[M],
    wanted: Sequence[tuple[dict[str, Any], dict[str, Any]]],
    *,
    key: str,
    known: models.QuerySet[M] | None = None,
    fresh: Mapping[str, Any] | None = None,
) -> Counter[str]:
    """Make each `(identity, values)` stand; return how many were added, changed, unchanged.

    `key` is the column of the identity that tells rows of `known` apart; `fresh` is what new rows
    get beside. Two statements and a query per 2,000 rows; what says nothing new is not written.
    """
    counts: Counter[str] = Counter()
    rows = model._default_manager.all() if known is None else known
    for some in chunks(wanted):
        found = {
            getattr(row, key): row
            for row in rows.filter(**{f"{key}__in": [each[key] for each, _ in some]})
        }
        added: list[M] = []
        changed: list[M] = []
        names: set[str] = set()
        for identity, values in some:
            row = found.get(identity[key])
            if row is None:
                added.append(model(**identity, **values, **(fresh or {})))
                continue
            news = {name: value for name, value in values.items() if getattr(row, name) != value}
            for name, value in news.items():
                setattr(row, name, value)
            names |= news.keys()
            counts["changed" if news else "unchanged"] += 1
            if news:
                changed.append(row)
        model._default_manager.bulk_create(added)
        if changed:
            model._default_manager.bulk_create(
                changed,
                update_conflicts=True,
                unique_fields=["pk"],
                update_fields=sorted(names),
            )
        counts["added"] += len(added)
    return counts
