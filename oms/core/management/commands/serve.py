"""Serve: web, background workers and their watchdog under one foreground process."""

import os
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from oms.core import heartbeat
from oms.core.static_files import collect_when_changed
from oms.core.supervisor import Program, Supervisor

WEB_PROCESSES = 2
THREADS_EACH = 4
WEB = "web"
WORKERS = "workers"


class Command(BaseCommand):
    help = "Run the web server and the background workers until Ctrl-C or SIGTERM."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument(
            "--only", choices=[WEB, WORKERS], help="one of the two halves, on a machine of its own"
        )
        parser.add_argument(
            "--live", type=float, metavar="PACE", help="let a demo shop live: orders a minute"
        )

    def handle(
        self,
        *args: Any,
        host: str,
        port: int,
        only: str | None,
        live: float | None = None,
        **options: Any,
    ) -> None:
        if only != WORKERS:
            _refuse_taken_port(host, port)
        if missing := _missing_migrations():
            raise CommandError(f"{missing} migrations are missing: run `manage.py migrate` first.")
        heartbeat.beat()
        connection.close()
        os.environ["PORT"] = str(port)
        if only == WORKERS:
            self.stdout.write("Working (Ctrl-C stops)")
            self.stdout.flush()
            Supervisor(_workers(may_begin=lambda: True)).run()
        else:
            self._serve(host, port, alone=only == WEB, live=live)
        self.stdout.write("Stopped.")

    def _serve(self, host: str, port: int, *, alone: bool, live: float | None) -> None:
        collect_when_changed()
        self._address = (host, port)
        self._announced = False
        programs = [Program("web", web_server(host, port))]
        if not alone:
            programs += _workers(may_begin=lambda: self._announced)
        if live:
            programs.append(Program("demo life", _life(live), after=lambda: self._announced))
        Supervisor(programs, each_look=self._announce).run()

    def _announce(self) -> None:
        """Say where to look, as soon as there is something to see."""
        if self._announced:
            return
        with closing(socket.socket()) as probe:
            probe.settimeout(0.2)
            self._announced = probe.connect_ex(self._address) == 0
        if self._announced:
            url = os.environ.get("OMS_BASE_URL") or "http://{}:{}".format(*self._address)
            self.stdout.write(f"Serving {url}/ (Ctrl-C stops)")
            self.stdout.flush()


def web_server(host: str, port: int) -> list[str]:
    """Return the command that serves the web application."""
    return [
        *[sys.executable, "-m", "gunicorn", "oms.wsgi:application"],
        *["--chdir", str(settings.BASE_DIR), "--bind", f"{host}:{port}", "--no-control-socket"],
        *["--worker-class", "oms.core.web_worker.EvenWorker", "--workers", str(WEB_PROCESSES)],
        *["--threads", str(THREADS_EACH), "--keep-alive", "75"],
        *["--timeout", "60", "--graceful-timeout", "20", "--log-level", "warning", "--preload"],
    ]


def _workers(may_begin: Callable[[], bool]) -> list[Program]:
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    return [
        Program("workers", [*manage, "workers"], pulse=heartbeat.last, after=may_begin),
        Program("ticker", [*manage, "ticker"], after=may_begin),
    ]


def _life(pace: float) -> list[str]:
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    return [*manage, "demo_life", "--pace", str(pace)]


def _refuse_taken_port(host: str, port: int) -> None:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            reason = problem.strerror or problem
            raise CommandError(f"Cannot listen on {host}:{port}: {reason}. Try --port.") from None


def _missing_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
