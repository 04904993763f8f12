"""Everything a request writes, in one statement.

Services say `record(row, …)`. Outside a batch the rows are written at once. Inside one
(`in_one_go`) they get their keys at once and are written together at the end, by a single
`WITH … INSERT`, after which the closing acts run: taking stock, which everyone wants, comes last
and is held shortest. When the ground has moved meanwhile, all is rolled back and done again.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, OperationalError, connection, models, transaction

from oms.core import locking, sql
from oms.core.errors import Busy
from oms.core.ids import Block

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)
ATTEMPTS = 5

_current: ContextVar[Batch | None] = ContextVar("batch", default=None)


class Again(Exception):
    """What was decided on has changed meanwhile: undo all of it and do it again."""


class Batch:
    """Rows waiting to be written, and what is to be done once they are."""

    def __init__(self, attempt: int) -> None:
        self.attempt = attempt
        self.ids = Block()
        self._rows: dict[type[models.Model], list[models.Model]] = {}
        self._closing: dict[Callable[[list[Any]], None], list[Any]] = {}

    @property
    def is_last(self) -> bool:
        """Whether this is the last attempt: lock before planning, or starve."""
        return self.attempt == ATTEMPTS - 1

    def add(self, rows: Iterable[models.Model]) -> None:
        for row in rows:
            if row.pk is None or not isinstance(row.pk, int):
                row.pk = self.ids.take()
            self._rows.setdefault(type(row), []).append(row)

    def rows_of(self, model: type[M]) -> list[M]:
        return cast("list[M]", self._rows.get(model, []))

    def close_with(self, act: Callable[[list[Any]], None], items: Iterable[Any]) -> None:
        """Run `act` once with all items given for it, when all rows are written."""
        self._closing.setdefault(act, []).extend(items)

    def flush(self) -> None:
        """Write the rows gathered so far, in one statement."""
        rows, self._rows = self._rows, {}
        if rows:
            sql.run(_insert(tuple(rows)), [_encoded(group) for group in rows.values()])
            for group in rows.values():
                for row in group:
                    row._state.adding = False

    def finish(self) -> None:
        self.flush()
        for act, items in self._closing.items():
            act(items)


def current() -> Batch | None:
    """The batch this call is part of, if any."""
    return _current.get()


def pending(model: type[M]) -> list[M]:
    """Rows of `model` that the open batch has not written yet: a query would not find them."""
    batch = _current.get()
    return batch.rows_of(model) if batch else []


def record(*rows: models.Model) -> None:
    """Write new rows now, or with the open batch; either way their keys are set on return."""
    if batch := _current.get():
        batch.add(rows)
        return
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, group in by_model.items():
        model._default_manager.bulk_create(group)


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


class _Encoder(DjangoJSONEncoder):
    """Full microseconds: the database keeps them."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else super().default(value)


def _encoded(rows: list[models.Model]) -> str:
    fields = rows[0]._meta.concrete_fields
    return json.dumps(
        [
            {field.column: _plain(field, getattr(row, field.attname)) for field in fields}
            for row in rows
        ],
        cls=_Encoder,
        ensure_ascii=False,
    )


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    as_json = getattr(field, "as_json", None)
    return as_json(value) if as_json and value is not None else value


@functools.lru_cache(maxsize=256)
def _insert(tables: tuple[type[models.Model], ...]) -> str:
    """One statement that inserts the rows of every table; each table is one JSON parameter."""
    parts = []
    for number, model in enumerate(tables):
        fields = model._meta.concrete_fields
        names = ", ".join(f'"{field.column}"' for field in fields)
        typed = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in fields)
        parts.append(
            f'w{number} AS (INSERT INTO "{model._meta.db_table}" ({names}) '  # noqa: S608 (names are our own)
            f"SELECT {names} FROM json_to_recordset(%s::json) AS r({typed}))"
        )
    return f"WITH {', '.join(parts)} SELECT 1"
