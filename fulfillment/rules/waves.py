"""Which work is picked together: one function of plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fulfillment.states import WaveRule

MOST_ORDERS = 200
"""Of one wave: more cannot be walked, or sorted, in one go."""


@dataclass(frozen=True)
class Candidate:
    """Work that could be picked now; `due` is when it should leave, `zones` where its units lie."""

    number: str
    units: int
    lines: int
    given_at: datetime
    due: datetime | None = None
    zones: frozenset[str] = frozenset()

    @property
    def turn(self) -> tuple[bool, datetime, datetime, str]:
        return (self.due is None, self.due or self.given_at, self.given_at, self.number)


@dataclass(frozen=True)
class Wish:
    """What the wave should be: `zone` counts for the rule by zone, empty for all zones."""

    rule: WaveRule
    most_orders: int = MOST_ORDERS
    most_units: int | None = None
    zone: str = ""


def choose(candidates: Iterable[Candidate], wish: Wish, *, now: datetime) -> list[Candidate]:
    """Return what goes into the wave, what leaves first and waits longest first.

    An order that would make it too large is passed over for the next one that fits.
    """
    waiting = sorted(candidates, key=lambda each: each.turn)
    if wish.rule == WaveRule.CUT_OFF:
        until = next_pick_up(waiting, now)
        waiting = [each for each in waiting if until and each.due and each.due <= until]
    elif wish.rule == WaveRule.SINGLE_LINE:
        waiting = [each for each in waiting if each.lines == 1]
    elif wish.rule == WaveRule.ZONE and wish.zone:
        waiting = [each for each in waiting if wish.zone in each.zones]
    chosen: list[Candidate] = []
    units = 0
    for each in waiting:
        if len(chosen) == min(wish.most_orders, MOST_ORDERS):
            break
        if wish.most_units is None or units + each.units <= wish.most_units:
            chosen.append(each)
            units += each.units
    return chosen


def next_pick_up(candidates: Iterable[Candidate], now: datetime) -> datetime | None:
    """Return the first cut-off still to come; where all are missed, the last one."""
    due = [each.due for each in candidates if each.due]
    ahead = [each for each in due if each > now]
    return min(ahead) if ahead else max(due, default=None)
