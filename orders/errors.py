from dataclasses import dataclass, field
from typing import Any

from oms.core.errors import Conflict, Invalid, Missing


@dataclass(eq=False)
class OrderNotFound(Missing):
    number: str

    message = "There is no order {number}."


@dataclass(eq=False)
class LineNotFound(Missing):
    number: str
    sku: str

    message = "{number} has no line for {sku}."


@dataclass(eq=False)
class AmountDoesNotFit(Invalid):
    """An amount has more decimals than its currency, or a line or order adds up to less than 0."""

    pointer: str
    amount: str
    currency: str
    reason: str

    message = "{pointer}: {amount} {currency} {reason}."


@dataclass(eq=False)
class DuplicateOrderDiffers(Conflict):
    """The channel sent an order it had sent before, with other content."""

    external_id: str
    number: str
    differences: list[dict[str, Any]] = field(default_factory=list)

    message = "{external_id} was placed before as {number}, with other content."


@dataclass(eq=False)
class NothingToCancel(Conflict):
    number: str

    message = "Nothing of {number} is left to cancel: it has been packed, shipped or cancelled."


@dataclass(eq=False)
class TooManyToCancel(Conflict):
    number: str
    sku: str
    requested: int
    cancellable: int

    message = "{number}: {requested} of {sku} cannot be cancelled any more, {cancellable} can."


@dataclass(eq=False)
class AlreadyHeld(Conflict):
    number: str
    kind: str

    message = "{number} has a {kind} hold already."


@dataclass(eq=False)
class NotHeld(Conflict):
    number: str
    kind: str

    message = "{number} has no {kind} hold."


@dataclass(eq=False)
class UnknownHold(Invalid):
    kind: str
    known: list[str]

    message = "{kind} is no kind of hold. Known are {known}."


@dataclass(eq=False)
class RefundExceedsPayment(Conflict):
    """More would go back than was captured and not refunded yet."""

    number: str
    requested: str
    refundable: str
    currency: str

    message = "{number}: {requested} {currency} asked back, {refundable} can still be refunded."


@dataclass(eq=False)
class RefundedAmountChanged(Conflict):
    """Someone else refunded meanwhile; the caller decided on an older figure."""

    number: str
    expected: str
    actual: str

    message = "{number}: {actual} is refunded by now, not {expected}."


@dataclass(eq=False)
class RefundNotFound(Missing):
    number: str

    message = "There is no refund {number}."


@dataclass(eq=False)
class UnitsDoNotAddUp(Conflict):
    """A report of progress would move more units than there are."""

    number: str
    sku: str

    message = "{number}: more units of {sku} would move than there are."


@dataclass(eq=False)
class RefundNotRejected(Conflict):
    """Only what a gateway rejected is granted once more, and once."""

    number: str

    message = "{number} was not rejected, or was granted again already."
