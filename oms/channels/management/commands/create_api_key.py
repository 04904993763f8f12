"""Give a staff user or a partner warehouse a key to the API."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms.channels import services
from oms.channels.states import DEFAULT_SCOPES
from oms.core.errors import Refusal
from oms.core.models import User


class Command(BaseCommand):
    help = "Create an API key for a user; it is shown this once."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="NAME", help="whose key it is")
        parser.add_argument(
            "--scope", action="append", dest="scopes", metavar="S", help="may be repeated"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="one line of JSON")

    def handle(
        self, *args: Any, user: str, scopes: list[str] | None, as_json: bool, **options: Any
    ) -> None:
        owner = User.objects.filter(username=user, is_active=True).first()
        if owner is None:
            raise CommandError(f"There is no active user {user}.")
        try:
            key = services.create_api_key(user=owner, scopes=scopes or DEFAULT_SCOPES)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        if as_json:
            self.stdout.write(json.dumps({"user": user, "key": key}))
        else:
            self.stdout.write(f"API key of {user}, shown this once: {key}")
