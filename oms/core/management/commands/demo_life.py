"""The demo shop's life: part of `demo --live`."""

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from oms.core import stopping
from oms.core.demo_life import Life, turn

EVERY = 1.0


class Command(BaseCommand):
    help = "Let orders come into a demo shop, and everybody work on them (part of `demo --live`)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pace", type=float, default=12.0, help="orders a minute")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))

    def handle(self, *args: Any, pace: float, port: int, **options: Any) -> None:
        """Take turns until asked to stop; without the database, end, to be started again."""
        life = Life(pace, f"http://127.0.0.1:{port}")
        with stopping.heeding_signals():
            while not stopping.asked():
                try:
                    turn(life, timezone.now())
                except DatabaseError as problem:
                    raise CommandError(f"The database does not serve: {problem}") from problem
                _rest()


def _rest() -> None:
    end = time.monotonic() + EVERY
    while not stopping.asked() and time.monotonic() < end:
        time.sleep(0.1)
