"""A demo shop to look at: database, a believable business, then the server."""

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from oms.core import demo

PACE = 12.0


class Command(BaseCommand):
    help = "Prepare a demo shop, say how to sign in, and serve it. Again adds nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
        parser.add_argument("--no-serve", action="store_true", help="prepare it only")
        parser.add_argument(
            "--live", action="store_true", help="have orders come in, and everybody work on them"
        )
        parser.add_argument(
            "--pace", type=float, default=PACE, help=f"with --live: orders a minute ({PACE:g})"
        )

    def handle(
        self, *args: Any, port: int, no_serve: bool, live: bool, pace: float, **options: Any
    ) -> None:
        if _migrations_missing():
            self.stdout.write("Making a demo shop. The first time this takes a minute or two.")
            self.stdout.flush()
            call_command("migrate", verbosity=0)
        self._tell(demo.prepare(), port)
        if not no_serve:
            call_command("serve", port=port, live=pace if live else None)

    def _tell(self, shop: demo.Demo, port: int) -> None:
        url = os.environ.get("OMS_BASE_URL", f"http://localhost:{port}").rstrip("/")
        mail = f"{settings.EMAIL_FILE_PATH}/" if not os.environ.get("EMAIL_URL") else "by EMAIL_URL"
        width = max(len(role) for role, _, _ in shop.sign_ins)
        longest = max(len(name) for _, name, _ in shop.sign_ins)
        lines = [
            "",
            "The Tea House is ready.",
            "",
            f"  Staff      {url}/",
            f"  Buyers     {url}/b2b/portal/",
            f"  API        {url}/api/v1/docs/",
            f"  Returns    {url}/returns/start/",
            f"  Mail       {mail}",
            "",
            "Sign in as",
            *[f"  {role:{width}}  {name:{longest}}  {word}" for role, name, word in shop.sign_ins],
            "",
            "Open as others see it",
            *_links(shop, url),
            "",
            f"API key of the channel {demo.SLUG}",
            f"  {shop.api_key}",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _links(shop: demo.Demo, url: str) -> Iterator[str]:
    """One address a line, under what it shows: they are long."""
    for what, path in shop.links:
        yield f"  {what}"
        yield f"    {url}{path.removeprefix(settings.OMS_BASE_URL)}"


def _migrations_missing() -> bool:
    """Looked at first: a migrate that finds nothing to do still writes every permission anew."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
