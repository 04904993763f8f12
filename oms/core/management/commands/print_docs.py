"""Print the documents that the code itself can tell."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms.core import printing


class Command(BaseCommand):
    help = "Write docs/lifecycles.md and docs/reactions.md from the code."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs"
        wanted = printing.documents()
        stale = [
            name
            for name, text in wanted.items()
            if not (folder / name).exists() or (folder / name).read_text() != text
        ]
        if check and stale:
            raise CommandError(f"Not what the code says: {', '.join(stale)}. Run print_docs.")
        for name in stale:
            (folder / name).write_text(wanted[name])
            self.stdout.write(f"docs/{name}")
