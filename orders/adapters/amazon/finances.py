"""Finances: money that Amazon gave back to buyers on the seller's account."""

from decimal import Decimal

from oms.core.money import ZERO, rounded
from orders.adapters.amounts import amount, currency
from orders.adapters.fields import Document, moment, objects, part, text
from orders.adapters.messages import Unreadable
from orders.adapters.parts import Reading, Refund, Report

GIVEN_BACK = {
    "RefundEventList": "Refund",
    "GuaranteeClaimEventList": "A-to-z Guarantee claim",
    "ChargebackEventList": "Chargeback",
}
NOT_THE_BUYERS = ("fee", "commission", "withheld", "amazonfees", "tax withheld", "reserve")


def read_events(events: Document) -> Reading:
    """Read financial events of v0: those that gave money back become refunds.

    Raises: Unreadable.
    """
    reports = [
        report
        for name, reason in GIVEN_BACK.items()
        for event in objects(events, name)
        if (report := _event(event, reason)) is not None
    ]
    return Reading(tuple(reports), ignored="Nothing in it gave money back for an order.")


def _event(event: Document, reason: str) -> Report | None:
    number = text(event, "AmazonOrderId")
    items = [*objects(event, "ShipmentItemAdjustmentList"), *objects(event, "ShipmentItemList")]
    adjusted = [each for item in items for each in objects(item, "ItemChargeAdjustmentList")]
    adjusted += [each for item in items for each in objects(item, "PromotionAdjustmentList")]
    adjusted += objects(event, "OrderChargeAdjustmentList")
    amounts = [
        found
        for each in adjusted
        if (found := part(each, "ChargeAmount") or part(each, "PromotionAmount"))
    ]
    codes = {text(each, "CurrencyCode") for each in amounts}
    if not number or not amounts:
        return None
    if len(codes) > 1:
        raise Unreadable("A refund of it is in several currencies.")
    code = currency(codes.pop())
    # What leaves the seller is negative there.
    total = sum((amount(each.get("CurrencyAmount"), "A charge") for each in amounts), ZERO)
    at = moment(event.get("PostedDate"), "PostedDate")
    ids = [text(item, "OrderAdjustmentItemId") for item in items]
    key = next(filter(None, ids), "") or text(event, "PostedDate") or reason
    refund = Refund(
        amount=rounded(abs(total), code), currency=code, at=at, reason=reason, book="events"
    )
    return Report(number, {f"refund:{key}": refund}, as_of=at) if refund.amount else None


def read_transactions(transactions: list[Document]) -> Reading:
    """Read transactions of 2024-06-19: those of type Refund.

    Raises: Unreadable.
    """
    reports = [
        report
        for each in transactions
        if text(each, "transactionType").lower() == "refund"
        and (report := _transaction(each)) is not None
    ]
    return Reading(tuple(reports), ignored="Nothing in it gave money back for an order.")


def _transaction(said: Document) -> Report | None:
    related = {
        text(each, "relatedIdentifierName"): text(each, "relatedIdentifierValue")
        for each in objects(said, "relatedIdentifiers")
    }
    number = related.get("ORDER_ID", "")
    total = part(said, "totalAmount")
    if not number or not total:
        return None
    code = currency(text(total, "currencyCode"))
    given = _given_back(said)
    if given is None:
        given = amount(total.get("currencyAmount"), "totalAmount")
    at = moment(said.get("postedDate"), "postedDate")
    key = related.get("REFUND_ID") or text(said, "transactionId") or text(said, "postedDate")
    refund = Refund(
        amount=rounded(abs(given), code),
        currency=code,
        at=at,
        reason=text(said, "description") or "Refund",
        book="transactions",
    )
    return Report(number, {f"refund:{key}": refund}, as_of=at) if refund.amount else None


def _given_back(said: Document) -> Decimal | None:
    """Return what the buyer got: all that is broken down, but for what Amazon keeps or gives
    back of its own."""
    breakdowns = objects(said, "breakdowns") or [
        each for item in objects(said, "items") for each in objects(item, "breakdowns")
    ]
    leaves = [leaf for each in breakdowns for leaf in _leaves(each, "")]
    found = [
        value for name, value in leaves if not any(word in name.lower() for word in NOT_THE_BUYERS)
    ]
    return sum(found, ZERO) if found else None


def _leaves(breakdown: Document, above: str) -> list[tuple[str, Decimal]]:
    name = f"{above} {text(breakdown, 'breakdownType')}".strip()
    below = [leaf for each in objects(breakdown, "breakdowns") for leaf in _leaves(each, name)]
    stated = part(breakdown, "breakdownAmount")
    return below or [(name, amount(stated.get("currencyAmount"), "A breakdown"))]
