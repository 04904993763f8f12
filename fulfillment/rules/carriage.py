"""Which service takes a parcel: the cheapest that keeps the promise, and why not the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote as quoted

from fulfillment.rules.rates import Quote, Service
from oms.core.money import ZERO, text


@dataclass(frozen=True)
class Promise:
    """What the customer was told: a method by the channel's word, a moment, both or neither."""

    method: str = ""
    deliver_by: datetime | None = None

    def days(self, services: Sequence[Service], quotes: Sequence[Quote]) -> int | None:
        """How long the method may take; None for a word that no service knows."""
        if not self.method:
            return None
        here = {each.service.code: each.days for each in quotes if not each.refusal}
        asked = [each for each in services if each.is_asked_by(self.method)]
        return max((here.get(each.code, each.days) for each in asked), default=None)


@dataclass(frozen=True)
class Option:
    """A service, what it would take, and what became of it in words."""

    quote: Quote
    keeps: bool
    outcome: str

    @property
    def service(self) -> Service:
        return self.quote.service

    @property
    def is_possible(self) -> bool:
        return not self.quote.refusal


@dataclass(frozen=True)
class Choice:
    """The service chosen (None: nobody takes it), whether it is late, and every candidate."""

    best: Quote | None
    is_late: bool
    reason: str
    options: tuple[Option, ...]

    def named(self, *, carrier: str, service: str) -> Quote | None:
        """Return the cheapest possible service that goes by these names; empty ones fit all."""
        fitting = [
            each.quote
            for each in self.options
            if each.is_possible
            and (not carrier or each.service.is_of(carrier))
            and (not service or each.service.is_asked_by(service))
        ]
        if self.best is not None and self.best in fitting:
            return self.best
        return min(fitting, key=_by_price, default=None)


def choose(
    quotes: Sequence[Quote], *, services: Sequence[Service], promise: Promise, currency: str
) -> Choice:
    """Choose the cheapest that keeps the promise; when none does, the quickest.

    Amounts of different currencies are not compared: those in `currency` count, and where there
    are none, those in the currency that most are in.
    """
    keeping = _keeping(quotes, services, promise)
    best, is_late = _best(quotes, keeping, currency)
    options = [
        Option(each, each in keeping, _outcome(each, best, is_late, each in keeping))
        for each in sorted(quotes, key=lambda each: (bool(each.refusal), *_by_price(each)))
    ]
    return Choice(best, is_late, _reason(best, is_late, keeping, promise), tuple(options))


def cheapest(
    quotes: Sequence[Quote], *, services: Sequence[Service], promise: Promise, currency: str
) -> tuple[Quote | None, bool]:
    """Return what `choose` would choose, and whether it is late, without the words."""
    return _best(quotes, _keeping(quotes, services, promise), currency)


def _keeping(quotes: Sequence[Quote], services: Sequence[Service], promise: Promise) -> list[Quote]:
    limit = promise.days(services, quotes)
    possible = [each for each in quotes if not each.refusal]
    return [each for each in possible if _keeps(each, promise.deliver_by, limit)]


def _best(
    quotes: Sequence[Quote], keeping: Sequence[Quote], currency: str
) -> tuple[Quote | None, bool]:
    best = min(_comparable(keeping, currency), key=_by_price, default=None)
    if best is not None:
        return best, False
    possible = [each for each in quotes if not each.refusal]
    return min(possible, key=_by_speed, default=None), bool(possible)


def _keeps(each: Quote, deliver_by: datetime | None, limit: int | None) -> bool:
    if limit is not None and each.days > limit:
        return False
    return deliver_by is None or each.arrives_at is None or each.arrives_at <= deliver_by


def _comparable(quotes: Sequence[Quote], currency: str) -> list[Quote]:
    found = [each for each in quotes if each.currency == currency]
    if found or not quotes:
        return found
    names = [each.currency for each in quotes]
    most = max(sorted(set(names)), key=names.count)
    return [each for each in quotes if each.currency == most]


def _by_price(each: Quote) -> tuple[Decimal, int, str]:
    return (each.amount or ZERO, each.days, each.service.code)


def _by_speed(each: Quote) -> tuple[date, Decimal, str]:
    return (each.arrives_on or date.max, each.amount or ZERO, each.service.code)


def _outcome(each: Quote, best: Quote | None, is_late: bool, keeps: bool) -> str:
    if each.refusal or best is None:
        return each.refusal
    if each is best:
        return "The quickest" if is_late else "The cheapest in time"
    if not keeps:
        return "Slower" if is_late else "Too slow"
    if each.currency != best.currency:
        return f"Priced in {each.currency}, not compared"
    more = (each.amount or ZERO) - (best.amount or ZERO)
    return f"{text(more, each.currency)} {each.currency} more" if more else "As dear, not quicker"


def _reason(best: Quote | None, is_late: bool, keeping: Sequence[Quote], promise: Promise) -> str:
    if best is None:
        return "No service takes it there."
    name = best.service.label
    if is_late:
        return f"Nothing keeps the promise any more: {name} is the quickest."
    if len(keeping) == 1:
        return f"{name} is the only one that keeps the promise."
    if promise.deliver_by is None and not promise.method:
        return f"{name} is the cheapest; no day was promised."
    return f"{name} is the cheapest that keeps the promise."


def told(
    choice: Choice, chosen: Quote | None, why: str, *, with_amounts: bool = True
) -> dict[str, Any]:
    """Return a choice as a shipment keeps it; `why` is the reason of a person who chose other."""
    taken = chosen.service.code if chosen else ""
    best = choice.best.service.code if choice.best else ""
    return {
        "reason": choice.reason,
        "suggested": best,
        "chosen": taken,
        "late": bool(chosen and any(o.quote is chosen and not o.keeps for o in choice.options)),
        "overridden": taken != best,
        "why": why,
        "candidates": [
            {
                "service": each.service.code,
                "name": each.service.label,
                "amount": str(each.quote.amount) if with_amounts and each.is_possible else None,
                "currency": each.quote.currency if with_amounts else "",
                "arrives_on": each.quote.arrives_on and each.quote.arrives_on.isoformat(),
                "keeps": each.keeps,
                "outcome": each.outcome,
                "possible": each.is_possible,
            }
            for each in choice.options
        ],
    }


TRACKING_PAGES = {
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "dpd": "https://tracking.dpd.de/parcelstatus?query={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "gls": "https://gls-group.eu/track/{}",
    "postnl": "https://postnl.nl/tracktrace/?B={}",
    "royal mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
}


def tracking_page(carrier: str, tracking_number: str) -> str:
    """Return where the carrier shows a parcel; empty for carriers we do not know."""
    page = TRACKING_PAGES.get(carrier.strip().casefold().replace("_", " "), "")
    return page.format(quoted(tracking_number, safe="")) if page and tracking_number else ""
