"""Which boxes units go in: every unit has a place in one, lying any way round.

Units are placed one by one at the corners that those before them leave, the largest first. With
few units every order, corner and way round is tried; with many, some orders. The steps are
counted, not timed, so the answer is the same on every machine.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import permutations

from fulfillment.rules.boxes import BOXES, Box

FILLED_AT_MOST = Decimal("0.9")
"""Several units never fill a box to the brim: hands are no machine. One alone may."""
MOST_UNITS = 60
"""Above this nobody places units one by one; a person chooses."""
FEW_UNITS = 4
MOST_PLANS = 8
STEPS = 30_000
LITRE = 1_000_000

Lengths = tuple[int, int, int]
Point = tuple[int, int, int]


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
class Unit:
    key: int
    size: Lengths
    weight_g: int

    @property
    def volume(self) -> int:
        return self.size[0] * self.size[1] * self.size[2]


@dataclass(frozen=True)
class Placed:
    """A unit, the corner it lies in, and how long it is that way round."""

    key: int
    at: Point
    size: Lengths


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


def fill(units: Sequence[Unit], box: Box) -> tuple[Placed, ...] | None:
    """Return where all of these units lie in `box`; None when no way was found."""
    if box.max_weight_g is not None and sum(each.weight_g for each in units) > box.max_weight_g:
        return None
    volume = sum(each.volume for each in units)
    if volume > (box.volume if len(units) == 1 else box.volume * FILLED_AT_MOST):
        return None
    room = box.lengths_mm
    if any(not _turns(each.size, room) for each in units):
        return None
    steps = Steps()
    for order in ORDERS:
        if placed := _greedy(sorted(units, key=order, reverse=True), room, steps):
            return placed
    return _search(units, room, (), steps) if len(units) <= FEW_UNITS else None


@dataclass
class Steps:
    """How many places may still be tried."""

    left: int = field(default=STEPS)

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0


def _size_then(unit: Unit) -> tuple[int, Lengths, int]:
    return (unit.volume, unit.size, unit.key)


ORDERS: tuple[Callable[[Unit], tuple[object, ...]], ...] = (
    _size_then,
    lambda unit: (max(unit.size), *_size_then(unit)),
    lambda unit: (sorted(unit.size)[1] * max(unit.size), *_size_then(unit)),
    lambda unit: (min(unit.size), *_size_then(unit)),
)


def _greedy(units: Sequence[Unit], room: Lengths, steps: Steps) -> tuple[Placed, ...] | None:
    """Put each unit in turn into the lowest corner that it fits in."""
    shelf = Shelf(room)
    for unit in units:
        if not shelf.put(unit, steps):
            return None
    return tuple(shelf.placed)


class Shelf:
    """An empty room that units are put into, one by one, and the corners that are left."""

    def __init__(self, room: Lengths) -> None:
        self.room = room
        self.placed: list[Placed] = []
        self.corners: list[Point] = [(0, 0, 0)]

    def put(self, unit: Unit, steps: Steps) -> bool:
        """Put a unit into the lowest corner that it fits in; say whether there was one."""
        here = _first(unit, self.corners, self.room, self.placed, steps)
        if here is None:
            return False
        self.placed.append(here)
        (x, y, z), (length, width, height) = here.at, here.size
        new: set[Point] = set()
        for corner in ((x + length, y, z), (x, y + width, z), (x, y, z + height)):
            new |= {corner, *_slid(corner, self.placed)}
        self.corners = sorted(
            (each for each in {*self.corners, *new} if not _is_inside(each, here)),
            key=_lowest_first,
        )
        return True


def _first(
    unit: Unit, corners: Sequence[Point], room: Lengths, placed: Sequence[Placed], steps: Steps
) -> Placed | None:
    for at in corners:
        for size in _turns(unit.size, room):
            if not steps.take():
                return None
            if _is_free(at, size, room, placed):
                return Placed(unit.key, at, size)
    return None


def _search(
    left: Sequence[Unit], room: Lengths, placed: tuple[Placed, ...], steps: Steps
) -> tuple[Placed, ...] | None:
    """Try every next unit, corner and way round, the likely ones first."""
    if not left:
        return placed
    tried: set[Lengths] = set()
    for unit in sorted(left, key=_size_then, reverse=True):
        if unit.size in tried:
            continue
        tried.add(unit.size)
        rest = list(left)
        rest.remove(unit)
        for at in _corners(placed):
            for size in _turns(unit.size, room):
                if not steps.take():
                    return None
                if not _is_free(at, size, room, placed):
                    continue
                found = _search(rest, room, (*placed, Placed(unit.key, at, size)), steps)
                if found:
                    return found
    return None


def _corners(placed: Sequence[Placed]) -> list[Point]:
    """Return where a next unit may lie: at a wall or beside another one, in each direction."""
    xs, ys, zs = (
        sorted({0, *(each.at[axis] + each.size[axis] for each in placed)}) for axis in range(3)
    )
    points = [(x, y, z) for x in xs for y in ys for z in zs]
    free = [at for at in points if not any(_is_inside(at, each) for each in placed)]
    return sorted(free, key=_lowest_first)


def _lowest_first(at: Point) -> Point:
    return (at[2], at[1], at[0])


def _is_inside(at: Point, placed: Placed) -> bool:
    return all(
        placed.at[axis] <= at[axis] < placed.at[axis] + placed.size[axis] for axis in range(3)
    )


def _slid(corner: Point, placed: Sequence[Placed]) -> set[Point]:
    """The corner moved towards each wall until something is in the way."""
    moved = set()
    for axis in range(3):
        one, two = (each for each in range(3) if each != axis)
        stop = 0
        for each in placed:
            end = each.at[axis] + each.size[axis]
            beside = all(
                each.at[other] <= corner[other] < each.at[other] + each.size[other]
                for other in (one, two)
            )
            if beside and stop < end <= corner[axis]:
                stop = end
        point = list(corner)
        point[axis] = stop
        moved.add((point[0], point[1], point[2]))
    return moved


@lru_cache(maxsize=8192)
def _turns(size: Lengths, room: Lengths) -> tuple[Lengths, ...]:
    """Every way round in which a unit goes into an empty room, flat ones first."""
    ways = {(a, b, c) for a, b, c in permutations(size)}
    fitting = [way for way in ways if way[0] <= room[0] and way[1] <= room[1] and way[2] <= room[2]]
    return tuple(sorted(fitting, key=_lowest_first))


def _is_free(at: Point, size: Lengths, room: Lengths, placed: Sequence[Placed]) -> bool:
    x, y, z = at
    length, width, height = size
    if x + length > room[0] or y + width > room[1] or z + height > room[2]:
        return False
    for each in placed:
        (a, b, c), (along, across, up) = each.at, each.size
        if (
            x < a + along
            and a < x + length
            and y < b + across
            and b < y + width
            and z < c + up
            and c < z + height
        ):
            return False
    return True


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
    left = sorted(units, key=_size_then, reverse=True)
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
