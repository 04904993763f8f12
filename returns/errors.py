from dataclasses import dataclass

from oms.core.errors import Conflict, Invalid, Missing


@dataclass(eq=False)
class ReturnNotFound(Missing):
    number: str

    message = "There is no return {number}."


@dataclass(eq=False)
class ResolutionNotOffered(Invalid):
    resolution: str
    offered: list[str]

    message = "A return cannot be settled by {resolution} here. Offered are {offered}."


@dataclass(eq=False)
class NothingChosen(Invalid):
    message = "Name at least one unit."


@dataclass(eq=False)
class NotReturnable(Conflict):
    """More units would come back than left, or than no other return speaks of."""

    number: str
    sku: str
    requested: int
    returnable: int

    message = "{number}: {requested} of {sku} cannot be returned, {returnable} can."


@dataclass(eq=False)
class NotInReturn(Invalid):
    number: str
    sku: str

    message = "{number} does not speak of {sku}."


@dataclass(eq=False)
class TooManyReturned(Conflict):
    """More units arrived than the return speaks of."""

    number: str
    sku: str
    requested: int
    expected: int

    message = "{number}: {requested} of {sku} arrived, but only {expected} are expected."


@dataclass(eq=False)
class TooManyInspected(Conflict):
    """More units would be graded than were received."""

    number: str
    sku: str
    requested: int
    received: int

    message = "{number}: {requested} of {sku} cannot be graded, {received} came back."


@dataclass(eq=False)
class ReceivedElsewhere(Conflict):
    """All units of one return come back to one location."""

    number: str
    location: str

    message = "Units of {number} were received at {location} before."


@dataclass(eq=False)
class ReturnChanged(Conflict):
    """Someone else changed the return since the caller looked at it."""

    number: str

    message = "{number} was changed by someone else meanwhile. Look at it again."


@dataclass(eq=False)
class SettlementChanged(Conflict):
    """The caller agreed to an amount that is no longer what would go back."""

    number: str
    expected: str
    actual: str
    currency: str

    message = "{number}: {actual} {currency} would go back by now, not {expected}."
