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
class RepeatNotFound(Missing):
    number: str

    message = "{number} did not come again like that."


@dataclass(eq=False)
class NothingToEdit(Conflict):
    """What came again differs in what no change of an order takes over."""

    number: str

    message = "{number}: nothing that differs can be changed. Settle it with the channel."


@dataclass(eq=False)
class OrdersInvalid(Invalid):
    """Orders sent together, all or none: some say what cannot be, and none was placed."""

    refused: int
    results: list[dict[str, Any]]

    message = "Nothing was placed: {refused} of the orders cannot be read. `results` says which."


@dataclass(eq=False)
class OrdersRefused(Conflict):
    """Orders sent together, all or none: some were refused, and none was placed."""

    refused: int
    results: list[dict[str, Any]]

    message = "Nothing was placed: {refused} of the orders were refused. `results` says which."


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


@dataclass(eq=False)
class WhichLine(Invalid):
    """Several lines of the order have this SKU; `line` says which is meant."""

    number: str
    sku: str
    lines: list[int]

    message = "{number} has several lines for {sku}: say which one, {lines}."


@dataclass(eq=False)
class NothingChanges(Conflict):
    number: str

    message = "{number} is like that already: nothing would change."


@dataclass(eq=False)
class NothingWouldBeLeft(Conflict):
    """A change that takes every unit off an order is a cancellation."""

    number: str

    message = "Nothing of {number} would be left. Cancel it instead."


@dataclass(eq=False)
class TooLateToReduce(Conflict):
    """Units in a box, or gone, stay what they are."""

    number: str
    sku: str
    requested: int
    least: int

    message = (
        "{number}: {requested} of {sku} is not possible any more: {least} are packed or shipped. "
        "Unpack them first, or let them come back as a return."
    )


@dataclass(eq=False)
class TooLateToRedirect(Conflict):
    """A box is packed for the old address."""

    number: str
    packed: list[str]

    message = (
        "{number}: units are packed for the old address already: {packed}. Unpack them first, or "
        "change the address when they have left."
    )


@dataclass(eq=False)
class NothingLeftToSend(Conflict):
    number: str

    message = "Everything of {number} has left: there is nothing to send elsewhere."


@dataclass(eq=False)
class PickupStays(Conflict):
    """The work lies where it is collected: neither its address nor the way it goes can change."""

    number: str

    message = "{number} is, or would be, collected by its customer: place a new order instead."


@dataclass(eq=False)
class LineHasLeft(Conflict):
    """Units were shipped at the price that was agreed."""

    number: str
    sku: str
    shipped: int

    message = "{number}: {shipped} of {sku} have left at this price. Refund the difference instead."


@dataclass(eq=False)
class LineHasReturns(Conflict):
    """Units of the line came back, or are about to: what they are worth is settled."""

    number: str
    sku: str

    message = "{number}: units of {sku} were sent back. Add a line of its own instead."


@dataclass(eq=False)
class ChangeStopped(Conflict):
    """A hold keeps the order as it is."""

    number: str
    kind: str

    message = "{number} has a {kind} hold: nothing about it changes until that is released."


@dataclass(eq=False)
class ChangeNotFound(Missing):
    number: str

    message = "There is no order change {number}."


@dataclass(eq=False)
class OrderMovedOn(Conflict):
    """The order is not what the preview was about; `preview` is what would happen now."""

    number: str
    change: str
    version: int
    since: list[dict[str, Any]] = field(default_factory=list)
    preview: dict[str, Any] = field(default_factory=dict)

    message = "{number} has changed since {change} was previewed. Look at it once more."


@dataclass(eq=False)
class SubscriptionNotFound(Missing):
    number: str

    message = "There is no subscription {number}."


@dataclass(eq=False)
class SubscriptionExists(Conflict):
    """The channel asked for a subscription under an id that one has already."""

    external_id: str
    number: str

    message = "{external_id} is subscription {number} already."


@dataclass(eq=False)
class ScheduleInvalid(Invalid):
    """Deliveries cannot fall due as asked for."""

    pointer: str
    reason: str

    message = "{pointer}: {reason}."


@dataclass(eq=False)
class PriceNeeded(Invalid):
    """Neither the caller nor the catalog says what a unit costs in this currency."""

    sku: str
    currency: str

    message = "The catalog has no {currency} price for {sku}: give one."


@dataclass(eq=False)
class TooLateToChange(Conflict):
    """The next delivery is fixed already: what is asked for applies to those after it."""

    number: str
    delivery: str
    until: str
    until_at: str

    message = "{number}: the delivery of {delivery} could be changed until {until}."


@dataclass(eq=False)
class NothingAhead(Conflict):
    number: str

    message = "{number} has no delivery ahead."


@dataclass(eq=False)
class NotSkipped(Conflict):
    """There is no skipped delivery that could still be had."""

    number: str

    message = "{number} has no skipped delivery that can still be had."


@dataclass(eq=False)
class NothingToCharge(Conflict):
    """No payment of this subscription failed, or one is on its way."""

    number: str

    message = "{number} has no failed payment to try again."


@dataclass(eq=False)
class PaymentExceedsDue(Conflict):
    """More was to be recorded than the order still costs."""

    number: str
    amount: str
    due: str
    currency: str

    message = "{number}: {amount} {currency} recorded, {due} is still due."


@dataclass(eq=False)
class PartOfKit(Conflict):
    """A component of a kit is changed with its kit; alone it can be cancelled or sent back."""

    number: str
    sku: str
    kit: str

    message = "{sku} in {number} is part of {kit}: change {kit}, or cancel {sku}."


@dataclass(eq=False)
class KitNotWhole(Conflict):
    """Some components of a kit were cancelled by themselves, so that kits cannot be counted."""

    number: str
    kit: str

    message = "Parts of {kit} in {number} were cancelled by themselves: cancel the rest instead."


@dataclass(eq=False)
class TooManyLines(Invalid):
    """The kits of an order hold more lines than an order can have."""

    lines: int
    most: int

    message = "With the components of its kits the order has {lines} lines; {most} are the most."


@dataclass(eq=False)
class AskedForByOrders(Conflict):
    """A SKU stays what it is, kit or not, while open orders ask for it."""

    sku: str
    orders: list[str]

    message = "Open orders ask for {sku}: {orders}."


@dataclass(eq=False)
class ChannelOrderNotFound(Missing):
    """No channel has said anything of an order under this id."""

    external_id: str

    message = "No channel has told of an order {external_id}."


@dataclass(eq=False)
class UnitsNotSent(Conflict):
    """A channel says that units left, and no floor above knows how."""

    number: str

    message = "{number}: what left in the channel could not be put into our books."


@dataclass(eq=False)
class SkuStillUnknown(Conflict):
    """Nothing can be allocated for lines of which nobody knows what they are."""

    number: str
    lines: int

    message = "{number}: {lines} lines are not matched with a SKU yet. Match them first."


@dataclass(eq=False)
class NothingToAccept(Conflict):
    """Our order is not behind its channel in this any more."""

    external_id: str
    key: str

    message = "{external_id} is not behind in {key} any more."


@dataclass(eq=False)
class NothingNamed(Invalid):
    """A SKU is matched with either a listing or a code of the channel."""

    message = "Name either the listing or the code of the channel."
