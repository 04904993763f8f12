"""The facts this app makes known. Each is about one return, in the story of its order."""

from dataclasses import dataclass

from oms.core.events import Event, passing


@dataclass(frozen=True, kw_only=True)
class ReturnRequested(Event):
    """Someone wants to send units back: how many, by SKU, and what for."""

    name = "return.requested"
    units: dict[str, int]
    resolution: str
    reasons: list[str]
    is_followed: bool = passing(default=False)


@dataclass(frozen=True, kw_only=True)
class ReturnApproved(Event):
    """The units may come back, to this location."""

    name = "return.approved"
    location: str
    is_followed: bool = passing(default=False)


@dataclass(frozen=True, kw_only=True)
class ReturnDeclined(Event):
    name = "return.declined"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReturnCancelled(Event):
    """The units stay with the customer after all."""

    name = "return.cancelled"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReturnReceived(Event):
    """Units arrived, by SKU; `complete` when all that were announced are here."""

    name = "return.received"
    location: str
    units: dict[str, int]
    complete: bool


@dataclass(frozen=True, kw_only=True)
class ReturnInspected(Event):
    """Units were graded: `{sku, quantity, condition, disposition}` each."""

    name = "return.inspected"
    grades: list[dict[str, str | int]]
    complete: bool


@dataclass(frozen=True, kw_only=True)
class ReturnSettled(Event):
    """It is decided what goes back for the units that were received."""

    name = "return.settled"
    amount: str
    currency: str
    units: dict[str, int]
    is_followed: bool = passing(default=False)
