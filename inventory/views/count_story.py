"""The facts of a stock count as entries of its timeline."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.channels.naming import actor_name
from oms.core.models import EventRecord

TITLES = {
    "stock_count.requested": ("Requested", "quiet", "s-ring"),
    "stock_count.started": ("Started", "doing", "s-half"),
    "stock_count.finished": ("Counted", "doing", "s-most"),
    "stock_count.recount_asked": ("Recount asked for", "wait", "s-back"),
    "stock_count.approved": ("Approved", "done", "s-check"),
    "stock_count.cancelled": ("Cancelled", "quiet", "s-slash"),
    "adjustment.asked": ("Second person asked", "wait", "s-clock"),
    "adjustment.approved": ("Second person agreed", "done", "s-check"),
    "adjustment.declined": ("Second person declined", "stop", "s-stop"),
}


def timeline_of_count(facts: Iterable[EventRecord]) -> list[dict[str, object]]:
    """Return the facts of a count as entries, in their order."""
    return [_entry(fact) for fact in facts if fact.name in TITLES]


def _entry(fact: EventRecord) -> dict[str, object]:
    title, tone, shape = TITLES[fact.name]
    who = actor_name(fact.actor)
    return {
        "at": fact.happened_at,
        "title": _(title),
        "detail": ", ".join(filter(None, (who, _detail(fact.name, fact.payload)))),
        "tone": tone,
        "shape": shape,
    }


def _detail(name: str, facts: dict[str, Any]) -> str:
    if name == "stock_count.finished":
        count = facts["differences"]
        return ngettext("{n} difference", "{n} differences", count).format(n=count)
    if name == "stock_count.recount_asked":
        return ", ".join(facts["skus"])
    if name == "stock_count.approved":
        return ", ".join(f"{sku} {units:+d}" for sku, units in facts["units"].items())
    return str(facts.get("reason", ""))
