"""When more of a SKU is ordered for a location, and how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Position:
    """What a location has of a SKU, what comes, and what is asked of it."""

    on_hand: int
    reserved: int
    held: int
    coming: int
    waiting: int
    reorder_point: int
    reorder_up_to: int

    @property
    def projected(self) -> int:
        """What is left when all that comes is here and all who wait are served."""
        return self.on_hand - self.reserved - self.held + self.coming - self.waiting

    @property
    def needed(self) -> int:
        """Units to order once the reorder point is reached, up to the level wanted.

        Without a reorder point more is ordered only when units are owed.
        """
        if self.projected > self.reorder_point or self.projected == self.reorder_point == 0:
            return 0
        return max(self.reorder_up_to, self.reorder_point) - self.projected


def ordered(needed: int, *, minimum: int, pack: int) -> int:
    """Return what to order for `needed` units: the minimum at least, in whole packs."""
    return -(-max(needed, minimum) // pack) * pack if needed > 0 else 0


@dataclass(frozen=True)
class Shelf:
    """One of the locations that keep a SKU."""

    key: int
    coming: int
    reorder_point: int


def share_waiting(waiting: int, shelves: Sequence[Shelf]) -> Mapping[int, int]:
    """Say which location orders for those who wait.

    What is coming serves them first, where it comes. The rest is asked of the location that keeps
    most of the SKU.
    """
    found: dict[int, int] = {}
    for shelf in sorted(shelves, key=lambda each: (-each.coming, each.key)):
        if taken := min(waiting, shelf.coming):
            found[shelf.key] = taken
            waiting -= taken
    if waiting and shelves:
        most = min(shelves, key=lambda each: (-each.reorder_point, each.key))
        found[most.key] = found.get(most.key, 0) + waiting
    return found
