"""Everything a request writes, in one statement.

Services say `record(row, …)`. Outside a batch the rows are written at once. Inside one
(`in_one_go`) they get their keys at once and are written together at the end, by a single
`WITH … INSERT`, after which the closing acts run: taking stock, which everyone wants, comes last
and is held shortest. When the ground has moved meanwhile, all is rolled back and done again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar, cast

import msgspec
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models.expressions import DatabaseDefault

from oms.core import copying, locking, sql
from oms.core.errors import Busy
from oms.core.ids import Block

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)
ATTEMPTS = 5
COPIED_FROM = 1_000
"""Rows of one batch from where on a statement for each table costs less than one for all."""

_current: ContextVar[Batch | None] = ContextVar("batch", default=None)


class Again(Exception):
    """What was decided on has changed meanwhile: undo all of it and do it again."""


@dataclass(frozen=True)
class Mark:
    """How much a batch holds: rows by model, items by closing act, changes of what is in memory."""

    rows: dict[type[models.Model], int]
    closing: dict[Callable[[list[Any]], None], int]
    moved: int


class Batch:
    """Rows waiting to be written, and what is to be done once they are.

    `ahead` holds, by name, what a request that makes many documents has read for all of them at
    once: whoever would ask the database for one of them looks there first (`ahead`).
    """

    def __init__(self, attempt: int) -> None:
        self.attempt = attempt
        self.ids = Block()
        self._rows: dict[type[models.Model], list[models.Model]] = {}
        self._besides: dict[str, Sequence[Any]] = {}
        self._closing: dict[Callable[[list[Any]], None], list[Any]] = {}
        self._opening: list[Callable[[], None]] = []
        self._moved: list[Callable[[], None]] = []
        self.ahead: dict[str, Any] = {}
        self.is_spoiled = False

    @property
    def is_last(self) -> bool:
        """Whether this is the last attempt: lock before planning, or starve."""
        return self.attempt == ATTEMPTS - 1

    def add(self, rows: Iterable[models.Model]) -> None:
        for row in rows:
            said, key = row.__dict__, row._meta.pk.attname
            if not isinstance(said[key], int):
                said[key] = self.ids.take()
            self._rows.setdefault(type(row), []).append(row)

    def rows_of(self, model: type[M]) -> list[M]:
        return cast("list[M]", self._rows.get(model, []))

    def close_with(self, act: Callable[[list[Any]], None], items: Iterable[Any]) -> None:
        """Run `act` once with all items given for it, when all rows are written."""
        self._closing.setdefault(act, []).extend(items)

    def open_with(self, act: Callable[[], None]) -> None:
        """Run `act` before rows are written, each time that some are."""
        self._opening.append(act)

    def rename(self, model: type[models.Model], pks: Mapping[int, int]) -> None:
        """Let rows that wait refer to other rows of `model`: to those of these keys."""
        for kind, rows in self._rows.items():
            for field in kind._meta.concrete_fields:
                if field.related_model is not model:
                    continue
                for row in rows:
                    if (other := pks.get(getattr(row, field.attname))) is not None:
                        setattr(row, field.attname, other)

    def closing(self, act: Callable[[list[T]], None]) -> Sequence[T]:
        """The items given for `act` so far."""
        return self._closing.get(act, ())

    def mark(self) -> Mark:
        """Return where the batch stands now, to undo what one document of many adds to it."""
        return Mark(
            {model: len(rows) for model, rows in self._rows.items()},
            {act: len(items) for act, items in self._closing.items()},
            len(self._moved),
        )

    def undo(self, mark: Mark) -> None:
        """Take back what was added since `mark`; what was written or read meanwhile stays."""
        for model, rows in self._rows.items():
            del rows[mark.rows.get(model, 0) :]
        for act, items in self._closing.items():
            del items[mark.closing.get(act, 0) :]
        while len(self._moved) > mark.moved:
            self._moved.pop()()
        self.is_spoiled = False

    def moved(self, back: Callable[[], None]) -> None:
        """Say that something in `ahead` was changed, and how that is undone."""
        self._moved.append(back)

    def write_with(self, statement: str, params: Sequence[Any]) -> None:
        """Run an UPDATE of our own together with the rows, as part of the same statement."""
        self._besides[statement] = params

    def flush(self) -> None:
        """Write the rows gathered so far: in one statement; many of them in one for each table."""
        if self._rows:
            for opening in self._opening:
                opening()
        rows, self._rows = self._rows, {}
        besides, self._besides = self._besides, {}
        if not rows and not besides:
            return
        if sum(len(group) for group in rows.values()) >= COPIED_FROM:
            for model, group in list(rows.items()):
                if copying.copy(model, group, _json):
                    _mark_written(rows.pop(model))
        if not rows and not besides:
            return
        params: list[Any] = [_encoded(model, group) for model, group in rows.items()]
        for more in besides.values():
            params += more
        sql.run(_statement(tuple(rows), tuple(besides)), params)
        for group in rows.values():
            _mark_written(group)

    def finish(self) -> None:
        """Write all that waits, and run the closing acts; the batch may go on after that.

        Raises: Again.
        """
        if self.is_spoiled:
            raise AssertionError("A refusal inside a batch was swallowed, what led to it was not.")
        self.flush()
        closing, self._closing = self._closing, {act: [] for act in self._closing}
        self._moved.clear()
        for act, items in closing.items():
            act(items)


def current() -> Batch | None:
    """The batch this call is part of, if any."""
    return _current.get()


def ahead(name: str) -> Any | None:
    """What the open batch has read for all its documents under this name, if it has."""
    batch = _current.get()
    return batch.ahead.get(name) if batch else None


def pending(model: type[M]) -> list[M]:
    """Rows of `model` that the open batch has not written yet: a query would not find them."""
    batch = _current.get()
    return batch.rows_of(model) if batch else []


def next_id() -> int:
    """A key for a new row whose number is made of it; inside a batch it costs nothing."""
    batch = _current.get()
    return (batch.ids if batch else Block()).take()


def record(*rows: models.Model) -> None:
    """Write new rows now, or with the open batch; either way their keys are set on return."""
    if batch := _current.get():
        batch.add(rows)
        return
    ids = Block()
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        if isinstance(row.pk, DatabaseDefault):
            row.pk = ids.take()
        by_model.setdefault(type(row), []).append(row)
    for model, group in by_model.items():
        model._default_manager.bulk_create(group)


@contextmanager
def apart() -> Iterator[None]:
    """Leave the open batch alone for a while: what is done inside has its own beginning and end."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def in_one_go(work: Callable[[], T]) -> T:
    """Run `work` in one transaction, its rows written by one statement, stock taken last.

    Joins the batch that is open, if one is. Done again, from the start, when `Again` is raised,
    when a rival wrote the same unique key first, or when the database broke a deadlock.

    Raises: Busy when that did not help.
    """
    if _current.get():
        return work()
    for attempt in range(ATTEMPTS):
        batch = Batch(attempt)
        token = _current.set(batch)
        try:
            with transaction.atomic(), locking.watched():
                result = work()
                batch.finish()
                return result
        except Again:
            continue
        except (IntegrityError, OperationalError) as error:
            if _sqlstate(error) not in RETRIED or batch.is_last:
                raise
        finally:
            _current.reset(token)
    raise Busy


RETRIED = {"23505", "40P01", "40001"}


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


_encode = msgspec.json.Encoder(enc_hook=DjangoJSONEncoder().default).encode
"""Amounts become strings, and times keep their microseconds, as the database does."""


def _json(value: Any) -> str:
    return _encode(value).decode()


def _mark_written(rows: Iterable[models.Model]) -> None:
    for row in rows:
        row._state.adding = False


@functools.cache
def _table(
    model: type[models.Model],
) -> tuple[tuple[str, ...], Callable[[dict[str, Any]], tuple[Any, ...]]]:
    """Short names for the columns of a model, and how a row's values are read in their order."""
    fields = model._meta.concrete_fields
    columns = tuple(f"c{number}" for number in range(len(fields)))
    return columns, itemgetter(*(field.attname for field in fields))


def _encoded(model: type[models.Model], rows: list[models.Model]) -> str:
    columns, values = _table(model)
    return _encode([dict(zip(columns, values(row.__dict__), strict=True)) for row in rows]).decode()


@functools.lru_cache(maxsize=256)
def _statement(tables: tuple[type[models.Model], ...], besides: tuple[str, ...]) -> str:
    """One statement: rows of every table, each table one JSON parameter, and what goes along."""
    parts = []
    for number, model in enumerate(tables):
        fields = model._meta.concrete_fields
        names = ", ".join(f'"{field.column}"' for field in fields)
        typed = ", ".join(f"c{n} {field.db_type(connection)}" for n, field in enumerate(fields))
        parts.append(
            f'w{number} AS (INSERT INTO "{model._meta.db_table}" ({names}) '  # noqa: S608 (names are our own)
            f"SELECT * FROM json_to_recordset(%s::json) AS r({typed}))"
        )
    parts += [f"b{number} AS ({update})" for number, update in enumerate(besides)]
    return f"WITH {', '.join(parts)} SELECT 1"
