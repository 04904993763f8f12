"""Which boxes units go in: every unit has a place in one, lying any way round. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from fulfillment.rules.boxes import BOXES, Box
from fulfillment.rules.stowing import (
    FEW_UNITS,
    FILLED_AT_MOST,
    Lengths,
    Placed,
    Shelf,
    Steps,
    Unit,
    fill,
    largest_first,
)

MOST_UNITS = 60
"""Above this nobody places units one by one; a person chooses."""
MOST_PLANS = 8
LITRE = 1_000_000


@dataclass(frozen=True)
class Units:
    """Some units of one size; `key` names them. What nobody measured or weighed is None."""

    key: int
    quantity: int
    lengths_mm: tuple[int | None, int | None, int | None]
    weight_g: int | None = None

    @property
    def size(self) -> Lengths | None:
        length, width, height = self.lengths_mm
        return (length, width, height) if length and width and height else None


@dataclass(frozen=True)
class Carton:
    """A box with what goes in it; `box` is None for one unit that goes as it is."""

    box: Box | None
    placed: tuple[Placed, ...]
    weight_g: int | None
    lengths_mm: Lengths

    @property
    def contents(self) -> dict[int, int]:
        """Units by key, in the order in which they are placed."""
        return dict(Counter(each.key for each in self.placed))

    @property
    def volume(self) -> int:
        length, width, height = self.lengths_mm
        return length * width * height


@dataclass(frozen=True)
class Plan:
    """Boxes for everything."""

    cartons: tuple[Carton, ...]
    freight: Decimal | None = None
    currency: str = ""

    @property
    def volume(self) -> int:
        return sum(each.volume for each in self.cartons)

    @property
    def boxes(self) -> tuple[str, ...]:
        return tuple(each.box.code if each.box else "" for each in self.cartons)


@dataclass(frozen=True)
class Suggestion:
    """The boxes to take and the next choice; `unmeasured` are the keys of units without a size.

    `best` is None where a person has to choose. `is_weighed` says whether every unit's weight is
    known, and so whether what a box holds at most was looked at for all of them.
    """

    best: Plan | None = None
    next: Plan | None = None
    unmeasured: tuple[int, ...] = ()
    is_weighed: bool = True
    is_too_much: bool = False

    @property
    def saved_volume(self) -> int:
        """Cubic millimetres less than the next choice."""
        return self.next.volume - self.best.volume if self.best and self.next else 0

    @property
    def saved_freight(self) -> Decimal | None:
        """What it is cheaper than the next choice; None where no rate is known."""
        if self.best is None or self.next is None or self.best.currency != self.next.currency:
            return None
        if self.best.freight is None or self.next.freight is None:
            return None
        return self.next.freight - self.best.freight


Freight = Callable[[Plan], tuple[Decimal, str] | None]


def suggest(
    units: Iterable[Units], boxes: Sequence[Box] = BOXES, freight: Freight | None = None
) -> Suggestion:
    """Return the boxes that are cheapest to send; of those that cost the same, or where no rates
    are known, the fewest, and then the smallest."""
    wanted = tuple(each for each in units if each.quantity > 0)
    unmeasured = tuple(each.key for each in wanted if each.size is None)
    is_weighed = all(each.weight_g is not None for each in wanted)
    if unmeasured or not wanted:
        return Suggestion(unmeasured=unmeasured, is_weighed=is_weighed)
    if sum(each.quantity for each in wanted) > MOST_UNITS:
        return Suggestion(is_weighed=is_weighed, is_too_much=True)
    plans = list(plans_of(wanted, tuple(boxes)))
    if freight is not None:
        priced = [(each, freight(each)) for each in plans]
        plans = [Plan(each.cartons, *cost) if cost is not None else each for each, cost in priced]
        if len({each.currency for each in plans}) == 1:
            plans.sort(key=lambda each: (each.freight or 0, len(each.cartons), each.volume))
    return Suggestion(plans[0], plans[1] if len(plans) > 1 else None, is_weighed=is_weighed)


@lru_cache(maxsize=512)
def plans_of(wanted: tuple[Units, ...], boxes: tuple[Box, ...]) -> tuple[Plan, ...]:
    """Return ways to put measured units into boxes: the fewest boxes first, then the smallest.

    All in one box, once for each box that holds them; and boxes of each kind that does not, filled
    one after the other, each made as small as what is in it allows. A unit that fits no box goes
    as it is.
    """
    is_weighed = all(each.weight_g is not None for each in wanted)
    units = _single(wanted)
    by_size = sorted(boxes, key=lambda box: (box.volume, box.code))
    found: dict[tuple[str, ...], Plan] = {}
    for box in by_size:
        if placed := fill(units, box):
            found[(box.code,)] = Plan((_carton(box, placed, units, is_weighed),))
    for groups in _shares(units) if len(units) <= FEW_UNITS else ():
        if plan := _in_groups(groups, by_size, is_weighed):
            found.setdefault(tuple(sorted(plan.boxes)), plan)
    for box in by_size:
        if (box.code,) not in found:
            plan = _one_after_the_other(units, box, by_size, is_weighed)
            found.setdefault(tuple(sorted(plan.boxes)), plan)
    if not found:
        found[()] = Plan(tuple(_as_it_is(each, is_weighed) for each in units))
    plans = sorted(found.values(), key=lambda plan: (len(plan.cartons), plan.volume))
    return tuple(plans[:MOST_PLANS])


def _shares(units: Sequence[Unit]) -> Iterator[list[list[Unit]]]:
    """Every way to share units out over groups."""
    if not units:
        yield []
        return
    for groups in _shares(units[1:]):
        yield [[units[0]], *groups]
        for n, group in enumerate(groups):
            yield [*groups[:n], [units[0], *group], *groups[n + 1 :]]


def _in_groups(
    groups: Sequence[Sequence[Unit]], boxes: Sequence[Box], is_weighed: bool
) -> Plan | None:
    """Each group in the smallest box that holds it; None when one is too large for all."""
    cartons = [_smallest(each, boxes, is_weighed) for each in groups]
    return Plan(tuple(each for each in cartons if each)) if all(cartons) else None


def _one_after_the_other(
    units: Sequence[Unit], box: Box, boxes: Sequence[Box], is_weighed: bool
) -> Plan:
    """Fill boxes of one kind, each with the largest units that still fit; what is too large for
    it takes the smallest box that holds it."""
    left = sorted(units, key=largest_first, reverse=True)
    cartons: list[Carton] = []
    while left:
        inside = _filled(left, box)
        if not inside:
            inside = [left[0]]
        for unit in inside:
            left.remove(unit)
        cartons.append(_smallest(inside, boxes, is_weighed) or _as_it_is(inside[0], is_weighed))
    return Plan(tuple(cartons))


def _filled(left: Sequence[Unit], box: Box) -> list[Unit]:
    """As many of these units as one box takes, the largest first."""
    inside: list[Unit] = []
    shelf, steps = Shelf(box.lengths_mm), Steps()
    volume, weight = 0, 0
    for unit in left:
        volume, weight = volume + unit.volume, weight + unit.weight_g
        is_full = inside and volume > box.volume * FILLED_AT_MOST
        is_heavy = box.max_weight_g is not None and weight > box.max_weight_g
        if is_full or is_heavy or not shelf.put(unit, steps):
            volume, weight = volume - unit.volume, weight - unit.weight_g
            continue
        inside.append(unit)
    return inside


def _smallest(inside: Sequence[Unit], boxes: Sequence[Box], is_weighed: bool) -> Carton | None:
    for box in boxes:
        if placed := fill(inside, box):
            return _carton(box, placed, inside, is_weighed)
    return _as_it_is(inside[0], is_weighed) if len(inside) == 1 else None


def _carton(
    box: Box, placed: tuple[Placed, ...], units: Sequence[Unit], is_weighed: bool
) -> Carton:
    weight = sum(each.weight_g for each in units) + box.weight_g
    return Carton(box, placed, weight if is_weighed else None, box.lengths_mm)


def _as_it_is(unit: Unit, is_weighed: bool) -> Carton:
    placed = (Placed(unit.key, (0, 0, 0), unit.size),)
    return Carton(None, placed, unit.weight_g if is_weighed else None, unit.size)


def _single(wanted: Iterable[Units]) -> list[Unit]:
    return [
        Unit(each.key, each.size, each.weight_g or 0)
        for each in wanted
        if each.size is not None
        for _ in range(each.quantity)
    ]


def litres(volume: int) -> Decimal:
    """Return cubic millimetres as litres, to a tenth."""
    return (Decimal(volume) / LITRE).quantize(Decimal("0.1"))


def inside_which(plan: Plan, inside: Mapping[int, int]) -> int:
    """Return which carton of the plan the open package is: the first that wants all that is in."""
    for nth, carton in enumerate(plan.cartons):
        contents = carton.contents
        if all(contents.get(key, 0) >= units for key, units in inside.items()):
            return nth
    return 0
