from dataclasses import dataclass

from oms.core.errors import Conflict, Missing


@dataclass(eq=False)
class LocationNotFound(Missing):
    location: str

    message = "There is no location {location}."


@dataclass(eq=False)
class InsufficientStock(Conflict):
    """Fewer units are free than were asked for."""

    sku: str
    requested: int
    available: int
    location: str = ""

    message = "{sku}: {requested} requested, {available} available."


@dataclass(eq=False)
class StockIsSpokenFor(Conflict):
    """Taking these units away would break a promise that was made with them."""

    sku: str
    location: str
    on_hand: int
    reserved: int
    quantity_delta: int

    message = (
        "{sku} at {location}: {on_hand} on hand, {reserved} reserved; "
        "{quantity_delta} would leave fewer than are reserved."
    )
