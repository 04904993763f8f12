"""Bring in what a business has: places, products, stock, customers, orders."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.module_loading import import_string

from oms.channels.models import Channel
from oms.core import imports
from oms.core.actors import Actor
from oms.core.errors import Refusal

OWN_CHANNEL = "import"
BY = Actor("user", "import_data")


class Command(BaseCommand):
    help = "Bring in a CSV or XLSX file: all of it, or nothing when a row is bad."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=", ".join(settings.IMPORTERS))
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check; write nothing")
        parser.add_argument(
            "--channel",
            default=OWN_CHANNEL,
            metavar="SLUG",
            help=f"whose customers and orders they are (default: {OWN_CHANNEL})",
        )
        parser.add_argument("--skip-bad-rows", action="store_true", help="take in the good ones")

    def handle(
        self,
        *args: Any,
        kind: str,
        file: Path,
        dry_run: bool,
        channel: str,
        skip_bad_rows: bool,
        **options: Any,
    ) -> None:
        if kind not in settings.IMPORTERS:
            known = ", ".join(settings.IMPORTERS)
            raise CommandError(f"Files of {kind} cannot be brought in here: {known} can.")
        importer: imports.Importer = import_string(settings.IMPORTERS[kind])()
        if importer.needs_channel:
            _ensure(channel)
        context = imports.Context(channel=channel, by=BY, at=timezone.now())
        try:
            report = imports.run(
                importer, file, context, dry_run=dry_run, skip_bad_rows=skip_bad_rows
            )
        except Refusal as refusal:
            raise CommandError(f"{file.name}: {refusal}") from None
        self._tell(kind, report, dry_run=dry_run)
        if report.bad and not skip_bad_rows:
            raise CommandError("Nothing was written." if not dry_run else "Rows are bad.")

    def _tell(self, kind: str, report: imports.Report, *, dry_run: bool) -> None:
        bad_lines = len({each.line for each in report.bad})
        self.stdout.write(f"{kind}: {report.rows} rows read, {bad_lines} bad.")
        for each in report.bad:
            self.stdout.write(str(each))
        if report.written or (dry_run and not report.bad):
            counts = [
                f"{count} {_would_be(words) if dry_run else words}"
                for words, count in sorted(report.counts.items())
            ]
            self.stdout.write((", ".join(counts) or "Nothing to write") + ".")


def _would_be(words: str) -> str:
    """Say "price lists would be added" for "price lists added"."""
    *what, done = words.split()
    return " ".join([*what, "would be", done])


def _ensure(slug: str) -> None:
    """Raises: CommandError, unless there is the channel; our own is opened on first use."""
    if slug == OWN_CHANNEL:
        Channel.objects.get_or_create(slug=slug, defaults={"name": "Imported"})
    elif not Channel.objects.filter(slug=slug).exists():
        raise CommandError(f"There is no channel {slug}. Open it first: create_channel {slug}.")
