"""A living shop loses processes while orders come in, and places every order once all the same."""

import re
import shutil
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from oms.core import embedded_postgres
from tests.faults.test_workers import Installation, within

PACE = 60
SECONDS = 60
NOTICED = 10.0
LIVED = "SELECT external_id, number FROM orders_order WHERE external_id ~ '^L-[0-9]+$'"
# The statements are our own text; nothing in them comes from outside.
PLACED = f"SELECT coalesce(max(substr(external_id, 3)::int), 0) FROM ({LIVED}) AS lived"  # noqa: S608
WRITTEN = f"""
SELECT coalesce(max(substr(o.external_id, 3)::int), 0) FROM messaging_message m
JOIN ({LIVED}) AS o ON o.number = m.thread
"""  # noqa: S608
NOW = "SELECT now()::text"
# Routines come due again while others are done: only what was due at one moment is to be done.
DUE = "SELECT kind, key, attempts FROM core_job WHERE state = 'waiting' AND due_at < '{}'"
# What the killed had in hand is theirs until its lease ends; nobody waits for that here.
LEASES_END = "UPDATE core_job SET lease_until = now() WHERE lease_until > now() RETURNING key"


class Shop(Installation):
    """A demo shop that lives, as `demo --live` serves it."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.environment["DJANGO_SETTINGS_MODULE"] = "oms.settings"
        self.environment["OUTBOUND_ALLOWED_HOSTS"] = ""
        self.run("manage.py", "demo", "--no-serve")
        self.run("manage.py", "run_jobs", "--once")

    def placed(self) -> int:
        """How many orders came to life."""
        return self._number(PLACED)

    def written_to(self) -> int:
        """The youngest of them whose customer has a letter: web, database and workers did it."""
        return self._number(WRITTEN)

    def _number(self, statement: str) -> int:
        [(number,)] = self.ask(statement)
        return int(number)

    def recovery(self) -> float:
        """Seconds in which work goes on after a kill: those until it is noticed, and what starting
        takes on a machine that does other things as well."""
        begun = time.monotonic()
        self.run("-c", "import django; django.setup()")
        return NOTICED + 3 * (time.monotonic() - begun)

    def web_worker(self) -> psutil.Process:
        [web] = [each for each in self.processes()[0].children() if "gunicorn" in each.cmdline()]
        return web.children()[0]

    def task_worker(self) -> psutil.Process:
        return self.workers()[0]


@pytest.fixture(scope="module")
def shop():
    home = Path(tempfile.mkdtemp(prefix="oms-test-"))
    home.chmod(0o755)
    place = Shop(home)
    try:
        assert "Serving" in place.start("--live", str(PACE))
        within(120, place.is_ready)
        yield place
    finally:
        place.end()
        embedded_postgres.stop(home)
        shutil.rmtree(home)


@pytest.mark.full
def test_killing_its_processes_loses_and_doubles_no_order(shop, record_property):
    within(120, lambda: shop.written_to() >= 3)
    begun = time.monotonic()
    for victim in (shop.web_worker, shop.task_worker, shop.cluster):
        patience = shop.recovery()
        before = shop.placed()
        victim().kill()
        took = within(patience, lambda seen=before: shop.written_to() > seen)
        record_property(f"{victim.__name__} killed: seconds to the next letter", round(took, 1))
        within(patience, shop.is_ready)
        time.sleep(SECONDS / 6)
    within(SECONDS, lambda: time.monotonic() - begun > SECONDS)

    family = shop.processes()
    took = shop.stop()

    record_property("orders placed", shop.placed())
    record_property("seconds to stop", round(took, 1))
    assert took < 30
    assert [process for process in family if process.is_running()] == []
    rows = shop.ask(LIVED)
    numbers = sorted(int(re.sub(r"\D", "", external_id)) for external_id, _ in rows)
    assert numbers == list(range(1, len(rows) + 1))
    assert len({number for _, number in rows}) == len(rows) >= PACE * SECONDS / 60 * 0.6
    shop.ask(LEASES_END)
    [(then,)] = shop.ask(NOW)
    shop.run("manage.py", "run_jobs", "--once")
    assert shop.ask(DUE.format(then)) == []
    shop.run("manage.py", "verify_books")
