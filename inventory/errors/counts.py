"""Refusals about counts and corrections."""

from dataclasses import dataclass

from oms.core.errors import Conflict, Forbidden, Invalid, Missing


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
