"""The boxes on the packing table, and which of them is just large enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FILLED_AT_MOST = 0.8
"""Goods never fill a box to the brim."""


@dataclass(frozen=True)
class Box:
    """Inner lengths in millimetres; its own weight, and what it holds at most."""

    code: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int = 0
    max_weight_g: int | None = None

    @property
    def volume(self) -> int:
        return self.length_mm * self.width_mm * self.height_mm

    @property
    def lengths_mm(self) -> tuple[int, int, int]:
        return (self.length_mm, self.width_mm, self.height_mm)

    @property
    def size(self) -> str:
        return "\N{MULTIPLICATION SIGN}".join(str(each // 10) for each in self.lengths_mm)


BOXES = (Box("S", 250, 200, 100), Box("M", 350, 250, 150), Box("L", 500, 350, 250))
"""What there is until a business enters its own boxes."""


@dataclass(frozen=True)
class Goods:
    """Units of one size; lengths are None where nobody measured them."""

    quantity: int
    lengths_mm: tuple[int | None, int | None, int | None]
    weight_g: int | None = None


def smallest(goods: Iterable[Goods], boxes: Sequence[Box] = BOXES) -> Box | None:
    """Return the smallest box that holds `goods`; None when a size is unknown or none is enough."""
    volume, longest, weight = 0, 0, 0
    for each in goods:
        known = [length for length in each.lengths_mm if length]
        if len(known) < 3:
            return None
        volume += each.quantity * known[0] * known[1] * known[2]
        longest = max(longest, *known)
        weight += each.quantity * (each.weight_g or 0)
    for box in sorted(boxes, key=lambda box: box.volume):
        fits = volume <= box.volume * FILLED_AT_MOST
        fits = fits and longest <= max(box.length_mm, box.width_mm)
        if fits and (box.max_weight_g is None or weight <= box.max_weight_g):
            return box
    return None
