"""Databases of the benchmark's own, beside the real one on the same server and never it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, LiteralString
from urllib.parse import quote

import psycopg
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql


def address() -> dict[str, str]:
    """Return how libpq reaches the current database, as its environment variables."""
    here: dict[str, Any] = connection.settings_dict
    said = {
        "PGHOST": here["HOST"],
        "PGPORT": here["PORT"],
        "PGUSER": here["USER"],
        "PGPASSWORD": here["PASSWORD"],
        "PGDATABASE": here["NAME"],
    }
    return {name: str(value) for name, value in said.items() if value}


def url() -> str:
    """Return the current database as a `DATABASE_URL`; with a socket, `address` says the rest."""
    said = {name: quote(value, safe="") for name, value in address().items()}
    host, name = said.get("PGHOST", ""), said["PGDATABASE"]
    if not host or host.startswith("%2F"):
        return f"postgres:///{connection.settings_dict['HOST']}/{name}"
    owner = f"{said.get('PGUSER', '')}:{said.get('PGPASSWORD', '')}"
    return f"postgres://{owner}@{host}:{said.get('PGPORT', '5432')}/{name}"


@contextmanager
def throw_away(purpose: str) -> Iterator[str]:
    """Make an empty database, yield its name, drop it.

    One of that name may be left from a run that was killed: it is replaced.
    """
    name = f"{_real_name()}_{purpose}"
    _admin("DROP DATABASE IF EXISTS {}", name)
    _admin("CREATE DATABASE {}", name)
    try:
        yield name
    finally:
        _admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def using(name: str) -> Iterator[None]:
    """Let everything in this process speak to database `name`."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def migrate() -> None:
    """Bring the current database to the schema of this version."""
    call_command("migrate", verbosity=0, interactive=False)


def setting(name: str) -> str:
    """Return a setting of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def vacuum() -> None:
    """Leave the current database as a quiet night would: vacuumed, analyzed, written out."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _real_name() -> str:
    return str(connection.settings_dict["NAME"]).partition("_bench_")[0]


def _admin(statement: LiteralString, name: str) -> None:
    where = {**address(), "PGDATABASE": "postgres"}
    parameters = {
        "host": where.get("PGHOST"),
        "port": where.get("PGPORT"),
        "user": where.get("PGUSER"),
        "password": where.get("PGPASSWORD"),
        "dbname": "postgres",
    }
    with closing(psycopg.connect(autocommit=True, **parameters)) as server:  # type: ignore[arg-type]
        try:
            server.execute(sql.SQL(statement).format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            raise CommandError("Another benchmark is running on this server.") from None
