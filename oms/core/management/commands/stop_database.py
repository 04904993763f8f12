"""Stop the embedded database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from oms.core import embedded_postgres


class Command(BaseCommand):
    help = "Stop the embedded database. The next command that needs it starts it again."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            was_running = embedded_postgres.stop(settings.OMS_HOME)
        except embedded_postgres.DatabaseUnavailable as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("The database is stopped." if was_running else "It was not running.")
