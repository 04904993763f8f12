from dataclasses import dataclass

from oms.core.errors import Conflict, Forbidden, Invalid, Missing, Unavailable


@dataclass(eq=False)
class CompanyNotFound(Missing):
    company: str

    message = "There is no company {company}."


@dataclass(eq=False)
class CompanyExists(Conflict):
    company: str

    message = "There is a company {company} already."


@dataclass(eq=False)
class CompanyInactive(Conflict):
    company: str

    message = "{company} is switched off: it cannot order."


@dataclass(eq=False)
class CurrencyFixed(Conflict):
    """What a company owes is kept in one currency."""

    company: str
    currency: str

    message = "{company} has documents in {currency}; its currency stays."


@dataclass(eq=False)
class AlreadyBuyer(Conflict):
    """A person buys for one company."""

    user: str
    company: str

    message = "{user} buys for {company} already."


@dataclass(eq=False)
class SignInKnown(Conflict):
    """Somebody signs in with this e-mail address already."""

    email: str

    message = "{email} has a sign-in already. Write to us, and we let that person buy for you."


@dataclass(eq=False)
class NoSuchUser(Invalid):
    user: str

    message = "There is no user {user}."


@dataclass(eq=False)
class NotASalesRep(Invalid):
    user: str
    pointer: str = "/sales_rep"

    message = "{user} is not a sales rep."


@dataclass(eq=False)
class PriceListNotFound(Missing):
    price_list: str

    message = "There is no price list {price_list}."


@dataclass(eq=False)
class NoPrice(Invalid):
    """Neither a price list nor the catalog has a price in the company's currency."""

    pointer: str
    sku: str
    currency: str

    message = "{pointer}: there is no price for {sku} in {currency}."


@dataclass(eq=False)
class NoLines(Invalid):
    message = "Name at least one SKU."


@dataclass(eq=False)
class NoAddress(Invalid):
    """Neither the document nor the company says where the goods go."""

    company: str

    message = "{company} has no address to ship to: give one."


@dataclass(eq=False)
class AmountNotFitting(Invalid):
    pointer: str
    reason: str

    message = "{pointer}: {reason}."


@dataclass(eq=False)
class RequestNotFound(Missing):
    number: str

    message = "There is no quote request {number}."


@dataclass(eq=False)
class QuoteNotFound(Missing):
    number: str

    message = "There is no quote {number}."


@dataclass(eq=False)
class QuoteVersionPassed(Conflict):
    """The caller speaks of a version that is not the newest."""

    number: str
    version: int
    newest: int

    message = "{number}: version {version} is no longer on offer, version {newest} is."


@dataclass(eq=False)
class QuoteExpiredAlready(Conflict):
    number: str
    valid_until: str

    message = "{number} was valid until {valid_until}. Ask for a new version."


@dataclass(eq=False)
class TooManyAccepted(Invalid):
    """More units would be accepted than were offered."""

    pointer: str
    sku: str
    offered: int

    message = "{pointer}: {offered} of {sku} are offered."


@dataclass(eq=False)
class PurchaseOrderNotFound(Missing):
    number: str

    message = "There is no purchase order {number}."


@dataclass(eq=False)
class PurchaseOrderKnown(Conflict):
    """A company uses a number of its own once."""

    po_number: str
    number: str

    message = "Purchase order {po_number} of this company is known already, as {number}."


@dataclass(eq=False)
class OwnApproval(Forbidden):
    """Whoever asked for it cannot approve it."""

    number: str

    message = "{number} was submitted by you: someone else has to approve it."


@dataclass(eq=False)
class PurchaseOrderOpenIssues(Conflict):
    """It cannot be accepted while these are not settled."""

    number: str
    issues: list[str]

    message = "{number} cannot be accepted yet: {issues}."


@dataclass(eq=False)
class UnknownPosition(Invalid):
    pointer: str
    position: int

    message = "{pointer}: there is no line {position}."


@dataclass(eq=False)
class CreditLimitExceeded(Conflict):
    """The order does not fit under the company's credit limit."""

    company: str
    amount: str
    room: str
    currency: str

    message = "{company}: {amount} {currency} do not fit, {room} are left of the credit limit."


@dataclass(eq=False)
class NoCreditHold(Conflict):
    number: str

    message = "{number} is not held for credit."


@dataclass(eq=False)
class InvoiceNotFound(Missing):
    number: str

    message = "There is no invoice {number}."


@dataclass(eq=False)
class PaymentTooLarge(Conflict):
    number: str
    amount: str
    open: str
    currency: str

    message = "{number}: {amount} {currency} paid, but only {open} are open."


@dataclass(eq=False)
class PaymentDiffers(Conflict):
    """The company's payment with this reference is known, with another amount or invoice."""

    reference: str
    invoice: str
    amount: str

    message = "Payment {reference} is known already: {amount} on {invoice}."


@dataclass(eq=False)
class NotYours(Forbidden):
    """A key or person that may look may not do this."""

    verb: str

    message = "You may not {verb}."


@dataclass(eq=False)
class PurchaseOrderChanged(Conflict):
    """Someone else changed it since the caller looked."""

    number: str

    message = "{number} was changed by someone else meanwhile. Look at it again."


@dataclass(eq=False)
class ShipmentNotInvoiced(Missing):
    """The shipment does not exist, or belongs to no purchase order."""

    shipment: str

    message = "{shipment} is no shipment of a purchase order."


@dataclass(eq=False)
class DocumentNotReady(Unavailable):
    """Its PDF is still being made."""

    number: str

    message = "The document of {number} is not made yet. Ask again in a moment."
