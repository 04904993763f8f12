"""Look for alerts now, or as of a moment."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from oms.alerts import services
from oms.alerts.models import Alert
from oms.core.actors import SYSTEM
from oms.core.errors import Refusal


class Command(BaseCommand):
    help = "Look for alerts of every kind (or those named), as of now or of a moment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", metavar="KIND")
        parser.add_argument("--at", metavar="MOMENT", help="as if it were then (ISO 8601)")
        parser.add_argument("--json", action="store_true", dest="as_json", help="as last line")

    def handle(
        self, *args: Any, kinds: list[str], at: str | None, as_json: bool, **options: Any
    ) -> None:
        moment = self._moment(at)
        standing: dict[str, list[str]] = {}
        for kind in kinds or settings.ALERTS:
            try:
                swept = services.sweep(kind=kind, by=SYSTEM, at=moment)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from None
            found = Alert.objects.filter(kind=kind, ended_at__isnull=True)
            standing[kind] = sorted(found.values_list("subject", flat=True))
            self.stdout.write(
                f"{kind}: {swept.standing:,} standing, {swept.opened:,} opened, "
                f"{swept.woken:,} woken, {swept.cleared:,} cleared."
            )
        if as_json:
            self.stdout.write(json.dumps(standing))

    def _moment(self, said: str | None) -> datetime:
        if said is None:
            return timezone.now()
        try:
            found = parse_datetime(said)
        except ValueError:
            found = None
        if found is None:
            raise CommandError(f"{said!r} is no moment: write 2011-12-10T00:00:00+00:00.")
        return found if found.tzinfo else timezone.make_aware(found)
