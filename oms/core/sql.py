"""Statements written by hand, for the few places where a query per row would be too slow."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass
class Counted:
    """How many statements were sent."""

    statements: int = 0


_counted: ContextVar[Counted | None] = ContextVar("statements_counted", default=None)


@contextmanager
def counted() -> Iterator[Counted]:
    """Count the statements that this thread sends inside, the ORM's too."""
    count = Counted()

    def through(execute: Any, *args: Any) -> Any:
        count.statements += 1
        return execute(*args)

    token = _counted.set(count)
    try:
        with connections[DEFAULT_DB_ALIAS].execute_wrapper(through):
            yield count
    finally:
        _counted.reset(token)


def run(statement: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement on the current connection; return its rows.

    The server keeps the plan of a statement it has seen five times (`prepare_threshold` in the
    database settings), which Django's own cursors never ask for. Inside the caller's transaction;
    counted by Django's query log like any other query.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    if count := _counted.get():
        count.statements += 1
    started = time.monotonic()
    cursor = _cursor_of(connection.connection)
    with connection.wrap_database_errors:
        cursor.execute(statement, params)
        answer = cursor.pgresult
        rows = cursor.fetchall() if answer and answer.nfields else []
    _log(connection, statement, started)
    return rows


class _Kept(threading.local):
    cursor: psycopg.Cursor[tuple[Any, ...]] | None = None


_kept = _Kept()


def _cursor_of(connection: Any) -> psycopg.Cursor[tuple[Any, ...]]:
    """The cursor of this thread's connection: making one takes as long as a small question."""
    cursor = _kept.cursor
    if cursor is None or cursor.connection is not connection:
        cursor = _kept.cursor = psycopg.Cursor(connection)
    return cursor


def array(values: Iterable[int | str | None]) -> str:
    """Return an array as PostgreSQL reads it, at a fraction of what a list costs.

    For a parameter that the statement casts, as `(SELECT %s::bigint[])`: how long the array is
    stays hidden from the planner then, else no plan is good enough to be kept.
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: int | str | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def _log(connection: BaseDatabaseWrapper, statement: str, started: float) -> None:
    if connection.queries_logged:
        spent = f"{time.monotonic() - started:.3f}"
        connection.queries_log.append({"sql": statement, "time": spent})


def copy(statement: str, text: str) -> None:
    """Run a `COPY … FROM STDIN` that reads `text`. Counted like any other statement."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    if count := _counted.get():
        count.statements += 1
    started = time.monotonic()
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(connection.connection) as cursor,
        cursor.copy(statement) as into,
    ):
        into.write(text)
    _log(connection, statement, started)
