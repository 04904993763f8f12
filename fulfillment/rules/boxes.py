"""The boxes on the packing table, and which of them is just large enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FILLED_AT_MOST = 0.8
"""Goods never fill a box to the brim."""


@dataclass(frozen=True)
class Box:
    """Inner lengths in millimetres."""

    code: str
    length_mm: int
    width_mm: int
    height_mm: int

    @property
    def volume(self) -> int:
        return self.length_mm * self.width_mm * self.height_mm

    @property
    def size(self) -> str:
        lengths = (self.length_mm, self.width_mm, self.height_mm)
        return "\N{MULTIPLICATION SIGN}".join(str(each // 10) for each in lengths)


BOXES = (Box("S", 250, 200, 100), Box("M", 350, 250, 150), Box("L", 500, 350, 250))


@dataclass(frozen=True)
class Goods:
    """Units of one size; lengths are None where nobody measured them."""

    quantity: int
    lengths_mm: tuple[int | None, int | None, int | None]


def smallest(goods: Iterable[Goods], boxes: Sequence[Box] = BOXES) -> Box | None:
    """Return the smallest box that holds `goods`; None when a size is unknown or none is enough."""
    volume, longest = 0, 0
    for each in goods:
        known = [length for length in each.lengths_mm if length]
        if len(known) < 3:
            return None
        volume += each.quantity * known[0] * known[1] * known[2]
        longest = max(longest, *known)
    for box in sorted(boxes, key=lambda box: box.volume):
        if volume <= box.volume * FILLED_AT_MOST and longest <= max(box.length_mm, box.width_mm):
            return box
    return None
