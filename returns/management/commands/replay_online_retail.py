"""Play a real shop's year through the system, and prove that the books say what the files say."""

import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms.core.errors import Refusal
from returns.replay import figures, trading
from returns.replay.invoices import Invoice, read_invoices
from returns.replay.posting import ApiDoor


class Command(BaseCommand):
    help = "Replay the UCI Online Retail files: orders, shipments, returns, refunds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", metavar="DIRECTORY", type=Path)
        parser.add_argument("--orders", type=int, metavar="N", help="the first N invoices only")
        parser.add_argument("--via", choices=("services", "api"), default="services")
        parser.add_argument("--json", action="store_true", dest="as_json", help="as last line")

    def handle(
        self,
        *args: Any,
        directory: Path,
        orders: int | None,
        via: str,
        as_json: bool,
        **options: Any,
    ) -> None:
        if orders is not None and orders < 1:
            raise CommandError("--orders must be at least 1.")
        try:
            invoices = read_invoices(directory)[:orders]
            started = time.monotonic()
            placed = self._replay(invoices, via)
            spent = time.monotonic() - started
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        files = figures.from_files(invoices).document()
        books = figures.from_books(trading.CHANNEL, invoices).document()
        rate = placed / spent if spent else 0.0
        self.stdout.write(
            f"{len(invoices):,} invoices in {spent:.1f} s: "
            f"{placed:,} orders placed ({rate:.0f} orders/s)."
        )
        self._tell(files, books)
        if as_json:
            self.stdout.write(json.dumps({"books": books, "files": files}))
        if books != files:
            sys.exit(1)

    def _replay(self, invoices: list[Invoice], via: str) -> int:
        """Trade the invoices, showing how far it is; return how many orders were placed."""
        shop = trading.open_shop(invoices)
        placed = 0
        with (
            ApiDoor(shop) if via == "api" else nullcontext(trading.place_by_service(shop)) as place
        ):
            for start in range(0, len(invoices), trading.CHUNK):
                some = invoices[start : start + trading.CHUNK]
                placed += trading.trade(shop, some, place, apart=via == "api")
                self._show(min(start + trading.CHUNK, len(invoices)), len(invoices))
        return placed

    def _show(self, done: int, total: int) -> None:
        """A bar that redraws itself where someone watches."""
        if not self.stderr.isatty():
            return
        filled = 40 * done // total
        bar = "█" * filled + "·" * (40 - filled)
        self.stderr.write(f"\r{bar} {done:,} of {total:,}", ending="\n" if done == total else "")
        self.stderr.flush()

    def _tell(self, files: dict[str, Any], books: dict[str, Any]) -> None:
        for name in ("orders", "lines", "units", "gross", "credited"):
            verdict = "as in the files" if books[name] == files[name] else "DIFFERS"
            self.stdout.write(f"{name}: {_shown(books[name])}: {verdict}")
            if books[name] != files[name]:
                self.stdout.write(f"  files: {_shown(files[name])}")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {each}" for key, each in value.items())
    return f"{value:,}"
