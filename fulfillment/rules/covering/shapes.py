"""What is asked of a cover, and what is answered."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

How = Literal["single", "tried", "solved", "best_found"]
"""One site beats every split; all that could be better was tried; the integer program proved it;
or time ran out."""


class Bracket(NamedTuple):
    """What a parcel of up to so many grams costs, in points."""

    up_to_g: int
    cost: int


class Tariff(Protocol):
    """What freight costs from a site, in points: a step function of grams."""

    def cost(self, grams: int) -> int | None:
        """Return the cost of one parcel; None when nobody carries so much."""
        ...

    def brackets(self, most_g: int) -> Sequence[Bracket]:
        """Return the same as steps, lightest first, complete up to `most_g`; they end where
        nobody carries more."""
        ...


class Site(NamedTuple):
    """A place that can serve, and what it costs to use it. Costs are points, never negative.

    `free` are units by SKU id. A unit beyond `risk_free` of its SKU costs `risk`; without
    `risk_free` none does.
    """

    id: int
    free: Mapping[int, int]
    opening: int
    tariff: Tariff
    risk_free: Mapping[int, int] | None = None
    risk: int = 0


class Cover(NamedTuple):
    """Units by SKU id that each site (by id) sends, and their cost. Empty: nothing is served."""

    parts: Mapping[int, Mapping[int, int]]
    cost: int
    is_proven: bool
    how: How
