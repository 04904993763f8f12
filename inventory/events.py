"""The facts this app makes known."""

from dataclasses import dataclass
from typing import Any

from oms.core.events import Event


@dataclass(frozen=True)
class Units:
    """Units of one SKU at one location."""

    sku: str
    location: str
    quantity: int
    level_id: int
    sku_id: int
    location_id: int


@dataclass(frozen=True, kw_only=True)
class StockReceived(Event):
    """Units came in, from a supplier, a count or a return. `units` are on their way to the shelf
    in this same transaction: what reacts may promise them."""

    name = "stock.received"
    units: tuple[Units, ...]

    @property
    def facts(self) -> dict[str, Any]:
        units = [
            {"sku": each.sku, "location": each.location, "quantity": each.quantity}
            for each in self.units
        ]
        return {**super().facts, "units": units}
