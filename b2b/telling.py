"""Business documents in the words of the companies that buy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from b2b.models import PurchaseOrder
from b2b.states import Issue, PurchaseStatus, QuoteStatus, RequestStatus, Source
from oms.core.display import day_text
from oms.core.models import User
from orders.models import OrderLine
from orders.rules.kits import KitUnits

FEW = 10
HELD = _lazy("On hold for credit")
PREPARING = ("doing", "s-half", _lazy("being prepared"))
P, Q, R = PurchaseStatus, QuoteStatus, RequestStatus

ORDERS = {
    P.DRAFT: _lazy("Not handed in"),
    P.SUBMITTED: _lazy("We look at it"),
    P.PENDING_APPROVAL: _lazy("Waits for approval"),
    P.ACCEPTED: _lazy("Accepted"),
    P.IN_FULFILLMENT: _lazy("Being prepared"),
    P.PART_DELIVERED: _lazy("Partly sent"),
    P.DELIVERED: _lazy("Sent"),
    P.INVOICED: _lazy("Sent and invoiced"),
    P.CLOSED: _lazy("Sent and paid"),
    P.REJECTED: _lazy("Turned down"),
    P.CANCELLED: _lazy("Cancelled"),
}
QUOTES = {
    Q.DRAFT: _lazy("We write a new version"),
    Q.PENDING_APPROVAL: _lazy("We write a new version"),
    Q.PRESENTED: _lazy("Waits for your answer"),
    Q.REVISION_REQUESTED: _lazy("We write a new version"),
    Q.ACCEPTED: _lazy("Accepted"),
    Q.EXPIRED: _lazy("Expired"),
    Q.LOST: _lazy("Declined"),
    Q.WITHDRAWN: _lazy("Withdrawn by us"),
}
REQUESTS = {
    R.SUBMITTED: _lazy("With us"),
    R.IN_REVIEW: _lazy("We work on it"),
    R.QUOTED: _lazy("Answered"),
    R.DECLINED: _lazy("No offer"),
    R.WITHDRAWN: _lazy("Withdrawn"),
}
ISSUES = {
    Issue.PRICE_MISMATCH: _lazy("A price differs from the one we agreed on."),
    Issue.NO_PRICE: _lazy("Something has no price yet: we tell you ours."),
    Issue.UNKNOWN_SKU: _lazy("We do not know one of the articles."),
    Issue.UNKNOWN_PARTNER: _lazy("We check who it comes from."),
}


@dataclass(frozen=True)
class Said:
    """A word with its tone and shape."""

    tone: str
    shape: str
    word: str


def why_waiting(document: PurchaseOrder) -> list[str]:
    """Say why a purchase order waits for us."""
    if document.status != P.SUBMITTED:
        return []
    return [str(ISSUES[Issue(each)]) for each in document.issues] or [
        _("A person here looks at every order of yours before it goes out.")
    ]


def stock(free: int, wanted: int, expected_on: date | None) -> Said:
    """Say how much there is of something, for so many units of it."""
    if free >= max(wanted, FEW) or (wanted and free >= wanted):
        return Said("done", "s-check", _("In stock"))
    if free:
        word = _("{n} in stock").format(n=free)
        return Said("wait", "s-half", f"{word}, {_rest(expected_on)}" if wanted else word)
    if expected_on:
        return Said("wait", "s-clock", _("Expected on {day}").format(day=day_text(expected_on)))
    return Said("wait", "s-clock", _("Not in stock"))


def _rest(expected_on: date | None) -> str:
    if expected_on:
        return _("the rest expected on {day}").format(day=day_text(expected_on))
    return _("the rest later")


def progress(line: OrderLine | KitUnits, expected_on: date | None, *, is_held: bool) -> list[Said]:
    """Say where the units of a line are, what is furthest first."""
    moving = line.shipped - line.delivered
    preparing = line.asked - line.backordered - line.shipped
    waiting = _("waiting for stock")
    if expected_on:
        waiting = _("expected on {day}").format(day=day_text(expected_on))
    begun = ("wait", "s-pause", _("on hold")) if is_held else PREPARING
    found: Sequence[tuple[int, str, str, object]] = (
        (line.delivered, "done", "s-check", _("arrived")),
        (moving, "doing", "s-move", _("on the way")),
        (preparing, *begun),
        (line.backordered, "wait", "s-clock", waiting),
        (line.cancelled, "quiet", "s-slash", _("cancelled")),
    )
    told = [each for each in found if each[0]]
    return [Said(tone, shape, f"{units} {word}") for units, tone, shape, word in told]


def person(user: User) -> str:
    """Name somebody as colleagues do."""
    return user.get_full_name() or user.username


def written_by(document: PurchaseOrder) -> str:
    """Name who of the company wrote a purchase order, else us."""
    if document.buyer is not None:
        return person(document.buyer.user)
    return _("our sales desk") if document.source == Source.REP else _("your company")
