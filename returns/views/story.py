"""The facts of a return as entries of its timeline."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.channels.naming import actor_name
from oms.core.display import money_text
from oms.core.models import EventRecord
from returns.states import Condition, Disposition

TITLES = {
    "return.requested": ("Return requested", "wait", "s-clock"),
    "return.approved": ("Approved", "doing", "s-half"),
    "return.declined": ("Declined", "stop", "s-stop"),
    "return.cancelled": ("Cancelled", "quiet", "s-slash"),
    "return.received": ("Received", "doing", "s-most"),
    "return.inspected": ("Inspected", "doing", "s-most"),
    "return.settled": ("Settled", "done", "s-check"),
    "refund.succeeded": ("Refund arrived", "back", "s-back"),
    "refund.failed": ("Refund failed", "stop", "s-warn"),
}


def timeline_of(facts: Iterable[EventRecord]) -> list[dict[str, object]]:
    """Return one entry for each fact: what happened, who did it, how much of it."""
    return [_entry(fact) for fact in facts if fact.name in TITLES]


def _entry(fact: EventRecord) -> dict[str, object]:
    title, tone, shape = TITLES[fact.name]
    said = ". ".join(part for part in (_detail(fact), actor_name(fact.actor)) if part)
    return {
        "at": fact.happened_at,
        "title": _(title),
        "detail": said,
        "tone": tone,
        "shape": shape,
    }


def _detail(fact: EventRecord) -> str:
    facts = fact.payload
    if fact.name.startswith("refund."):
        amount = money_text(Decimal(facts["amount"]), facts["currency"])
        return f"{fact.subject}, {amount}" + (f", {facts['reason']}" if "reason" in facts else "")
    if fact.name == "return.settled":
        return money_text(Decimal(facts["amount"]), facts["currency"])
    if fact.name == "return.inspected":
        return "; ".join(
            f"{each['quantity']} {each['sku']}: {Condition(each['condition']).label.lower()}, "
            f"{Disposition(each['disposition']).label.lower()}"
            for each in facts["grades"]
        )
    if "units" in facts:
        count = sum(facts["units"].values())
        units = ngettext("{n} unit", "{n} units", count).format(n=count)
        place = facts.get("location", "")
        return f"{units}, {place}" if place else units
    return str(facts.get("reason") or facts.get("location") or "")
