"""The facts of a transfer as entries of its timeline."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.channels.naming import actor_name
from oms.core.display import day_text
from oms.core.models import EventRecord

TITLES = {
    "transfer.requested": ("Requested", "doing", "s-ring"),
    "transfer.shipped": ("Shipped", "doing", "s-move"),
    "transfer.received": ("Received", "doing", "s-most"),
    "transfer.closed": ("Closed", "quiet", "s-check"),
    "transfer.cancelled": ("Cancelled", "quiet", "s-slash"),
}


def timeline_of(facts: Iterable[EventRecord]) -> list[dict[str, object]]:
    """Return the facts of a transfer as entries, newest first as they came."""
    return [_entry(fact) for fact in facts if fact.name in TITLES]


def _entry(fact: EventRecord) -> dict[str, object]:
    title, tone, shape = TITLES[fact.name]
    who = actor_name(fact.actor)
    return {
        "at": fact.happened_at,
        "title": _(title),
        "detail": ", ".join(filter(None, (who, *_details(fact)))),
        "tone": tone,
        "shape": shape,
    }


def _details(fact: EventRecord) -> list[str]:
    said = fact.payload
    words = [_units(said["units"])] if said.get("units") else []
    if said.get("damaged"):
        words.append(_("{units} damaged").format(units=_units(said["damaged"])))
    if said.get("expected_on"):
        day = day_text(date.fromisoformat(said["expected_on"]))
        words.append(_("should arrive on {day}").format(day=day))
    if said.get("lost"):
        words.append(_("{units} lost").format(units=_units(said["lost"])))
    if said.get("kept"):
        words.append(_("{units} never left").format(units=_units(said["kept"])))
    if said.get("reason"):
        words.append(str(said["reason"]))
    return words


def _units(units: dict[str, int]) -> str:
    count = sum(units.values())
    return ngettext("{n} unit", "{n} units", count).format(n=count)
