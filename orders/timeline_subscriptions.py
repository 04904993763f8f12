"""A subscription's story as staff read it: what each of its facts says."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.core.display import day_text, money_text
from oms.core.models import EventRecord

Facts = dict[str, Any]
Told = tuple[str, str]

CHANGED = {"address": "Address changed", "payment": "Payment changed", "link": "Link revoked"}


def _day(text: str) -> str:
    return day_text(date.fromisoformat(text)) if text else ""


def _sum(facts: Facts, name: str = "amount") -> str:
    return money_text(Decimal(facts[name]), facts["currency"])


def _created(facts: Facts, record: EventRecord) -> Told:
    units = ngettext("{n} unit", "{n} units", facts["units"]).format(n=facts["units"])
    return _("Begun: {units} from {day}").format(units=units, day=_day(facts["starts_on"])), ""


def _noticed(facts: Facts, record: EventRecord) -> Told:
    return _("Told of the delivery of {day}").format(day=_day(facts["due_on"])), ""


def _renewed(facts: Facts, record: EventRecord) -> Told:
    missed = facts["passed_over"]
    detail = (
        ngettext("{n} missed date passed over", "{n} missed dates passed over", missed)
        if missed
        else ""
    )
    title = _("Delivery {index} placed as {order}, {total}")
    words = title.format(index=facts["index"], order=facts["order"], total=_sum(facts, "total"))
    return words, detail.format(n=missed)


def _not_renewed(facts: Facts, record: EventRecord) -> Told:
    title = _("Delivery {index} could not be placed").format(index=facts["index"])
    return title, facts["reason"]


def _paid(facts: Facts, record: EventRecord) -> Told:
    title = _("Delivery {index} paid, {amount}")
    return title.format(index=facts["index"], amount=_sum(facts)), facts["order"]


def _past_due(facts: Facts, record: EventRecord) -> Told:
    title = _("Payment of {amount} failed, try {n}").format(amount=_sum(facts), n=facts["tries"])
    again = day_text(datetime.fromisoformat(facts["retry_at"]).date())
    return title, _("tried again on {day}; {reason}").format(day=again, reason=facts["reason"])


def _suspended(facts: Facts, record: EventRecord) -> Told:
    return _("Suspended: the last try to charge failed"), facts["reason"]


def _paused(facts: Facts, record: EventRecord) -> Told:
    until = facts["until"]
    title = _("Paused until {day}").format(day=_day(until)) if until else _("Paused")
    return title, facts["reason"]


def _resumed(facts: Facts, record: EventRecord) -> Told:
    day = _day(facts["next_on"])
    return _("Goes on"), _("next on {day}").format(day=day) if day else ""


def _skipped(facts: Facts, record: EventRecord) -> Told:
    return _("Delivery of {day} skipped").format(day=_day(facts["due_on"])), ""


def _unskipped(facts: Facts, record: EventRecord) -> Told:
    return _("Delivery of {day} comes after all").format(day=_day(facts["due_on"])), ""


def _changed(facts: Facts, record: EventRecord) -> Told:
    what = facts["what"]
    title = _(CHANGED[what]) if what in CHANGED else _("Changed: {what}").format(what=what)
    return title, _("for the next delivery only") if facts["once"] else ""


def _cancelled(facts: Facts, record: EventRecord) -> Told:
    return _("Subscription cancelled"), facts["reason"]


def _expired(facts: Facts, record: EventRecord) -> Told:
    return _("Ended: all deliveries are through"), ""


SUBSCRIPTION_TELLINGS: dict[str, tuple[str, str, Callable[[Facts, EventRecord], Told]]] = {
    "subscription.created": ("doing", "s-half", _created),
    "subscription.noticed": ("quiet", "s-ring", _noticed),
    "subscription.renewed": ("doing", "s-most", _renewed),
    "subscription.not_renewed": ("stop", "s-stop", _not_renewed),
    "subscription.paid": ("done", "s-check", _paid),
    "subscription.past_due": ("wait", "s-warn", _past_due),
    "subscription.suspended": ("stop", "s-pause", _suspended),
    "subscription.paused": ("quiet", "s-pause", _paused),
    "subscription.resumed": ("doing", "s-half", _resumed),
    "subscription.skipped": ("quiet", "s-slash", _skipped),
    "subscription.unskipped": ("quiet", "s-ring", _unskipped),
    "subscription.changed": ("quiet", "i-edit", _changed),
    "subscription.cancelled": ("quiet", "s-slash", _cancelled),
    "subscription.expired": ("quiet", "s-slash", _expired),
}
