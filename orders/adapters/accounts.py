"""Money that a channel tells of in several of its interfaces, each under names of its own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from orders.adapters.parts import Refund

SAME = timedelta(hours=1)
"""Two interfaces that give one amount back within this time tell of the same money."""


def once(refunds: Mapping[str, Refund]) -> dict[str, Refund]:
    """Return refunds with those that several interfaces tell of counted once.

    What has a book goes by its amount and a number, `refund:20.00 USD:1`: so it keeps its name
    whichever of them tells of it first, and more of it never takes one away.
    """
    found = {key: each for key, each in refunds.items() if not each.book}
    groups: dict[tuple[str, Decimal], dict[str, list[Refund]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for each in refunds.values():
        if each.book:
            groups[each.currency, each.amount][each.book].append(each)
    for (code, amount), books in groups.items():
        counted: list[Refund] = []
        for book in sorted(books):
            counted = _joined(counted, sorted(books[book], key=_when))
        for number, each in enumerate(counted, 1):
            found[f"refund:{amount} {code}:{number}"] = each
    return found


def _joined(known: Sequence[Refund], told: Sequence[Refund]) -> list[Refund]:
    """Return both, each in the order of time, with those of about one time paired off."""
    result: list[Refund] = []
    here, there = list(known), list(told)
    while here and there:
        apart = _when(there[0]) - _when(here[0])
        if abs(apart) <= SAME:
            result.append(here.pop(0))
            there.pop(0)
        else:
            result.append(here.pop(0) if apart > timedelta() else there.pop(0))
    return [*result, *here, *there]


def _when(refund: Refund) -> datetime:
    return refund.at or datetime.min.replace(tzinfo=UTC)
