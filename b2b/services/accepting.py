"""Answering a purchase order: what of it we supply, placed as an order once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

from b2b.errors import (
    AmountNotFitting,
    CompanyInactive,
    NoLines,
    PurchaseOrderNotFound,
    PurchaseOrderOpenIssues,
    TooManyAccepted,
    UnknownPosition,
)
from b2b.events import PurchaseOrderAccepted
from b2b.models import Company, PurchaseOrder, PurchaseOrderLine
from b2b.rules.progress import Work, purchase_progress
from b2b.selectors import default_address, lines_of_purchase_order
from b2b.services.companies import CHANNEL
from b2b.services.follow_up import follow_soon
from b2b.services.wishes import LineAnswer
from b2b.states import PURCHASE_ORDER, AddressKind, Decision, Issue
from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.money import ZERO, text
from oms.core.services import batch_service
from oms.customers.services import CustomerDetails
from orders import services as orders
from orders.rules.wanted import NewLine, NewOrder

END_OF_DAY = time(17)


@dataclass
class Answered:
    """A line with our answer to it, before anything is written."""

    line: PurchaseOrderLine
    quantity: int
    unit_price: Decimal


@batch_service
def accept_purchase_order(
    *, number: str, by: Actor, at: datetime, answers: Sequence[LineAnswer] = ()
) -> PurchaseOrder:
    """Supply a purchase order: whole and at its prices, or as `answers` say line by line.

    It is placed as one order, once. Units that no answer leaves are rejected with its reason.
    Over the company's credit limit the order is placed all the same, and held.

    Raises: PurchaseOrderNotFound, UnknownPosition, TooManyAccepted, AmountNotFitting, NoLines,
        PurchaseOrderOpenIssues, CompanyInactive, TransitionNotAllowed, AmountDoesNotFit, Busy.
    Locks: PurchaseOrder, CreditAccount, StockLevel.
    Publishes: PurchaseOrderAccepted, OrderPlaced, OrderHeld.
    """
    document = locked_purchase_order(number)
    return accept(document, answers, by, at)


def locked_purchase_order(number: str) -> PurchaseOrder:
    """Lock a purchase order and return it fresh, with its company and buyer.

    Raises: PurchaseOrderNotFound.
    Locks: PurchaseOrder.
    """
    found = PurchaseOrder.objects.select_related("company__price_list", "buyer__user")
    return lock_one(found.filter(number=number), missing=PurchaseOrderNotFound(number=number))


def accept(
    document: PurchaseOrder, answers: Sequence[LineAnswer], by: Actor, at: datetime
) -> PurchaseOrder:
    """Accept a purchase order that the caller has locked (see `accept_purchase_order`)."""
    PURCHASE_ORDER.after("accept", document.status)
    if not document.company.is_active:
        raise CompanyInactive(company=document.company.code)
    lines = lines_of_purchase_order(document)
    answered = _answered(document, lines, answers)
    _refuse_unsettled(document, answered)
    taken = [each for each in answered if each.quantity]
    if not taken:
        raise NoLines

    placed = orders.place_order(
        wanted=as_order(document, taken, at), channel=b2b_channel(), by=by, at=at
    )
    document.order = placed.order
    begun = Work(has_begun=False, shipments=0, invoices=0, open_amount=ZERO)
    document.status = purchase_progress(placed.lines, begun)
    document.decided_by, document.decided_at = str(by), at
    document.issues = []
    document.version += 1
    document.save(
        update_fields=["order", "status", "decided_by", "decided_at", "issues", "version"]
    )
    PurchaseOrderLine.objects.bulk_update(
        [each.line for each in answered],
        ["accepted_quantity", "unit_price", "decision", "decision_reason", "expected_on"],
    )
    publish(
        PurchaseOrderAccepted(
            thread=placed.order.number,
            subject=document.number,
            by=by,
            at=at,
            company=document.company.code,
            po_number=document.po_number,
            order=placed.order.number,
            total=text(placed.order.total_amount, document.currency),
            currency=document.currency,
            rejected=_rejected(answered),
        )
    )
    follow_soon(order=placed.order.number, at=at)
    return document


def _answered(
    document: PurchaseOrder, lines: Sequence[PurchaseOrderLine], answers: Sequence[LineAnswer]
) -> list[Answered]:
    """Put each answer to its line; a line without one is accepted as it stands."""
    by_position = {line.position: line for line in lines}
    said: dict[int, LineAnswer] = {}
    for nth, answer in enumerate(answers):
        line = by_position.get(answer.position)
        if line is None:
            raise UnknownPosition(pointer=f"/lines/{nth}/position", position=answer.position)
        if answer.quantity is not None and not 0 <= answer.quantity <= line.quantity:
            raise TooManyAccepted(
                pointer=f"/lines/{nth}/quantity", sku=line.sku_code, offered=line.quantity
            )
        if answer.unit_price is not None and answer.unit_price < 0:
            raise AmountNotFitting(
                pointer=f"/lines/{nth}/unit_price", reason="a price is not less than nothing"
            )
        said[answer.position] = answer
    return [_decided(line, said.get(line.position)) for line in lines]


def _decided(line: PurchaseOrderLine, answer: LineAnswer | None) -> Answered:
    """Write the answer on its line, in memory."""
    quantity, price = line.quantity, line.unit_price
    if answer is not None:
        quantity = line.quantity if answer.quantity is None else answer.quantity
        price = line.unit_price if answer.unit_price is None else answer.unit_price
        line.expected_on = answer.expected_on
        line.decision_reason = answer.reason
    if not quantity:
        line.decision = Decision.REJECT
    elif quantity != line.quantity or price != line.unit_price:
        line.decision = Decision.CHANGE
    else:
        later = line.expected_on is not None and (
            line.requested_on is None or line.expected_on > line.requested_on
        )
        line.decision = Decision.BACKORDER if later else Decision.ACCEPT
    line.accepted_quantity = quantity
    line.unit_price = price
    return Answered(line, quantity, price)


def _refuse_unsettled(document: PurchaseOrder, answered: Sequence[Answered]) -> None:
    """Nothing is placed that we cannot name, or that has no price."""
    taken = [each.line for each in answered if each.quantity]
    standing = []
    if any(line.sku_id is None for line in taken):
        standing.append(Issue.UNKNOWN_SKU)
    unpriced = [each for each in taken if each.contract_price is None and not each.unit_price]
    if unpriced and Issue.NO_PRICE in document.issues:
        standing.append(Issue.NO_PRICE)
    if Issue.UNKNOWN_PARTNER in document.issues:
        standing.append(Issue.UNKNOWN_PARTNER)
    if standing:
        raise PurchaseOrderOpenIssues(
            number=document.number, issues=[str(issue.value) for issue in standing]
        )


def _rejected(answered: Sequence[Answered]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in answered:
        if left := each.line.quantity - each.quantity:
            found[each.line.sku_code] = found.get(each.line.sku_code, 0) + left
    return found


def as_order(document: PurchaseOrder, taken: Sequence[Answered], at: datetime) -> NewOrder:
    """Return the order by which these lines of a purchase order are supplied."""
    company = document.company
    return NewOrder(
        external_id=document.number,
        placed_at=at,
        currency=document.currency,
        customer=CustomerDetails(
            name=company.name,
            external_id=company.code,
            email=company.email,
            phone=company.phone,
            language=company.language,
        ),
        ship_to=document.ship_to,
        bill_to=default_address(company, AddressKind.BILL),
        lines=tuple(
            NewLine(
                sku=each.line.sku_code,
                quantity=each.quantity,
                unit_price=each.unit_price,
                external_id=str(each.line.position),
                ship_to=each.line.ship_to,
            )
            for each in taken
        ),
        deliver_by=_deliver_by(document, at),
        notes=document.note,
        metadata=_metadata(document, company),
        silent=True,
    )


def _deliver_by(document: PurchaseOrder, at: datetime) -> datetime | None:
    """The end of the day that was asked for, unless it is over."""
    if document.requested_on is None:
        return None
    wanted = datetime.combine(document.requested_on, END_OF_DAY, UTC)
    return wanted if wanted > at else None


def _metadata(document: PurchaseOrder, company: Company) -> dict[str, str]:
    return {
        "company": company.code,
        "purchase_order": document.number,
        "po_number": document.po_number,
    }


def b2b_channel() -> ChannelPrincipal:
    """Return the channel that purchase orders come in by, made when it is first needed."""
    channel, _ = Channel.objects.get_or_create(
        slug=CHANNEL, defaults={"name": "Business customers"}
    )
    return channel.confirmed
