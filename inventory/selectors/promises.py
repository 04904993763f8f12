"""What may be promised of a SKU by a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inventory.selectors.inbound import arriving
from inventory.selectors.reordering import waiting_units


@dataclass(frozen=True)
class ByThen:
    """Units of a SKU that come by a day, and those that orders wait for, who are served first."""

    coming: int
    waiting: int

    def promisable(self, free: int) -> int:
        """What a new order may be promised for that day when so many units are free now."""
        return max(0, free + self.coming - self.waiting)


def by_then(sku_ids: Sequence[int], *, day: date, today: date) -> dict[int, ByThen]:
    """Return what comes of these SKUs until `day`, it included, and what orders wait for.

    Only a day that somebody stands for counts: what is coming without one is not counted on. Four
    queries.
    """
    coming = arriving(sku_ids, today=today)
    waiting = waiting_units(sku_ids)
    found = {}
    for sku_id in sku_ids:
        in_time = [
            each.units
            for each in coming.get(sku_id, [])
            if each.expected_on and each.expected_on <= day
        ]
        found[sku_id] = ByThen(
            coming=sum(in_time),
            waiting=waiting[sku_id].units if sku_id in waiting else 0,
        )
    return found
