from dataclasses import dataclass

from oms.core.errors import Conflict, Invalid, Missing, Unavailable


@dataclass(eq=False)
class FulfillmentOrderNotFound(Missing):
    number: str

    message = "There is no fulfillment order {number}."


@dataclass(eq=False)
class OnHold(Conflict):
    """A hold on the order stops this step."""

    number: str
    step: str
    stops: list[str]

    message = "{number} is on hold: no {step} until the hold is released."


@dataclass(eq=False)
class UnknownLine(Invalid):
    number: str
    sku: str

    message = "{number} has no line for {sku}."


@dataclass(eq=False)
class TooManyUnits(Conflict):
    """More units were counted than are left to do."""

    number: str
    sku: str
    requested: int
    left: int

    message = "{number}: {requested} of {sku}, but only {left} left to do."


@dataclass(eq=False)
class ReasonNeeded(Invalid):
    """Fewer units were found than asked for, and nobody said why."""

    number: str
    missing: dict[str, int]
    known: list[str]

    message = "{number}: fewer units than asked for need a reason, such as {known}."


@dataclass(eq=False)
class AlreadyShipped(Conflict):
    """Someone was faster."""

    number: str
    shipment: str
    shipped_by: str
    shipped_at: str

    message = "{number} was shipped as {shipment} by {shipped_by}."


@dataclass(eq=False)
class TrackingNumberTaken(Conflict):
    carrier: str
    tracking_number: str
    shipment: str

    message = "{tracking_number} is the tracking number of {shipment} already."


@dataclass(eq=False)
class ShipmentNotFound(Missing):
    number: str

    message = "There is no shipment {number}."


@dataclass(eq=False)
class UnknownTrackingStatus(Invalid):
    said: str
    known: list[str]

    message = "{said} is no tracking status. Known are {known}."


@dataclass(eq=False)
class AlreadyOnHold(Conflict):
    number: str
    reason: str

    message = "{number} is on hold already: {reason}."


@dataclass(eq=False)
class NotOnHold(Conflict):
    number: str

    message = "{number} itself is not on hold."


@dataclass(eq=False)
class WorkHasBegun(Conflict):
    """Units were picked; only work that nobody has begun may be moved or split."""

    number: str
    picked: int

    message = "{number}: {picked} units are picked already."


@dataclass(eq=False)
class NothingToSplit(Conflict):
    number: str

    message = "{number}: a split leaves at least one unit in each part."


@dataclass(eq=False)
class NothingToReject(Invalid):
    number: str

    message = "{number}: name at least one unit that is not served from here."


@dataclass(eq=False)
class NotTheSame(Conflict):
    """Only work for one order, at one location, to one address and by one service is merged."""

    number: str
    other: str
    differs: str

    message = "{number} and {other} are not merged: their {differs} is not the same."


@dataclass(eq=False)
class SlipBeingMade(Unavailable):
    number: str

    retry_after = 3
    message = "The packing slip of {number} is being made. Ask again in a moment."


@dataclass(eq=False)
class ServiceNotFound(Missing):
    service: str

    message = "There is no service {service}."


@dataclass(eq=False)
class RateNotFound(Missing):
    service: str

    message = "{service} has no such rate any more."


@dataclass(eq=False)
class NoServiceTakesIt(Conflict):
    """No service carries this from here to there; a person has to find one."""

    number: str
    country: str

    message = "No service takes {number} to {country}: name a carrier and a tracking number."


@dataclass(eq=False)
class UnknownService(Invalid):
    """A carrier or service was named that does not take this, and no tracking number given."""

    number: str
    named: str
    known: list[str]

    message = "{named} does not take {number}. Give a tracking number, or name one of {known}."


@dataclass(eq=False)
class ServiceSwitchedOff(Conflict):
    number: str
    service: str

    message = "{service} is switched off: choose another service for {number}."


@dataclass(eq=False)
class UnknownPickupLocation(Invalid):
    """Goods can be collected only at a location that serves orders."""

    location: str

    message = "There is no location {location} to collect at: name one in pickup_location."


@dataclass(eq=False)
class CollectedHere(Conflict):
    """The customer comes for it: it does not leave with a carrier, nor from elsewhere."""

    number: str
    location: str

    message = "{number} is collected at {location} by the customer: hand it over there."


@dataclass(eq=False)
class NotCollected(Conflict):
    """Work that goes out with a carrier is not given over the counter."""

    number: str

    message = "{number} goes out with a carrier: nobody collects it."


@dataclass(eq=False)
class WrongPickupCode(Conflict):
    number: str

    message = "This is not the code of {number}. Ask the customer for the letter with the code."


@dataclass(eq=False)
class ProofNeeded(Invalid):
    """Without the code somebody has to say how they knew the customer."""

    number: str

    message = "Enter the code of {number}, or say how you know that it is theirs."


@dataclass(eq=False)
class ReallocationNotFound(Missing):
    number: str

    message = "There is no reallocation {number}."


@dataclass(eq=False)
class AlreadyUndone(Conflict):
    number: str

    message = "{number} is undone already."


@dataclass(eq=False)
class SameOrder(Invalid):
    """Units are moved between two orders."""

    number: str

    message = "{number} has these units already: name another order."


@dataclass(eq=False)
class NothingToGive(Conflict):
    """Only units that nobody has picked go to another order."""

    number: str
    sku: str
    requested: int
    available: int

    message = "{number} has {available} of {sku} that nobody picked yet: {requested} asked for."


@dataclass(eq=False)
class NobodyWaits(Conflict):
    """An order takes no more than it waits for at one address."""

    number: str
    sku: str
    requested: int
    waiting: int

    message = "{number} waits for {waiting} of {sku}: {requested} are too many."


@dataclass(eq=False)
class HeldBack(Conflict):
    """A hold keeps the order from getting units."""

    number: str
    holds: list[str]

    message = "{number} is held: {holds}. Release it first."


@dataclass(eq=False)
class OutOfReach(Conflict):
    """The order is collected elsewhere, or no service goes to its address from there."""

    number: str
    location: str

    message = "{number} cannot be served from {location}."


@dataclass(eq=False)
class UnitsNotHere(Conflict):
    """A channel says that units left which are not allocated anywhere here."""

    number: str
    sku: str
    units: int
    sent: int

    message = (
        "{number}: {sent} of {sku} left in the channel, and {units} of them are not allocated here."
    )


@dataclass(eq=False)
class BadRules(Invalid):
    """A rule book that cannot be followed; `problems` name each place and what is wrong there."""

    problems: list[str]

    message = "The rules cannot be followed. {problems}"
