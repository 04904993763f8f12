"""What a package should weigh, and how far the scale may be from that."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

PERCENT = 3
PAPER_G = 10
"""Paper, tape and what scales are off by, whatever is inside."""


@dataclass(frozen=True)
class Expected:
    """Grams of a package: its units and its box, and how many more or fewer may be."""

    grams: int
    within: int

    @property
    def kilograms(self) -> Decimal:
        return Decimal(self.grams) / 1000

    def differs(self, weighed: int) -> bool:
        return abs(weighed - self.grams) > self.within


def expected(units: Iterable[tuple[int | None, int]], box_g: int | None) -> Expected | None:
    """Return what units (grams of one, how many) should weigh in a box of `box_g`; None where
    nobody weighed one of them. A box that is not known may weigh anything up to a tenth more.

    Three percent may be missing or too much, as goods vary; but less than half of the lightest
    unit, so that one unit too few or too many is noticed wherever a scale can tell.
    """
    weights = [(each, count) for each, count in units if count]
    if not weights or any(each is None for each, _ in weights):
        return None
    inside = sum((each or 0) * count for each, count in weights)
    lightest = min(each or 0 for each, _ in weights)
    within = inside * PERCENT // 100 + PAPER_G
    if box_g is None:
        within += inside // 10
    within = max(PAPER_G, min(within, (lightest - 1) // 2))
    return Expected(inside + (box_g or 0), within)
