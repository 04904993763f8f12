"""What we write to people who subscribe.

Each function reads the subscription when its letter is sent, and returns None when there is
nothing to say any more.
"""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oms.core.display import day_text, money_text, time_text, zone
from oms.messaging.letters import Letter, LetterKind, Variable, write_to_customer
from oms.messaging.states import Audience
from orders import selectors
from orders.models import Cycle, Subscription
from orders.rules.schedule import local_date
from orders.selectors.subscriptions import Line, delivery_total
from orders.states import RhythmUnit, SubscriptionStatus

VARIABLES = {
    "first_name": Variable(words=gettext_lazy("Their first name"), sample="Robin"),
    "shop": Variable(words=gettext_lazy("The shop, as it is called"), sample="Tea House"),
    "number": Variable(words=gettext_lazy("The subscription"), sample="SUB-1001"),
    "rhythm": Variable(words=gettext_lazy("How often"), sample="every 4 weeks"),
    "lines": Variable(
        words=gettext_lazy("What comes"),
        sample=[{"units": "2", "name": "Sencha, 100 g"}],
        fields={"units": gettext_lazy("How many"), "name": gettext_lazy("Of what")},
    ),
    "total": Variable(words=gettext_lazy("What a delivery costs"), sample="€24.90"),
    "day": Variable(words=gettext_lazy("The day it is ordered"), sample="Mon 7 Dec"),
    "change_until": Variable(
        words=gettext_lazy("Until when it can be changed; empty when it no longer can"),
        sample="Sun 6 Dec, 06:00",
    ),
    "retry_day": Variable(
        words=gettext_lazy("When a failed payment is tried again"), sample="Tue 8 Dec"
    ),
    "is_charged": Variable(words=gettext_lazy("Whether we charge by ourselves"), sample=True),
    "page_url": Variable(
        words=gettext_lazy("Their page, where they can change all of it"),
        sample="https://example.com/s/subscription/open/…",
    ),
    "order_url": Variable(
        words=gettext_lazy("The page of the order; empty where there is none"),
        sample="https://example.com/s/…",
    ),
}


def _kind(name: str, words: Any, *facts: str) -> LetterKind:
    return LetterKind(
        key=f"subscription_{name}",
        path=f"orders.letters_subscriptions.{name}",
        name=words,
        audience=Audience.CUSTOMER,
        template=f"orders/letters/subscription_{name}",
        variables=VARIABLES,
        when=facts,
    )


KINDS = {
    "welcome": _kind("welcome", gettext_lazy("Subscription begun"), "subscription.created"),
    "upcoming": _kind("upcoming", gettext_lazy("Next delivery"), "subscription.noticed"),
    "renewed": _kind("renewed", gettext_lazy("Delivery ordered"), "subscription.renewed"),
    "charged": _kind("charged", gettext_lazy("Delivery paid"), "subscription.paid"),
    "payment_failed": _kind(
        "payment_failed", gettext_lazy("Payment failed"), "subscription.past_due"
    ),
    "suspended": _kind(
        "suspended", gettext_lazy("Subscription suspended"), "subscription.suspended"
    ),
    "cancelled": _kind(
        "cancelled", gettext_lazy("Subscription cancelled"), "subscription.cancelled"
    ),
}
LETTERS = tuple(KINDS.values())


def welcome(*, subscription: str) -> Letter | None:
    """Say what was agreed, and where it can be changed."""
    return _next("welcome", subscription)


def upcoming(*, subscription: str, index: int) -> Letter | None:
    """Say what comes next, while it is still to come."""
    found = _found(subscription)
    cycle = _cycle(found, index)
    if found is None or cycle is None or cycle.order_id:
        return None
    if found.status != SubscriptionStatus.ACTIVE or cycle.status == "skipped":
        return None
    return _letter("upcoming", found, cycle)


def renewed(*, subscription: str, index: int) -> Letter | None:
    """Say that a delivery is ordered, and that it waits for their payment."""
    return _of_delivery("renewed", subscription, index)


def charged(*, subscription: str, index: int) -> Letter | None:
    """Say that a delivery is paid and gets under way."""
    return _of_delivery("charged", subscription, index)


def payment_failed(*, subscription: str, index: int, retry_at: str) -> Letter | None:
    """Say that a payment failed, unless it came in meanwhile."""
    found = _found(subscription)
    if found is None or found.status != SubscriptionStatus.PAST_DUE:
        return None
    return _letter(
        "payment_failed",
        found,
        _cycle(found, index),
        retry_at=datetime.fromisoformat(retry_at),
    )


def suspended(*, subscription: str, index: int) -> Letter | None:
    """Say that nothing more comes until the payment is put right."""
    return _of_delivery("suspended", subscription, index)


def cancelled(*, subscription: str) -> Letter | None:
    """Say that it is over."""
    return _next("cancelled", subscription)


def _next(name: str, number: str) -> Letter | None:
    found = _found(number)
    if found is None:
        return None
    ahead = Cycle.objects.filter(subscription=found, status__in=["planned", "locked"])
    return _letter(name, found, ahead.order_by("index").first())


def _of_delivery(name: str, number: str, index: int) -> Letter | None:
    found = _found(number)
    return _letter(name, found, _cycle(found, index)) if found else None


def _found(number: str) -> Subscription | None:
    """The subscription, if its customer can be written to."""
    return selectors.subscription_list().filter(number=number).exclude(email="").first()


def _cycle(found: Subscription | None, index: int) -> Cycle | None:
    return Cycle.objects.filter(subscription=found, index=index).select_related("order").first()


def _letter(
    name: str, found: Subscription, cycle: Cycle | None, *, retry_at: datetime | None = None
) -> Letter | None:
    with translation.override(found.language or "en"):
        lines: list[Line] = []
        if cycle:
            lines = list(cycle.lines.select_related("sku").order_by("position"))
        lines = lines or list(found.lines.select_related("sku").order_by("position"))
        order = cycle.order if cycle else None
        total = order.total_amount if order else delivery_total(found, lines)
        values: dict[str, Any] = {
            "first_name": found.first_name,
            "shop": found.channel.name,
            "number": found.number,
            "rhythm": rhythm_words(found.every, found.unit),
            "lines": [{"units": str(line.quantity), "name": line.sku.name} for line in lines],
            "total": money_text(total, found.currency),
            "day": day_text(cycle.due_on) if cycle else "",
            "change_until": moment_words(cycle.locks_at, found) if cycle and not order else "",
            "retry_day": day_text(local_date(retry_at, found.time_zone)) if retry_at else "",
            "is_charged": found.gateway != "manual",
            "page_url": selectors.subscription_url(found),
            "order_url": selectors.status_url(order) if order else "",
        }
        return write_to_customer(
            KINDS[name],
            values,
            channel=found.channel,
            recipients=(found.email,),
            thread=found.number,
            language=found.language or "en",
        )


def rhythm_words(every: int, unit: str) -> str:
    """Say how often: "every week", "every 3 months"."""
    if unit == RhythmUnit.DAY:
        words = ngettext("every day", "every {n} days", every)
    elif unit == RhythmUnit.WEEK:
        words = ngettext("every week", "every {n} weeks", every)
    else:
        words = ngettext("every month", "every {n} months", every)
    return words.format(n=every)


def moment_words(at: datetime, found: Subscription) -> str:
    """Say a moment as the subscriber's clock has it: "Mon 7 Dec, 06:00"."""
    local = at.astimezone(zone(found.time_zone))
    return _("{day}, {time}").format(day=day_text(local.date()), time=time_text(local))
