from inventory.models.stock import (
    Location,
    LocationAssignment,
    Lot,
    Movement,
    Reservation,
    StockLevel,
)

__all__ = [
    "Location",
    "LocationAssignment",
    "Lot",
    "Movement",
    "Reservation",
    "StockLevel",
]
