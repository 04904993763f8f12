"""Where units lie in one box: each at a corner that those before it leave, the largest first.

With few units every order, corner and way round is tried; with many, some orders. The steps are
counted, not timed, so the answer is the same on every machine. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import permutations

from fulfillment.rules.boxes import Box

FILLED_AT_MOST = Decimal("0.9")
"""Several units never fill a box to the brim: hands are no machine. One alone may."""
FEW_UNITS = 4
STEPS = 30_000

Lengths = tuple[int, int, int]
Point = tuple[int, int, int]


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


def largest_first(unit: Unit) -> tuple[int, Lengths, int]:
    return (unit.volume, unit.size, unit.key)


ORDERS: tuple[Callable[[Unit], tuple[object, ...]], ...] = (
    largest_first,
    lambda unit: (max(unit.size), *largest_first(unit)),
    lambda unit: (sorted(unit.size)[1] * max(unit.size), *largest_first(unit)),
    lambda unit: (min(unit.size), *largest_first(unit)),
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
    for unit in sorted(left, key=largest_first, reverse=True):
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
