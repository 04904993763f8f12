"""Placing points of the earth on a small map."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

WIDTH, HEIGHT = 300, 168
MARGIN_X, MARGIN_Y = 48, 28
SMALLEST_SPAN = 0.5
"""Degrees: a map of one street would show nothing."""


@dataclass(frozen=True)
class Point:
    """A place in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Spot:
    """A place on the map, and where its name stands: to the right unless there is no room."""

    x: int
    y: int

    @property
    def label_x(self) -> int:
        return self.x - 9 if self.x > WIDTH * 0.62 else self.x + 9

    @property
    def label_y(self) -> int:
        return self.y + 4

    @property
    def anchor(self) -> str:
        return "end" if self.x > WIDTH * 0.62 else "start"


def placed(points: Sequence[Point]) -> list[Spot]:
    """Return where the points lie on a map that shows them all, north up, in true proportion."""
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
    return [
        Spot(round(WIDTH / 2 + (x - center_x) * scale), round(HEIGHT / 2 - (y - center_y) * scale))
        for x, y in flat
    ]
