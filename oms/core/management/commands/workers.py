"""The background workers: django-q2's cluster, stoppable in the middle of a long drain."""

import contextlib
import resource
import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django_q.cluster import Cluster

from oms.core import stopping, ticks

MEMORY = 2 << 30


class Command(BaseCommand):
    help = "Run the background workers (part of `serve`)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ticks.forget()
        except DatabaseError as problem:
            raise CommandError(f"The database does not serve: {problem}") from problem
        connections.close_all()
        _limit_memory()
        cluster = Cluster()

        def stop(signum: int, frame: FrameType | None) -> None:
            stopping.ask()
            cluster.sig_handler(signum, frame)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        cluster.start()


def _limit_memory() -> None:
    """Let a job that eats all memory fail alone, instead of the machine."""
    with contextlib.suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, most))
