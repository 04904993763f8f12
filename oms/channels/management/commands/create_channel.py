"""Open a channel for orders to come from."""

import json
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms.channels import services
from oms.channels.states import DEFAULT_SCOPES, Adapter
from oms.core.errors import Refusal

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
LONGEST = {"name": 100, "secret": 200}


class Command(BaseCommand):
    help = "Create a channel and its API key, which is shown this once."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="lower-case letters, digits, - and _")
        parser.add_argument("--name", required=True)
        parser.add_argument("--adapter", default=Adapter.NATIVE, metavar="|".join(Adapter.values))
        parser.add_argument("--secret", default="", metavar="S", help="signs its webhooks")
        parser.add_argument(
            "--scope", action="append", dest="scopes", metavar="S", help="may be repeated"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="one line of JSON")

    def handle(
        self,
        *args: Any,
        slug: str,
        name: str,
        adapter: str,
        secret: str,
        scopes: list[str] | None,
        as_json: bool,
        **options: Any,
    ) -> None:
        if not SLUG.match(slug):
            raise CommandError(
                f"{slug!r} cannot be a channel's slug: use up to 64 lower-case letters, digits, "
                "hyphens and underscores."
            )
        if adapter not in Adapter.values:
            raise CommandError(
                f"No such adapter: {adapter}. Known are {', '.join(Adapter.values)}."
            )
        for label, given in (("name", name), ("secret", secret)):
            if len(given) > LONGEST[label]:
                raise CommandError(f"The {label} may have {LONGEST[label]} characters at most.")
        if not name.strip():
            raise CommandError("The name must not be empty.")
        try:
            key = services.create_channel(
                slug=slug,
                name=name.strip(),
                adapter=adapter,
                secret=secret,
                scopes=scopes or DEFAULT_SCOPES,
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        if as_json:
            self.stdout.write(json.dumps({"slug": slug, "key": key}))
        else:
            self.stdout.write(f"Channel {slug} is open. Its API key, shown this once: {key}")
