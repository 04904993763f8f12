from dataclasses import dataclass, field
from datetime import date
from typing import Any

from oms.core.errors import Conflict, Forbidden, Invalid, Missing


@dataclass(eq=False)
class LocationNotFound(Missing):
    location: str

    message = "There is no location {location}."


@dataclass(eq=False)
class CartNotFound(Missing):
    key: str

    message = "There is no cart reservation {key}."


@dataclass(eq=False)
class UnknownCart(Invalid):
    """The order names a cart reservation that its channel never made."""

    reservation: str

    message = "There is no cart reservation {reservation} to take units from."


@dataclass(eq=False)
class CartDiffers(Conflict):
    """The cart is reserved for already, and otherwise: `PUT` changes it."""

    key: str

    message = "The cart {key} is reserved for with other units. Change it instead."


@dataclass(eq=False)
class CartOrdered(Conflict):
    """The cart became an order; its units are that order's."""

    key: str
    order: str

    message = "The cart {key} became order {order}."


@dataclass(eq=False)
class CartEnded(Conflict):
    """Its time is over, or it was given back: nothing is kept for it any more."""

    key: str
    status: str

    message = "Nothing is kept for the cart {key} any more: it is {status}."


@dataclass(eq=False)
class CartsNotTaken(Forbidden):
    """The channel may not keep units for carts."""

    channel: str

    message = "{channel} may not reserve stock for carts."


@dataclass(eq=False)
class CartTooLong(Invalid):
    """Units may not be kept for so long."""

    minutes: int
    most: int

    message = "{minutes} minutes asked for; units of a cart are kept for {most} at most."


@dataclass(eq=False)
class TooManyCarts(Conflict):
    """The channel keeps units for as many carts as it may at one time."""

    channel: str
    most: int

    message = "{channel} has {most} carts reserved for, as many as it may at one time."


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


@dataclass(eq=False)
class SupplierNotFound(Missing):
    supplier: str

    message = "There is no supplier {supplier}."


@dataclass(eq=False)
class ReplenishmentNotFound(Missing):
    number: str

    message = "There is no replenishment order {number}."


@dataclass(eq=False)
class ReplenishmentChanged(Conflict):
    """It is not the version that the caller looked at."""

    number: str

    message = "{number} was changed meanwhile. Look at it again."


@dataclass(eq=False)
class NothingOrdered(Invalid):
    message = "Order at least one unit, or cancel the proposal."


@dataclass(eq=False)
class NotSupplied(Conflict):
    supplier: str
    sku: str

    message = "{supplier} does not supply {sku}."


@dataclass(eq=False)
class NoSupplierAddress(Conflict):
    supplier: str

    message = "{supplier} has no e-mail address."


@dataclass(eq=False)
class NotOnReplenishment(Conflict):
    number: str
    sku: str

    message = "{number} has no line for {sku}."


@dataclass(eq=False)
class TooManyCommitted(Conflict):
    """The days together say more units than are still to come."""

    sku: str
    committed: int
    expected: int

    message = "{sku}: {committed} units are given, {expected} are still to come."


@dataclass(eq=False)
class CommittedInThePast(Invalid):
    sku: str
    expected_on: date

    message = "{sku}: {expected_on} is over. Give a day from today on."


@dataclass(eq=False)
class NothingReceived(Invalid):
    message = "Count at least one unit."


@dataclass(eq=False)
class RejectedWithoutReason(Invalid):
    sku: str

    message = "Say why units of {sku} are not taken in."


@dataclass(eq=False)
class TooManyReceived(Conflict):
    """More units came than were asked for, and nobody confirmed that they are kept."""

    number: str
    sku: str
    received: int
    expected: int

    message = "{sku}: {received} came, {expected} are expected by {number}. Confirm to keep them."


@dataclass(eq=False)
class CountNotFound(Missing):
    number: str

    message = "There is no stock count {number}."


@dataclass(eq=False)
class CountChanged(Conflict):
    """It is not the version that the caller looked at."""

    number: str

    message = "{number} was changed meanwhile. Look at it again."


@dataclass(eq=False)
class NothingToCount(Invalid):
    message = "Name at least one bin or SKU that is kept at this location."


@dataclass(eq=False)
class AlreadyBeingCounted(Conflict):
    """One place is counted in one count at a time."""

    number: str
    sku: str
    place: str

    message = "{sku} in {place} is being counted in {number}."


@dataclass(eq=False)
class NotInCount(Conflict):
    number: str
    place: str

    message = "{number} does not go to {place}."


@dataclass(eq=False)
class AlreadyCounted(Conflict):
    sku: str
    place: str
    who: str

    message = "{sku} in {place} was counted by {who}."


@dataclass(eq=False)
class RecountByAnother(Conflict):
    """A second count is worth something only if another person does it."""

    sku: str
    place: str

    message = "{sku} in {place} is counted again by somebody else."


@dataclass(eq=False)
class BinsNotCounted(Conflict):
    number: str
    bins: list[str]

    message = "Not done yet in {number}: {bins}."


@dataclass(eq=False)
class CountedUnitsArePromised(Conflict):
    """What was not found is promised; the documents that claim it are named."""

    sku: str
    location: str
    missing: int
    available: int
    references: list[str]

    message = (
        "{sku} at {location}: {missing} units were not found, {available} are free. "
        "Promised to {references}."
    )


@dataclass(eq=False)
class CorrectedSince(Conflict):
    """The books were corrected there after the count: its difference would count twice."""

    sku: str
    place: str

    message = "{sku} in {place} was corrected since it was counted. Ask for a recount."


@dataclass(eq=False)
class NothingToRecount(Conflict):
    number: str

    message = "{number} has no differences."


@dataclass(eq=False)
class NeedsSecondPerson(Conflict):
    """The correction is worth more than one person may decide."""

    value: str
    currency: str
    limit: str

    message = (
        "This is worth {value} {currency}; above {limit} {currency} a second person approves it. "
        "Ask for it in the staff pages."
    )


@dataclass(eq=False)
class WaitsForSecondPerson(Conflict):
    number: str
    request: str

    message = "{number} waits for a second person: {request}."


@dataclass(eq=False)
class AdjustmentRequestNotFound(Missing):
    number: str

    message = "There is no adjustment request {number}."


@dataclass(eq=False)
class NotYourOwn(Forbidden):
    number: str

    message = "{number} is decided by somebody other than who asked for it."


@dataclass(eq=False)
class TransferNotFound(Missing):
    number: str

    message = "There is no transfer {number}."


@dataclass(eq=False)
class TransferChanged(Conflict):
    """It is not the version that the caller looked at."""

    number: str

    message = "{number} was changed meanwhile. Look at it again."


@dataclass(eq=False)
class SameLocation(Invalid):
    location: str

    message = "Units are at {location} already. Name another location."


@dataclass(eq=False)
class NothingToTransfer(Invalid):
    message = "Name at least one unit to send."


@dataclass(eq=False)
class NotOnTransfer(Conflict):
    number: str
    sku: str

    message = "{number} has no line for {sku}."


@dataclass(eq=False)
class LotNotAsked(Conflict):
    """The transfer asks for one lot of the SKU, and another was named."""

    sku: str
    lot: str
    asked: str

    message = "{sku}: lot {asked} is asked for, not {lot}."


@dataclass(eq=False)
class TooManyShipped(Conflict):
    number: str
    sku: str
    shipped: int
    left: int

    message = "{sku}: {shipped} given, {left} of {number} are still to be sent."
