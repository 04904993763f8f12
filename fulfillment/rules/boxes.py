"""The boxes on the packing table."""

from dataclasses import dataclass


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
