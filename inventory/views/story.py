"""The facts of a replenishment order as entries of its timeline."""

from collections.abc import Iterable
from datetime import date
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.channels.naming import actor_name
from oms.core.display import day_text
from oms.core.models import EventRecord
from oms.messaging.models import Message

TITLES = {
    "replenishment.proposed": ("Proposed", "quiet", "s-ring"),
    "replenishment.edited": ("Changed", "quiet", "s-ring"),
    "replenishment.approved": ("Approved", "doing", "s-ring"),
    "replenishment.sent": ("Sent to the supplier", "doing", "s-move"),
    "replenishment.reminded": ("Supplier reminded", "wait", "s-clock"),
    "replenishment.link_revoked": ("Links closed", "quiet", "s-slash"),
    "replenishment.committed": ("Answered", "doing", "s-half"),
    "replenishment.received": ("Received", "doing", "s-most"),
    "replenishment.closed": ("Closed", "quiet", "s-check"),
    "replenishment.cancelled": ("Cancelled", "quiet", "s-slash"),
}


def timeline_of(
    facts: Iterable[EventRecord], letters: Iterable[Message], *, supplier: str
) -> list[dict[str, object]]:
    """Return the facts and letters of an order as entries, newest first."""
    entries = [_entry(fact, supplier) for fact in facts if fact.name in TITLES]
    entries += [
        {
            "at": letter.sent_at,
            "title": _("Letter: {subject}").format(subject=letter.subject),
            "detail": _("to {whom}").format(whom=", ".join(letter.recipients)),
            "tone": "quiet",
            "shape": "i-mail",
        }
        for letter in letters
    ]
    return sorted(entries, key=itemgetter("at"), reverse=True)


def _entry(fact: EventRecord, supplier: str) -> dict[str, object]:
    title, tone, shape = TITLES[fact.name]
    who = supplier if fact.actor.startswith("supplier:") else actor_name(fact.actor)
    return {
        "at": fact.happened_at,
        "title": _(title),
        "detail": ", ".join(filter(None, (who, _detail(fact)))),
        "tone": tone,
        "shape": shape,
    }


def _detail(fact: EventRecord) -> str:
    facts = fact.payload
    if fact.name == "replenishment.committed":
        return "; ".join(_answer(each) for each in facts["answers"])
    if fact.name == "replenishment.received":
        taken, rejected = _units(facts["units"]), _units(facts["rejected"])
        more = _("{units} not taken in").format(units=rejected) if facts["rejected"] else ""
        return ", ".join(filter(None, (taken if facts["units"] else "", more)))
    if fact.name == "replenishment.sent":
        return _("wanted by {day}").format(day=_day(facts["expected_on"]))
    if "reason" in facts:
        return str(facts["reason"])
    return _units(facts["units"]) if facts.get("units") else ""


def _units(units: dict[str, int]) -> str:
    count = sum(units.values())
    return ngettext("{n} unit", "{n} units", count).format(n=count)


def _answer(answer: dict[str, Any]) -> str:
    parts = [
        _("{n} by {day}").format(n=part["quantity"], day=_day(part["expected_on"]))
        for part in answer["parts"]
    ]
    if answer["is_declined"]:
        parts.append(_("the rest does not come") if parts else _("does not come"))
    if answer["note"]:
        parts.append(f"“{answer['note']}”")
    return f"{answer['sku']}: {', '.join(parts) or _('no day given')}"


def _day(said: str) -> str:
    return day_text(date.fromisoformat(said))
