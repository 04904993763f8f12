"""An alert's story as staff read it: one line for each fact."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from oms.alerts.states import Outcome
from oms.channels.naming import actor_name, person_name
from oms.core.display import day_text
from oms.core.models import EventRecord


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    at: datetime
    title: str
    detail: str
    tone: str
    shape: str


def entries(facts: Iterable[EventRecord]) -> list[Entry]:
    """Return the facts of one alert as entries."""
    return [_entry(fact) for fact in facts if fact.name in TELLINGS]


def _entry(fact: EventRecord) -> Entry:
    tone, shape, tell = TELLINGS[fact.name]
    title, detail = tell(fact.payload)
    who = actor_name(fact.actor)
    return Entry(fact.happened_at, title, ", ".join(filter(None, (who, detail))), tone, shape)


def _assigned(facts: dict[str, Any]) -> tuple[str, str]:
    if not facts["owner"]:
        return _("Given back"), ""
    return _("{owner} owns it").format(owner=person_name(facts["owner"])), ""


def _snoozed(facts: dict[str, Any]) -> tuple[str, str]:
    until = datetime.fromisoformat(facts["until"])
    return _("Snoozed until {day}").format(day=day_text(until.date())), ""


def _settled(facts: dict[str, Any]) -> tuple[str, str]:
    return _("Settled: {outcome}").format(outcome=Outcome(facts["outcome"]).label), facts["note"]


def _plain(words: str) -> Callable[[dict[str, Any]], tuple[str, str]]:
    return lambda facts: (_(words), "")


TELLINGS: dict[str, tuple[str, str, Callable[[dict[str, Any]], tuple[str, str]]]] = {
    "alert.opened": ("wait", "s-warn", _plain("Found")),
    "alert.assigned": ("doing", "i-user", _assigned),
    "alert.snoozed": ("quiet", "s-clock", _snoozed),
    "alert.woken": ("wait", "s-warn", _plain("Still true: open again")),
    "alert.settled": ("done", "s-check", _settled),
    "alert.reopened": ("wait", "s-back", _plain("Opened again")),
    "alert.cleared": ("quiet", "s-check", _plain("No longer true: cleared")),
}
