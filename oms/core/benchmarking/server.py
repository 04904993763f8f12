"""The web server as it is served, on a port of its own, over the current database."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import CommandError

from oms.core.benchmarking import databases, load
from oms.core.management.commands.serve import web_server

HOST = "127.0.0.1"
CONNECTIONS = 8
TIME_TO_START = 60.0


@dataclass(frozen=True)
class Measured:
    """What came of some seconds of load. `generator_share` is of one core."""

    answers: int
    refusals: int
    first_refusal: str
    per_second: float
    cpu_ms: float | None
    p50_ms: float
    p95_ms: float
    generator_share: float


class Server:
    """A running web server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, place: Path) -> None:
        self.process = process
        self.port = port
        self._place = place

    def load(self, requests: Iterable[bytes], seconds: float) -> Measured:
        """Send `requests` over eight connections for some seconds.

        More requests must be given than can be answered; what is left over is not sent.
        """
        file = self._place / "requests"
        load.write_requests(file, requests)
        command = [sys.executable, load.__file__, file, HOST, self.port, CONNECTIONS, seconds]
        before = cpu_seconds(self.process.pid)
        done = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, check=False
        )
        spent = cpu_seconds(self.process.pid)
        if done.returncode:
            raise CommandError(f"The load failed: {done.stderr.strip()[-500:]}")
        found = json.loads(done.stdout)
        answers = len(found["latencies"])
        ms = sorted(1000 * each for each in found["latencies"])
        cpu = None if spent is None or before is None else 1000 * (spent - before) / answers
        return Measured(
            answers=answers,
            refusals=sum(n for status, n in found["statuses"].items() if status[0] != "2"),
            first_refusal=found["refused"],
            per_second=answers / found["elapsed"],
            cpu_ms=cpu,
            p50_ms=statistics.median(ms),
            p95_ms=ms[int(0.95 * (len(ms) - 1))],
            generator_share=found["cpu"] / found["elapsed"],
        )


@contextmanager
def serving() -> Iterator[Server]:
    """Serve the current database as `manage.py serve` does, until the block ends."""
    port = _free_port()
    environment = {
        **os.environ,
        **databases.address(),
        "DATABASE_URL": databases.url(),
        "DJANGO_SETTINGS_MODULE": "oms.settings",
        "ALLOWED_HOSTS": "localhost",
        "DEBUG": "false",
    }
    with tempfile.TemporaryDirectory(prefix="oms-benchmark-") as place:
        said = Path(place) / "server.log"
        with said.open("w") as log:
            process = subprocess.Popen(
                web_server(HOST, port), env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            _wait_for(process, port, said)
            yield Server(process, port, Path(place))
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    give_up_at = time.monotonic() + TIME_TO_START
    while time.monotonic() < give_up_at and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise CommandError(f"The web server does not start: {said.read_text()[-1000:]}")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float | None:
    """Return what a process and its living children have used; None where no /proc says it."""
    if not Path("/proc/self/stat").exists():
        return None
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            found = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if pid in {int(stat.parent.name), int(found[1])}:
            ticks += int(found[11]) + int(found[12])
    return ticks / os.sysconf("SC_CLK_TCK")
