"""Reads: places, what lies there, what is free, what is coming."""

from inventory.selectors.stock import (
    ServingLocation,
    Shelf,
    Supply,
    availability,
    find,
    forget_serving_locations,
    ledger_of,
    locations_of,
    people_at,
    serving_locations,
    stock_list,
    supply,
    visible_location_ids,
    working_location_ids,
)

__all__ = [
    "ServingLocation",
    "Shelf",
    "Supply",
    "availability",
    "find",
    "forget_serving_locations",
    "ledger_of",
    "locations_of",
    "people_at",
    "serving_locations",
    "stock_list",
    "supply",
    "visible_location_ids",
    "working_location_ids",
]
