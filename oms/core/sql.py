"""Statements written by hand, for the few places where a query per row would be too slow."""

import time
from collections.abc import Iterator, Mapping, Sequence
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
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, params)
        answer = cursor.pgresult
        rows = cursor.fetchall() if answer and answer.nfields else []
    _log(connection, statement, started)
    return rows


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
