"""Do due work without the queue: for recovery, tests and small installations."""

import time
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from oms.core import jobs, routines, stopping, ticks


class Command(BaseCommand):
    help = "Do all due work, of every kind, without the background workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing is due")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        with stopping.heeding_signals():
            while not stopping.asked():
                routines.ensure()
                ticks.run_first()
                for kind, count in sorted(_drain_all().items()):
                    self.stdout.write(f"{kind}: {count}")
                if once:
                    break
                time.sleep(1)


def _drain_all() -> Counter[str]:
    """Drain every kind until nothing is due; return how many were taken in hand, by kind."""
    done: Counter[str] = Counter()
    while not stopping.asked() and (due := jobs.due_kinds()):
        for kind in due:
            done[kind] += jobs.drain(kind)
    return +done
