"""Rule books: which orders are served from where, in which steps, and what counts as cheap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from oms.core.money import ZERO

KIND = "kind:"
MOST_PARTS = 20


def plain_code(postal_code: str) -> str:
    return "".join(each for each in postal_code.upper() if each.isalnum())


class Asked(NamedTuple):
    """What a rule may ask of an order. `days` are left until the day it was promised for."""

    channel: str = ""
    service: str = ""
    tags: Sequence[str] = ()
    country: str = ""
    postal_code: str = ""
    priority: int = 0
    value: Decimal = ZERO
    currency: str = ""
    days: float | None = None


@dataclass(frozen=True)
class When:
    """Which orders a routing is for: all that is said must hold; nothing said: every order."""

    channels: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    postal_codes: tuple[str, ...] = ()
    priority_at_least: int | None = None
    value_at_least: Decimal | None = None
    value_below: Decimal | None = None
    currency: str = ""
    arrives_within_days: int | None = None

    def holds(self, asked: Asked) -> bool:
        if self.channels and asked.channel not in self.channels:
            return False
        if self.services and asked.service.casefold() not in self.services:
            return False
        if self.tags and self.tags.isdisjoint(asked.tags):
            return False
        if self.countries and asked.country not in self.countries:
            return False
        if self.postal_codes and not plain_code(asked.postal_code).startswith(self.postal_codes):
            return False
        if self.currency and asked.currency != self.currency:
            return False
        if self.priority_at_least is not None and asked.priority < self.priority_at_least:
            return False
        if self.value_at_least is not None and asked.value < self.value_at_least:
            return False
        if self.value_below is not None and asked.value >= self.value_below:
            return False
        if self.arrives_within_days is not None:
            return asked.days is not None and asked.days <= self.arrives_within_days
        return True


@dataclass(frozen=True)
class Limits:
    """What a location must keep to be asked at all.

    `keep_back` are units of each SKU that stay, above the safety stock; `lot_days` how long a lot
    must keep to be sent.
    """

    max_distance_km: Decimal | None = None
    keep_back: int = 0
    has_capacity: bool = False
    leaves_today: bool = False
    in_time: bool = False
    lot_days: int | None = None

    def reach(self, km: float | None) -> bool:
        """Whether a location so far away may serve; one whose distance nobody knows, where no
        limit is set."""
        return self.max_distance_km is None or (km is not None and km <= self.max_distance_km)


@dataclass(frozen=True)
class Weights:
    """What counts, in the order's currency: `freight` for each unit of money that it costs,
    `distance` for every 10 km, `handling` for each parcel, `split` for each further location,
    `late` for each day after the promise, `stock_out` for each unit below the reorder point."""

    freight: Decimal = ZERO
    distance: Decimal = ZERO
    handling: Decimal = ZERO
    split: Decimal = ZERO
    late: Decimal = ZERO
    stock_out: Decimal = ZERO


@dataclass(frozen=True)
class Step:
    """One try: from these locations (codes, groups, kinds; none: all that serve), within the
    limits, all that is open or (`is_whole` False) what there is, from at most `parts` locations,
    each worth `part_value` when there are several, for the least cost."""

    name: str
    sources: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    is_whole: bool = True
    parts: int = 1
    part_value: Decimal = ZERO
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True)
class Routing:
    """Steps for the orders it is for. What no step serves waits, or (`is_parked`) the order is
    held for a person; it is called off after `cancel_after_days`."""

    name: str
    when: When = field(default_factory=When)
    steps: tuple[Step, ...] = ()
    is_parked: bool = False
    cancel_after_days: int | None = None


@dataclass(frozen=True)
class RuleBook:
    """Routings in their order: the first one that is for an order decides on it.

    `version` is 0 for what is built in, and for a document that nobody has kept yet.
    """

    routings: tuple[Routing, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    version: int = 0

    def routing_for(self, asked: Asked) -> Routing:
        return next((each for each in self.routings if each.when.holds(asked)), EVERYTHING)

    def lets(self, routing: Routing, *, code: str, kind: str, km: float | None) -> bool:
        """Whether a location may serve orders of `routing` in any step, however late it is, and
        whatever lies there."""
        return any(
            self.takes(step, code=code, kind=kind) and step.limits.reach(km)
            for step in routing.steps or EVERYTHING.steps
        )

    def takes(self, step: Step, *, code: str, kind: str) -> bool:
        """Whether `step` may be served from a location."""
        return not step.sources or self._names(step.sources, code, kind)

    def _names(self, sources: Iterable[str], code: str, kind: str) -> bool:
        return any(
            each == code
            or each == f"{KIND}{kind}"
            or (each in self.groups and self._names(self.groups[each], code, kind))
            for each in sources
        )


CLOSEST = Step(
    "Closest that has everything",
    weights=Weights(distance=Decimal(1), late=Decimal(1000)),
)
CHEAPEST_COVER = Step(
    "Cheapest together",
    is_whole=False,
    parts=MOST_PARTS,
    weights=Weights(
        freight=Decimal(1), distance=Decimal("0.01"), split=Decimal(10_000), late=Decimal(1000)
    ),
)
EVERYTHING = Routing("Everything", steps=(CLOSEST, CHEAPEST_COVER))
BUILT_IN = RuleBook((EVERYTHING,))
"""What decides until a business publishes rules of its own."""
