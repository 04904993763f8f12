"""Refusals about what lies where, and what is promised of it."""

from dataclasses import dataclass, field
from typing import Any

from oms.core.errors import Conflict, Invalid, Missing


@dataclass(eq=False)
class LocationNotFound(Missing):
    location: str

    message = "There is no location {location}."


@dataclass(eq=False)
class NeverOpen(Invalid):
    location: str

    message = "{location} works on no day of the week: nothing would ever leave there."


@dataclass(eq=False)
class InsufficientStock(Conflict):
    """Fewer units are free than were asked for; `others` are further SKUs that lack, too."""

    sku: str
    requested: int
    available: int
    location: str = ""
    others: list[dict[str, Any]] = field(default_factory=list)

    message = "{sku}: {requested} requested, {available} available."

    def __str__(self) -> str:
        each_of = [self.facts, *self.others]
        return " ".join(self.message.format_map(each) for each in each_of)


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


@dataclass(eq=False)
class KeptAsStock(Conflict):
    """A SKU with a ledger, or one that is bought, stays what it is."""

    sku: str

    message = "{sku} is, or was, kept as stock or bought: give the kit a SKU of its own."


@dataclass(eq=False)
class NotInBin(Conflict):
    """Fewer units are free in that bin, or of that lot, than were said to be taken there."""

    sku: str
    place: str
    requested: int
    found: int

    message = "{sku}: {requested} asked for, {found} free in {place}."


@dataclass(eq=False)
class BinNotFound(Missing):
    """The bins of the location are known, and this is none of those in use."""

    bin: str
    location: str

    message = "There is no bin {bin} at {location}."


@dataclass(eq=False)
class ZoneNotFound(Missing):
    zone: str
    location: str

    message = "There is no zone {zone} at {location}."


@dataclass(eq=False)
class BinNotEmpty(Conflict):
    bin: str
    units: int

    message = "{units} units lie in {bin}. Move them first."


@dataclass(eq=False)
class BinTaken(Conflict):
    bin: str
    location: str

    message = "There is a bin {bin} at {location} already."


@dataclass(eq=False)
class ZoneTaken(Conflict):
    zone: str
    location: str

    message = "There is a zone {zone} at {location} already."


@dataclass(eq=False)
class SameBin(Invalid):
    bin: str

    message = "They lie in {bin} already. Name another bin."


@dataclass(eq=False)
class LotNotNamed(Conflict):
    """Units of several lots lie there, and the SKU is tracked."""

    sku: str
    lots: list[str]

    message = "{sku}: say which lot, {lots}."


@dataclass(eq=False)
class LotNotFound(Missing):
    sku: str
    lot: str

    message = "There is no lot {lot} of {sku}."


@dataclass(eq=False)
class LotIsHeld(Conflict):
    """A blocked or expired lot: its units are not to be sold."""

    sku: str
    lot: str
    why: str

    message = "{sku}: lot {lot} is {why}. Its units stay held."


@dataclass(eq=False)
class LotAlready(Conflict):
    sku: str
    lot: str
    state: str

    message = "{sku}: lot {lot} is {state} already."


@dataclass(eq=False)
class LotMissing(Invalid):
    """The SKU is tracked: nothing comes in without its lot."""

    sku: str

    message = "{sku}: name the lot or serial number."


@dataclass(eq=False)
class SerialTaken(Conflict):
    """A serial number is one unit, and that unit is on the books already, or came twice."""

    sku: str
    serial: str

    message = "{sku}: there is one unit with the serial number {serial}, and it is here already."


@dataclass(eq=False)
class NotAHold(Invalid):
    state: str

    message = "Units are not held as {state}."
