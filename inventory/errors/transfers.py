"""Refusals about units on their way between locations."""

from dataclasses import dataclass

from oms.core.errors import Conflict, Invalid, Missing


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
