"""A business customer's documents as staff read their story: what each fact says."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from oms.core.display import money_text
from oms.core.models import EventRecord

Facts = dict[str, Any]
Told = tuple[str, str]


def _sum(facts: Facts, name: str = "amount") -> str:
    return money_text(Decimal(facts[name]), facts["currency"])


def _says(what: str, *details: str) -> Callable[[Facts, EventRecord], Told]:
    """Say `what` of the document, with these facts of it as the detail."""

    def tell(facts: Facts, record: EventRecord) -> Told:
        title = _(what).format(number=record.subject, **facts)
        return title, ", ".join(str(facts[name]) for name in details if facts.get(name))

    return tell


def _of_worth(what: str, name: str, *details: str) -> Callable[[Facts, EventRecord], Told]:
    """Say `what`, where `{sum}` is the fact `name` as money."""

    def tell(facts: Facts, record: EventRecord) -> Told:
        title = _(what).format(number=record.subject, sum=_sum(facts, name), **facts)
        return title, ", ".join(str(facts[name]) for name in details if facts.get(name))

    return tell


def _limit_set(facts: Facts, record: EventRecord) -> Told:
    if facts["is_blocked"]:
        return _("Credit blocked"), facts["reason"]
    if not facts["after"]:
        return _("No credit limit any more"), facts["reason"]
    return _("Credit limit {sum}").format(sum=_sum(facts, "after")), facts["reason"]


def _company(facts: Facts, record: EventRecord) -> Told:
    if "created" in facts["fields"]:
        return _("{number} taken on").format(number=record.subject), ""
    names = ", ".join(str(name).replace("_", " ") for name in facts["fields"])
    return _("{number} changed").format(number=record.subject), names


def _accepted(facts: Facts, record: EventRecord) -> Told:
    title = _("{number} accepted for {sum}").format(number=record.subject, sum=_sum(facts, "total"))
    left_out = sum(facts["rejected"].values())
    return title, _("{n} units not supplied").format(n=left_out) if left_out else ""


COMPANY_TELLINGS: dict[str, tuple[str, str, Callable[[Facts, EventRecord], Told]]] = {
    "company.changed": ("quiet", "i-edit", _company),
    "buyer.invited": ("quiet", "i-user", _says("{user} invited to buy")),
    "credit.limit_set": ("quiet", "i-edit", _limit_set),
    "quote_request.submitted": ("wait", "s-clock", _says("{number} asked for")),
    "quote_request.declined": ("stop", "s-stop", _says("{number} declined", "reason")),
    "quote.presented": (
        "doing",
        "s-move",
        _of_worth("{number} version {version} presented for {sum}", "total"),
    ),
    "quote.approval_needed": (
        "wait",
        "s-clock",
        _says("{number}: a discount of {discount} % waits for approval"),
    ),
    "quote.revision_requested": (
        "wait",
        "s-back",
        _says("Another version of {number} asked for", "reason"),
    ),
    "quote.accepted": ("done", "s-check", _says("{number} accepted", "purchase_order")),
    "quote.expired": ("quiet", "s-slash", _says("{number} expired")),
    "quote.lost": ("quiet", "s-slash", _says("{number} lost", "reason")),
    "quote.withdrawn": ("quiet", "s-slash", _says("{number} withdrawn", "reason")),
    "purchase_order.submitted": (
        "wait",
        "s-clock",
        _of_worth("{number} submitted for {sum}", "total", "po_number"),
    ),
    "purchase_order.approval_needed": (
        "wait",
        "s-clock",
        _of_worth("{number} is over the limit of {sum}", "limit"),
    ),
    "purchase_order.approved": ("doing", "s-half", _says("{number} approved by the company")),
    "purchase_order.accepted": ("doing", "s-half", _accepted),
    "purchase_order.rejected": ("stop", "s-stop", _says("{number} rejected", "reason")),
    "purchase_order.cancelled": ("quiet", "s-slash", _says("{number} cancelled", "reason")),
    "invoice.issued": ("doing", "s-ring", _of_worth("{number} issued for {sum}", "amount")),
    "invoice.paid": (
        "done",
        "s-check",
        _of_worth("{sum} paid for {number}", "amount", "reference"),
    ),
    "credit_note.issued": (
        "back",
        "s-back",
        _of_worth("{number} credits {sum}", "amount", "reason"),
    ),
}
