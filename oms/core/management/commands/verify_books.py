"""Prove the books: recompute every ledger and check every invariant."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms.core import books
from oms.core.errors import Refusal


class Command(BaseCommand):
    help = "Recompute every ledger and invariant; one line per violation, exit 1 when any."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", action="append", metavar="NAME", help="may be repeated")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one line of JSON")

    def handle(self, *args: Any, only: list[str] | None, as_json: bool, **options: Any) -> None:
        try:
            found = books.verify(only)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        count = len(only or books.invariants())
        if as_json:
            self.stdout.write(json.dumps(_document(count, found), default=str))
        else:
            for violation in found:
                self.stdout.write(str(violation))
            verdict = _counted(len(found), "violation") if found else "nothing to correct"
            self.stdout.write(f"{_counted(count, 'invariant')} checked: {verdict}.")
        if found:
            sys.exit(1)


def _counted(n: int, thing: str) -> str:
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def _document(count: int, found: list[books.Violation]) -> dict[str, Any]:
    return {
        "ok": not found,
        "invariants": count,
        "violations": [
            {"invariant": each.invariant, "sentence": each.sentence, "row": dict(each.row)}
            for each in found
        ],
    }
