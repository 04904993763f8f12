"""What is told of work that is picked together."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.core.models import EventRecord

Facts = Mapping[str, Any]
Told = tuple[str, str]


def _short(facts: Facts, record: EventRecord) -> Told:
    units = sum(facts["units"].values())
    title = ngettext("{number}: {n} unit not there", "{number}: {n} units not there", units)
    skus = ", ".join(f"{n} {sku}" for sku, n in facts["units"].items())
    detail = ", ".join(filter(None, (skus, facts["reason"])))
    return title.format(number=record.subject, n=units), detail


def _made(facts: Facts, record: EventRecord) -> Told:
    orders = len(facts["fulfillment_orders"])
    words = ngettext("{number} made of {n} order", "{number} made of {n} orders", orders)
    return words.format(number=record.subject, n=orders), ""


def _assigned(facts: Facts, record: EventRecord) -> Told:
    if not facts["picker"]:
        return _("{number} is for whoever comes first").format(number=record.subject), ""
    return _("{number} given to {who}").format(number=record.subject, who=facts["picker"]), ""


def _changed(facts: Facts, record: EventRecord) -> Told:
    words = {
        "added": _("{number}: orders added"),
        "taken_back": _("{number}: an order taken back"),
        "merged": _("{number}: what is left of others was taken in"),
    }
    detail = ", ".join([*facts["came_from"], *facts["fulfillment_orders"]])
    return words[facts["how"]].format(number=record.subject), detail


def _finished(facts: Facts, record: EventRecord) -> Told:
    words = ngettext("{number} picked, {n} unit", "{number} picked, {n} units", facts["picked"])
    short = facts["short"]
    detail = _("{n} not there").format(n=short) if short else ""
    return words.format(number=record.subject, n=facts["picked"]), detail


def _cancelled(facts: Facts, record: EventRecord) -> Told:
    return _("{number} cancelled").format(number=record.subject), ""


WAVE_TELLINGS: dict[str, tuple[str, str, Callable[[Facts, EventRecord], Told]]] = {
    "fulfillment_order.short": ("wait", "s-warn", _short),
    "wave.made": ("doing", "s-ring", _made),
    "wave.assigned": ("quiet", "i-people", _assigned),
    "wave.changed": ("quiet", "i-edit", _changed),
    "wave.finished": ("done", "s-check", _finished),
    "wave.cancelled": ("quiet", "s-slash", _cancelled),
}
