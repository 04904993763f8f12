"""Placing points of the earth, and their names, on a small map."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

WIDTH, HEIGHT = 300, 168
MARGIN_X, MARGIN_Y = 56, 30
SMALLEST_SPAN = 0.5
"""Degrees: a map of one street would show nothing."""
LETTER, LINE = 6, 12
"""About the size of a letter of a name."""


@dataclass(frozen=True)
class Point:
    """A place in degrees."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True)
class Spot:
    """A place on the map, and where its name stands."""

    x: int
    y: int
    label_x: int
    label_y: int
    anchor: str


def placed(points: Sequence[Point]) -> list[Spot]:
    """Return where the points lie on a map that shows them all, north up, in true proportion.

    Names are put beside their points where there is room; which comes first is tried out.
    """
    if not points:
        return []
    middle_latitude = sum(point.latitude for point in points) / len(points)
    narrowing = max(0.1, cos(radians(middle_latitude)))
    flat = [(point.longitude * narrowing, point.latitude) for point in points]
    left, right = min(x for x, _ in flat), max(x for x, _ in flat)
    low, high = min(y for _, y in flat), max(y for _, y in flat)
    scale = min(
        (WIDTH - 2 * MARGIN_X) / max(right - left, SMALLEST_SPAN),
        (HEIGHT - 2 * MARGIN_Y) / max(high - low, SMALLEST_SPAN),
    )
    center_x, center_y = (left + right) / 2, (low + high) / 2
    nodes = [
        (round(WIDTH / 2 + (x - center_x) * scale), round(HEIGHT / 2 - (y - center_y) * scale))
        for x, y in flat
    ]
    widths = [len(point.name) * LETTER for point in points]
    turns = [_labelled(nodes, widths, first) for first in range(len(nodes))]
    return min(turns, key=lambda turn: turn[0])[1]


def _labelled(
    nodes: Sequence[tuple[int, int]], widths: Sequence[int], first: int
) -> tuple[int, list[Spot]]:
    """Put the names beside their points, one after the other from `first` on; say how much of
    them is covered.
    """
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in nodes]
    spots: dict[int, Spot] = {}
    covered = 0
    for at in (*range(first, len(nodes)), *range(first)):
        x, y = nodes[at]
        (label_x, label_y, anchor, box), cost = _label(x, y, widths[at], taken)
        taken.append(box)
        covered += cost
        spots[at] = Spot(x, y, label_x, label_y, anchor)
    return covered, [spots[at] for at in range(len(nodes))]


Area = tuple[int, int, int, int]
Label = tuple[int, int, str, Area]


def _label(x: int, y: int, width: int, taken: Sequence[Area]) -> tuple[Label, int]:
    """The first place by a point in which nothing, or least, stands; and how much that is."""
    places = [
        (x + 9, y + 4, "start", x + 9),
        (x - 9, y + 4, "end", x - 9 - width),
        (x, y - 10, "middle", x - width // 2),
        (x, y + 18, "middle", x - width // 2),
        (x + 7, y - 8, "start", x + 7),
        (x + 7, y + 16, "start", x + 7),
        (x - 7, y - 8, "end", x - 7 - width),
        (x - 7, y + 16, "end", x - 7 - width),
    ]
    found = []
    for label_x, label_y, anchor, start in places:
        area = (start, label_y - LINE + 2, start + width, label_y + 2)
        outside = max(0, -start) + max(0, start + width - WIDTH)
        clashes = sum(_overlap(area, other) for other in taken)
        found.append((outside * LINE + clashes, (label_x, label_y, anchor, area)))
    cost, label = min(found, key=lambda each: each[0])
    return label, cost


def _overlap(one: Area, other: Area) -> int:
    """How much of one lies on the other."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0
