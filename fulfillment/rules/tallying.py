"""What deciding orders by a rule book came to: for one order, and in all. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from oms.core.money import ZERO

SIDES = ("live", "draft")


@dataclass
class Outcome:
    """What deciding one order came to. `parts` are units by location code; `unpriced` counts the
    parcels whose freight nobody knows."""

    parts: dict[str, int] = field(default_factory=dict)
    freight: dict[str, Decimal] = field(default_factory=dict)
    by_location: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    km: float = 0
    late_days: int = 0
    waits: int = 0
    below: int = 0
    unpriced: int = 0
    is_parked: bool = False

    def document(self) -> dict[str, Any]:
        return {
            "parts": [{"location": code, "units": units} for code, units in self.parts.items()],
            "freight": {code: str(amount) for code, amount in self.freight.items()},
            "km": round(self.km, 1),
            "late_days": self.late_days,
            "waits": self.waits,
            "below": self.below,
            "parked": self.is_parked,
        }

    def pay(self, location: str, currency: str, amount: Decimal) -> None:
        self.freight[currency] = self.freight.get(currency, ZERO) + amount
        there = self.by_location.setdefault(location, {})
        there[currency] = there.get(currency, ZERO) + amount


def nothing() -> dict[str, Any]:
    """Return the figures of a back-test before its first order."""
    return {
        "orders": 0,
        "units": 0,
        "otherwise": 0,
        **{side: _totals() for side in SIDES},
        "locations": {},
    }


def _totals() -> dict[str, Any]:
    return {
        "parcels": 0,
        "splits": 0,
        "km": 0,
        "freight": {},
        "unpriced": 0,
        "late_orders": 0,
        "late_days": 0,
        "waits": 0,
        "below": 0,
        "parked": 0,
    }


def add(figures: dict[str, Any], units: int, live: Outcome, draft: Outcome, differs: bool) -> None:
    """Count one order into the figures."""
    figures["orders"] += 1
    figures["units"] += units
    figures["otherwise"] += differs
    for side, outcome in zip(SIDES, (live, draft), strict=True):
        totals = figures[side]
        totals["parcels"] += len(outcome.parts)
        totals["splits"] += len(outcome.parts) > 1
        totals["km"] = round(totals["km"] + outcome.km, 1)
        totals["unpriced"] += outcome.unpriced
        totals["late_orders"] += outcome.late_days > 0
        totals["late_days"] += outcome.late_days
        totals["waits"] += outcome.waits
        totals["below"] += outcome.below
        totals["parked"] += outcome.is_parked
        _pay(totals["freight"], outcome.freight)
        for code, there in outcome.parts.items():
            place = figures["locations"].setdefault(code, {each: _place() for each in SIDES})[side]
            place["orders"] += 1
            place["units"] += there
            _pay(place["freight"], outcome.by_location.get(code, {}))


def _place() -> dict[str, Any]:
    return {"orders": 0, "units": 0, "freight": {}}


def _pay(into: dict[str, str], freight: Mapping[str, Decimal]) -> None:
    for currency, amount in freight.items():
        into[currency] = str(Decimal(into.get(currency, "0")) + amount)
