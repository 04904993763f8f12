"""Refusals about what suppliers are asked for, and what comes."""

from dataclasses import dataclass
from datetime import date

from oms.core.errors import Conflict, Invalid, Missing


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
