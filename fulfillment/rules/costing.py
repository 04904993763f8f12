"""What a location costs in a step: freight, way, handling, lateness and risk, in points.

Points are thousandths of the order's currency. Pure.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from fulfillment.rules.covering import Bracket
from fulfillment.rules.routing import Weights
from oms.core.geo import unknown_last
from oms.core.money import text

POINTS = 1_000
FARTHEST_KM = 20_016.0
"""Half way round the earth: as far as a place can be that nobody knows."""
UNKNOWN = 100_000 * POINTS
"""What counts for freight that nobody knows: dearer than any that is known."""

Units = Mapping[int, int]
"""Units by SKU id."""


class Candidate(NamedTuple):
    """A location that may serve: how far it is (None: nobody knows), what is free there by SKU."""

    location_id: int
    name: str
    distance_km: float | None
    free: Units
    code: str = ""
    kind: str = ""

    @property
    def far(self) -> float:
        return unknown_last(self.distance_km)


@dataclass(frozen=True)
class Freight:
    """What it costs to send a parcel, with which service, and how many days after the promise."""

    amount: Decimal
    currency: str
    service: str
    days_late: int = 0

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def words(self) -> str:
        return f"{text(self.amount, self.currency)} {self.currency}"


class Measures(Protocol):
    """What can be measured for an order, each asked for only where a rule weighs it.

    `currency` is what freight is compared in: the order's, where any rate is in it. Where freight
    costs the same from everywhere, or nobody knows it, `has_freight` is False and nothing of it
    is asked.
    """

    currency: str
    has_freight: bool

    def alike(self, location_id: int) -> Hashable:
        """What tells locations apart: from those with the same, freight is the same."""

    def freight(self, location_id: int, grams: int) -> Freight | None:
        """What a location would take for so many grams; None where nobody knows."""

    def breaks(self, location_id: int, most: int) -> Sequence[int]:
        """The weights up to which freight stays the same, rising, the last one at least `most`."""

    def grams(self, sku_ids: Collection[int]) -> Units:
        """The weight of a unit of each SKU."""

    def reached(self) -> Collection[int] | None:
        """The locations from where some service goes there; None: that makes no difference."""

    def capacity_left(self, location_id: int) -> int | None:
        """How many more pieces of work a location takes today; None: as many as there are."""

    def leaves_today(self, location_id: int) -> bool:
        """Whether what is given to a location now can leave today."""

    def lasting(self, days: int) -> Mapping[int, Units]:
        """What is free in lots that keep so many days, by location."""

    def spare(self) -> Mapping[int, Units]:
        """What is free above the reorder point, by location."""


class Scale:
    """The weights of one step, laid on what is measured."""

    def __init__(self, weights: Weights, measures: Measures) -> None:
        self.weights = weights
        self.measures = measures
        self._freight = _points(weights.freight) if measures.has_freight else 0
        self._late = _points(weights.late) if measures.has_freight else 0
        self._far = float(weights.distance) * POINTS / 10
        self._handling = _points(weights.handling)
        self.split = _points(weights.split)
        self.risk = _points(weights.stock_out)
        self.asks_freight = bool(self._freight or self._late)
        self._sending: dict[tuple[Hashable, int], int] = {}
        self._tariffs: dict[Hashable, ByWeight] = {}

    def freight(self, location_id: int, grams: int) -> Freight | None:
        return self.measures.freight(location_id, grams)

    def tariff(self, location_id: int) -> "ByWeight":
        """What sending costs from there; locations that are alike share one."""
        return self._tariffs.setdefault(
            self.measures.alike(location_id), ByWeight(self, location_id)
        )

    def way(self, each: Candidate) -> int:
        km = FARTHEST_KM if each.distance_km is None else each.distance_km
        return round(km * self._far)

    def opening(self, each: Candidate) -> int:
        """What it costs to send from there at all."""
        return self.way(each) + self._handling

    def sending(self, location_id: int, grams: int) -> int:
        """What it costs to send so much from there."""
        if not self.asks_freight:
            return 0
        key = (self.measures.alike(location_id), grams)
        if key not in self._sending:
            freight = self.freight(location_id, grams)
            self._sending[key] = (
                UNKNOWN
                if freight is None
                else self._priced(freight) + self._late * freight.days_late
            )
        return self._sending[key]

    def _priced(self, freight: Freight) -> int:
        if freight.currency != self.measures.currency:
            return UNKNOWN if self._freight else 0
        return int(freight.amount * self._freight)

    def endangered(self, location_id: int, units: Units) -> int:
        """How many of these units a location would fall below its reorder points by."""
        if not self.risk:
            return 0
        spare = self.measures.spare().get(location_id, {})
        return sum(max(0, count - spare.get(sku, count)) for sku, count in units.items())

    def cost(self, each: Candidate, units: Units, grams: int) -> int:
        """What it costs to send these units from there."""
        cost = self.opening(each) + self.sending(each.location_id, grams)
        return cost + self.risk * self.endangered(each.location_id, units)

    def terms(self, each: Candidate, units: Units, grams: int) -> dict[str, int]:
        """The same by what it consists of; what costs nothing is left out."""
        found = {"distance": self.way(each), "handling": self._handling}
        freight = self.freight(each.location_id, grams) if self.asks_freight else None
        if freight is not None:
            found["freight"] = self._priced(freight)
            found["late"] = self._late * freight.days_late
        elif self.asks_freight:
            found["freight"] = UNKNOWN
        found["stock_out"] = self.risk * self.endangered(each.location_id, units)
        return {name: points for name, points in found.items() if points}

    @property
    def is_way_alone(self) -> bool:
        """Whether nothing but the way, and being in time, tells locations apart."""
        others = (self._freight, self._handling, self.risk)
        return bool(self._far) and not any(others)


@dataclass(frozen=True)
class ByWeight:
    """What sending costs from one location, for the search of a cover."""

    scale: Scale
    location_id: int

    def cost(self, grams: int) -> int | None:
        return self.scale.sending(self.location_id, grams)

    def brackets(self, most_g: int) -> Sequence[Bracket]:
        if not self.scale.asks_freight:
            return (Bracket(most_g, 0),)
        return [
            Bracket(up_to, self.scale.sending(self.location_id, up_to))
            for up_to in self.scale.measures.breaks(self.location_id, most_g)
        ]


def _points(weight: Decimal) -> int:
    return int(weight * POINTS)
