"""Background workers are killed, and the work is done all the same."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from oms.core import embedded_postgres

ROOT = Path(__file__).resolve().parents[2]
ENQUEUE = """
import json, sys
import django
django.setup()
from oms.core.jobs import enqueue
for kind, key, payload in json.loads(sys.argv[1]):
    enqueue(kind, key=key, payload=payload)
"""


class Installation:
    """A whole installation under one `serve`, with a home and a database of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        unset = {"DATABASE_URL", "OMS_BASE_URL"}
        self.environment = {
            **{key: value for key, value in os.environ.items() if key not in unset},
            "OMS_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "tests.faults.background",
        }
        self.database = embedded_postgres.ensure_running(home, durable=False)
        self.run("manage.py", "migrate", "--verbosity", "0")
        self.serve: subprocess.Popen[str] | None = None

    def run(self, *arguments: str) -> None:
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def start(self, *arguments: str) -> str:
        """Serve, and come back with what is announced."""
        self.serve = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", self.port, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.serve.stdout
        return self.serve.stdout.readline()

    def stop(self) -> float:
        """Ask to stop; return how long it took."""
        assert self.serve
        before = time.monotonic()
        self.serve.terminate()
        assert self.serve.wait(timeout=60) == 0
        return time.monotonic() - before

    def end(self) -> None:
        """Leave no process behind, whatever the test did."""
        if self.serve is None or self.serve.stdout is None:
            return
        for process in self.processes() if self.serve.poll() is None else []:
            process.kill()
        self.serve.wait()
        self.serve.stdout.close()

    def enqueue(self, *jobs: tuple[str, str, dict[str, object]]) -> None:
        self.run("-c", ENQUEUE, json.dumps(jobs))

    def sent(self) -> list[str]:
        file = self.home / "sent"
        return file.read_text().splitlines() if file.exists() else []

    def ask(self, statement: str) -> list[tuple[str, str, int]]:
        with psycopg.connect(
            host=self.database["HOST"], user=self.database["USER"], dbname=self.database["NAME"]
        ) as connection:
            return connection.execute(statement).fetchall()

    def jobs(self) -> list[tuple[str, str, int]]:
        return self.ask("SELECT key, state, attempts FROM core_job ORDER BY key")

    def forget_all_work(self) -> None:
        self.ask("DELETE FROM core_job RETURNING key, state, attempts")
        (self.home / "sent").unlink(missing_ok=True)

    def processes(self) -> list[psutil.Process]:
        """Every process of this installation but its database, `serve` first."""
        assert self.serve
        main = psutil.Process(self.serve.pid)
        return [main, *main.children(recursive=True)]

    def cluster(self) -> psutil.Process:
        """The main process of the background workers."""
        children = self.processes()[0].children()
        [cluster] = [child for child in children if "workers" in child.cmdline()]
        return cluster

    def workers(self) -> list[psutil.Process]:
        """Two workers, monitor and pusher: the children of the cluster's sentinel."""
        [sentinel] = self.cluster().children()
        return sentinel.children()

    def is_ready(self) -> bool:
        try:
            return len(self.workers()) == 4
        except (ValueError, psutil.NoSuchProcess):
            return False


def within(seconds: float, condition) -> float:
    """Wait for `condition`; return how long it took."""
    before = time.monotonic()
    while not condition():
        assert time.monotonic() - before < seconds, "waited in vain"
        time.sleep(0.1)
    return time.monotonic() - before


@pytest.fixture(scope="module")
def place():
    home = Path(tempfile.mkdtemp(prefix="oms-test-"))
    home.chmod(0o755)
    try:
        yield Installation(home)
    finally:
        embedded_postgres.stop(home)
        shutil.rmtree(home)


@pytest.fixture
def installation(place):
    place.forget_all_work()
    try:
        assert f"127.0.0.1:{place.port}" in place.start()
        within(60, place.is_ready)
        yield place
    finally:
        place.end()


def test_work_is_done_and_stopping_leaves_no_process(installation):
    installation.enqueue(("letter", "SO-1", {}), ("letter", "SO-2", {}))
    within(30, lambda: installation.jobs() == [])
    family = installation.processes()

    took = installation.stop()

    assert installation.sent() == ["SO-1", "SO-2"]
    assert took < 20
    assert [process for process in family if process.is_running()] == []


@pytest.mark.full
def test_killing_every_idle_worker_delays_work_by_seconds(installation):
    for process in installation.workers()[:2]:
        process.kill()
    installation.enqueue(("letter", "SO-1", {}))

    within(40, lambda: installation.jobs() == [])

    assert installation.sent() == ["SO-1"]


def test_a_stop_lets_the_job_in_hand_end_and_begins_no_other(installation):
    installation.enqueue(*[("letter", f"SO-{number}", {"seconds": 1.5}) for number in range(9)])
    within(30, installation.sent)

    took = installation.stop()

    begun = installation.sent()
    assert took < 20
    assert 1 <= len(begun) <= 2
    assert installation.jobs() == [
        (f"SO-{number}", "waiting", 0) for number in range(9) if f"SO-{number}" not in begun
    ]


@pytest.mark.full
def test_workers_may_run_where_no_web_server_does(place):
    place.forget_all_work()
    place.enqueue(("letter", "SO-1", {}))
    try:
        assert place.start("--only", "workers") == "Working (Ctrl-C stops)\n"
        within(60, lambda: place.jobs() == [])

        assert place.sent() == ["SO-1"]
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(place.port))) != 0
        assert place.stop() < 10
    finally:
        place.end()


@pytest.mark.full
@pytest.mark.parametrize("victim", ["main", "sentinel", "monitor", "pusher"])
def test_killing_any_part_of_the_cluster_leaves_no_orphan_and_loses_no_work(installation, victim):
    main = installation.cluster()
    [sentinel] = main.children()
    first, second, monitor, pusher = sentinel.children()
    before = [main, sentinel, first, second, monitor, pusher]
    victims = {"main": main, "sentinel": sentinel, "monitor": monitor, "pusher": pusher}
    victims[victim].kill()
    installation.enqueue(("letter", "SO-1", {}))

    within(40, lambda: installation.jobs() == [])

    assert installation.sent() == ["SO-1"]
    if victim in ("main", "sentinel"):
        within(20, lambda: not any(process.is_running() for process in before))


@pytest.mark.full
def test_a_job_that_kills_its_workers_ends_dead_and_others_are_done(installation):
    installation.enqueue(("bomb", "B-1", {}), ("letter", "SO-1", {}))

    within(150, lambda: installation.jobs() == [("B-1", "dead", 2)])

    assert installation.sent() == ["SO-1"]


@pytest.mark.full
def test_killing_the_supervisor_stops_its_children(installation):
    serve, *children = installation.processes()

    os.kill(serve.pid, signal.SIGKILL)

    within(30, lambda: not any(child.is_running() for child in children))
