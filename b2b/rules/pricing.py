"""Which price holds for a company, and where it comes from, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Entry:
    """One agreed price; `is_own` when it was agreed with this company alone."""

    unit_price: Decimal
    min_quantity: int
    list_name: str
    is_own: bool = False
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class Break:
    """From how many units on which price holds."""

    min_quantity: int
    unit_price: Decimal


@dataclass(frozen=True)
class Offer:
    """The price of one unit. `next_break` is the next quantity that makes it cheaper."""

    unit_price: Decimal
    origin: str
    min_quantity: int = 1
    next_break: Break | None = None


def pick(
    entries: Iterable[Entry], *, quantity: int, on: date, catalog_price: Decimal | None = None
) -> Offer | None:
    """Return the price of one of `quantity` units on that day, or None when nothing was agreed.

    What was agreed with the company comes before its price list, that before the catalog; among
    the entries of one kind the largest quantity that is reached decides, then the newest, then
    the lower price.
    """
    standing = [each for each in entries if each.holds_on(on)]
    for own in (True, False):
        kind = [each for each in standing if each.is_own is own]
        reached = [each for each in kind if each.min_quantity <= quantity]
        if reached:
            best = min(reached, key=_preference)
            offer = Offer(best.unit_price, _origin(best), best.min_quantity)
            return replace(offer, next_break=_next_break(kind, offer, quantity))
    if catalog_price is None:
        return None
    offer = Offer(catalog_price, "Catalog price")
    return replace(offer, next_break=_next_break(standing, offer, quantity))


def breaks(
    entries: Iterable[Entry], *, on: date, catalog_price: Decimal | None = None
) -> list[Offer]:
    """Return the price for each quantity at which it changes, smallest quantity first."""
    rows = list(entries)
    steps = sorted({1, *(each.min_quantity for each in rows if each.holds_on(on))})
    found: list[Offer] = []
    for step in steps:
        offer = pick(rows, quantity=step, on=on, catalog_price=catalog_price)
        if offer and (not found or found[-1].unit_price != offer.unit_price):
            found.append(replace(offer, min_quantity=step))
    return found


def _preference(entry: Entry) -> tuple[int, int, Decimal]:
    newest = entry.valid_from.toordinal() if entry.valid_from else 0
    return -entry.min_quantity, -newest, entry.unit_price


def _origin(entry: Entry) -> str:
    agreed = "Own price" if entry.is_own else "Price list"
    since = f", from {entry.min_quantity}" if entry.min_quantity > 1 else ""
    return f"{agreed} {entry.list_name}{since}"


def _next_break(kind: Iterable[Entry], offer: Offer, quantity: int) -> Break | None:
    cheaper = [
        Break(each.min_quantity, each.unit_price)
        for each in kind
        if each.min_quantity > quantity and each.unit_price < offer.unit_price
    ]
    return min(cheaper, key=lambda each: each.min_quantity, default=None)
