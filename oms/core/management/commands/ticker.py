"""The ticker: wakes the workers for due jobs every two seconds."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from oms.core import heartbeat, stopping, ticks


class Command(BaseCommand):
    help = "Wake the background workers for due work (part of `serve`)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Tick until asked to stop; without the database, end, to be started again with it."""
        with stopping.heeding_signals():
            while not stopping.asked():
                try:
                    ticks.tick()
                except DatabaseError as problem:
                    heartbeat.beat()
                    raise CommandError(f"The database does not serve: {problem}") from problem
                _rest(ticks.PERIOD)


def _rest(seconds: float) -> None:
    end = time.monotonic() + seconds
    while not stopping.asked() and time.monotonic() < end:
        time.sleep(0.1)
