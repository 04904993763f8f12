"""The yardstick: what PostgreSQL alone does on this machine, now.

One server-side function per order, called by pgbench from four connections, with everything
durable. About the most that the machine can do for a bare order; called L.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import CommandError
from django.db import connection

from oms.core import embedded_postgres
from oms.core.benchmarking import databases

HERE = Path(__file__).parent
SCHEMA = HERE / "limit_schema.sql"
SCRIPT = HERE / "limit_order.sql"
RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


class Yardstick:
    """A database with the yardstick's tables, ready to be measured with."""

    def __init__(self, address: dict[str, str]) -> None:
        self._environment = {**os.environ, **address}
        self._pgbench = embedded_postgres.binaries() / "pgbench"

    def per_second(self, seconds: float) -> float:
        """Return the orders per second that the server does alone, over about `seconds`."""
        whole = str(max(1, round(seconds)))
        done = subprocess.run(
            [str(self._pgbench), "-n", "-f", str(SCRIPT), "-c", "4", "-j", "2", "-T", whole],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        found = RATE.search(done.stdout)
        if done.returncode or found is None:
            raise CommandError(f"pgbench failed: {done.stderr.strip()[-500:]}")
        return float(found[1])


@contextmanager
def yardstick() -> Iterator[Yardstick]:
    """Make the yardstick's database, warm it up, and drop it afterwards."""
    with databases.throw_away("bench_yardstick") as name:
        with databases.using(name):
            with connection.cursor() as cursor:
                cursor.execute(SCHEMA.read_text())
            databases.vacuum()
            measure = Yardstick(databases.address())
        measure.per_second(1)
        yield measure
