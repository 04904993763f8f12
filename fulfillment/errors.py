from dataclasses import dataclass

from oms.core.errors import Conflict, Invalid, Missing


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
