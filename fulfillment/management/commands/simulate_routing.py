"""Decide past orders by other rules, beside the live ones, and say what would have been."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fulfillment.errors import BadRules
from fulfillment.rules.reading import parse
from fulfillment.rules.tallying import SIDES
from fulfillment.selectors import live_number, rules_of
from fulfillment.services.simulating import Decided, Simulation

SHOWN = 20
USUAL = timedelta(days=30)
ROWS = (
    ("parcels", "parcels"),
    ("splits", "orders split"),
    ("km", "km"),
    ("late_orders", "orders late"),
    ("late_days", "days late"),
    ("waits", "units that wait"),
    ("below", "units below the reorder point"),
    ("parked", "orders parked"),
    ("unpriced", "parcels of unknown freight"),
)


class Command(BaseCommand):
    help = "Decide past orders by the rules in a file, beside the live ones. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rules", metavar="RULES.json", type=Path)
        parser.add_argument("--since", type=_day, metavar="D", help="first day, as 2026-11-01")
        parser.add_argument("--until", type=_day, metavar="D", help="last day; today")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self,
        *args: Any,
        rules: Path,
        since: date | None,
        until: date | None,
        as_json: bool,
        **options: Any,
    ) -> None:
        draft = _read(rules)
        last = until or timezone.localdate()
        first = since or last - USUAL
        if last < first:
            raise CommandError("--until is before --since.")
        number = live_number()
        run = Simulation(
            live=rules_of(number),
            draft=draft,
            since=_midnight(first),
            until=_midnight(last + timedelta(days=1)),
        )
        otherwise: list[Decided] = []
        while not run.is_over:
            found = run.go_on()
            otherwise += found if as_json else found[: SHOWN - len(otherwise)]
        span = {"since": first.isoformat(), "until": last.isoformat(), "against": number}
        if as_json:
            orders = [_document(each) for each in otherwise]
            self.stdout.write(json.dumps({**span, **run.figures, "decided_otherwise": orders}))
        else:
            self._tell(span, run.figures, otherwise)

    def _tell(
        self, span: dict[str, Any], figures: dict[str, Any], otherwise: list[Decided]
    ) -> None:
        live = f"version {span['against']}" if span["against"] else "the built-in rules"
        self.stdout.write(
            f"{figures['orders']:,} orders of {span['since']} to {span['until']}, against {live}: "
            f"{figures['otherwise']:,} decided otherwise."
        )
        self.stdout.write(f"{'':32}{'live':>14}{'draft':>14}{'change':>14}")
        for key, word in ROWS:
            self._row(word, *(figures[side][key] for side in SIDES))
        for currency in sorted({code for side in SIDES for code in figures[side]["freight"]}):
            was, becomes = (float(figures[side]["freight"].get(currency, 0)) for side in SIDES)
            self._row(f"freight, {currency}", was, becomes, places=2)
        for code, there in sorted(figures["locations"].items()):
            self._row(f"units from {code}", *(there[side]["units"] for side in SIDES))
        for each in otherwise:
            parts = f"{_parts(each.live.parts)} → {_parts(each.draft.parts)}"
            self.stdout.write(f"{each.past.order.number}: {parts}")
        if figures["otherwise"] > len(otherwise):
            self.stdout.write(f"… and {figures['otherwise'] - len(otherwise):,} more (--json).")

    def _row(self, word: str, live: float, draft: float, places: int = 0) -> None:
        change = draft - live
        self.stdout.write(
            f"{word:32}{live:>14,.{places}f}{draft:>14,.{places}f}{change:>+14,.{places}f}"
        )


def _read(rules: Path) -> Any:
    try:
        return parse(json.loads(rules.read_bytes()))
    except OSError as problem:
        raise CommandError(f"{rules}: {problem.strerror}") from None
    except ValueError as problem:
        raise CommandError(f"{rules} is no JSON: {problem}") from None
    except BadRules as refused:
        raise CommandError("\n".join(refused.problems)) from None


def _day(said: str) -> date:
    return date.fromisoformat(said)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _parts(parts: dict[str, int]) -> str:
    return ", ".join(f"{units} from {code}" for code, units in parts.items()) or "waits"


def _document(each: Decided) -> dict[str, Any]:
    return {
        "order": each.past.order.number,
        "live": each.live.document(),
        "draft": each.draft.document(),
    }
