"""What would lie where had other rules chosen: the ledger as it was, and the difference.

A world differs from what happened by what its rules took elsewhere. It follows the ledger: units
that an order gave back in truth come back where this world took them. Pure.
"""

from collections.abc import Mapping
from typing import Any

Place = tuple[int, int]
"""A location id and a SKU id."""
Taken = dict[Place, int]


class World:
    """How the stock of one rule book's world differs from what the ledger says."""

    def __init__(self) -> None:
        self.more: Taken = {}
        self.apart: dict[str, Taken] = {}
        self.given: dict[tuple[int, str], int] = {}

    def decide(self, order: str, taken: Mapping[Place, int], truly: Mapping[Place, int]) -> None:
        """An order took units here, and others (or none) in truth."""
        differ = {
            place: units
            for place in {**taken, **truly}
            if (units := taken.get(place, 0) - truly.get(place, 0))
        }
        if differ:
            self.apart[order] = differ
        for place, units in differ.items():
            self._add(place, -units)

    def give(self, location_id: int, day: str) -> None:
        """A location got one more piece of work on a day."""
        self.given[location_id, day] = self.given.get((location_id, day), 0) + 1

    def forget_days_before(self, day: str) -> None:
        self.given = {key: count for key, count in self.given.items() if key[1] >= day}

    def reserved(self, order: str, place: Place, units: int) -> None:
        """In truth an order got units later on; here it may have had them from the first."""
        differ = self.apart.get(order)
        if differ is None:
            return
        ahead = sum(count for (_, sku), count in differ.items() if sku == place[1])
        if (had := min(units, max(0, ahead))) > 0:
            self._shift(order, place, -had)

    def released(self, order: str, place: Place, units: int) -> None:
        """In truth an order gave units back; here they come from where it had them instead."""
        for there, count in list(self.apart.get(order, {}).items()):
            if units and count > 0 and there[1] == place[1] and there != place:
                back = min(units, count)
                self._shift(order, there, -back)
                self._shift(order, place, back)
                units -= back

    def left(self, order: str) -> None:
        """An order has left the building: what it took stays taken."""
        self.apart.pop(order, None)

    def _shift(self, order: str, place: Place, units: int) -> None:
        differ = self.apart.get(order, {})
        differ[place] = differ.get(place, 0) + units
        if not differ[place]:
            del differ[place]
        if not differ:
            self.apart.pop(order, None)
        self._add(place, -units)

    def _add(self, place: Place, units: int) -> None:
        self.more[place] = self.more.get(place, 0) + units
        if not self.more[place]:
            del self.more[place]

    def kept(self) -> dict[str, Any]:
        """As plain values, for the next slice of work."""
        return {
            "more": _plain(self.more),
            "apart": {order: _plain(differ) for order, differ in self.apart.items()},
            "given": [[*key, count] for key, count in self.given.items()],
        }

    @classmethod
    def again(cls, kept: Mapping[str, Any]) -> "World":
        world = cls()
        world.more = _taken(kept.get("more", []))
        world.apart = {order: _taken(rows) for order, rows in kept.get("apart", {}).items()}
        world.given = {(place, day): count for place, day, count in kept.get("given", [])}
        return world


def _plain(taken: Taken) -> list[list[int]]:
    return [[*place, units] for place, units in taken.items()]


def _taken(rows: list[list[int]]) -> Taken:
    return {(location_id, sku_id): units for location_id, sku_id, units in rows}
