from typing import Any

from b2b.letters import kinds
from b2b.letters.addressing import (
    day,
    line,
    looks_after,
    portal_page,
    staff_page,
    to_company,
    to_people,
)
from b2b.models import PurchaseOrder
from b2b.selectors import buyers_who_approve, lines_of_purchase_order
from b2b.states import Issue, PurchaseStatus
from oms.core.display import money_text
from oms.core.money import rounded
from oms.messaging.letters import Letter
from orders.models import OrderLine


def purchase_order_to_accept(*, number: str) -> Letter | None:
    """Tell who looks after the company about one that nobody has decided on yet."""
    document = _document(number)
    if document is None or document.status != PurchaseStatus.SUBMITTED:
        return None
    return to_people(
        kinds.PURCHASE_ORDER_TO_ACCEPT,
        looks_after(document.company, "b2b.accept_purchaseorder"),
        document.company,
        {
            **_of(document),
            "issues": [str(Issue(each).label) for each in document.issues],
        },
        thread=number,
    )


def purchase_order_to_approve(*, number: str, limit: str) -> Letter | None:
    """Ask the company's approvers; who asked for it is not among them."""
    document = _document(number)
    if document is None or document.status != PurchaseStatus.PENDING_APPROVAL:
        return None
    asked_by = document.submitted_by.partition(":")[2]
    approvers = [each for each in buyers_who_approve(document.company) if each.username != asked_by]
    return to_people(
        kinds.PURCHASE_ORDER_TO_APPROVE,
        approvers or looks_after(document.company, "b2b.approve_purchaseorder"),
        document.company,
        {
            **_of(document),
            "url": portal_page(number) if approvers else staff_page(number),
            "lines": _lines(document),
            "limit": f"{limit} {document.currency}",
            "who": asked_by,
        },
        thread=number,
    )


def purchase_order_confirmed(*, number: str) -> Letter | None:
    """Confirm what the company gets, at what price, and what it has to wait for."""
    document = _document(number)
    if document is None or document.order is None:
        return None
    if document.status == PurchaseStatus.CANCELLED:
        return None
    ordered = OrderLine.objects.filter(order=document.order).order_by("position")
    return to_company(
        kinds.PURCHASE_ORDER_CONFIRMED,
        document.company,
        {
            **_of(document),
            "total": money_text(document.order.total_amount, document.currency),
            "order": document.order.number,
            "lines": _lines(document),
            "rejected": _rejected(document),
            "waiting": [
                {"quantity": each.backordered, "name": each.name}
                for each in ordered
                if each.backordered
            ],
            "requested_on": day(document.requested_on),
        },
        thread=document.order.number,
        buyer=document.buyer,
    )


def purchase_order_rejected(*, number: str) -> Letter | None:
    """Tell the company that it gets nothing of it, and why: from us, or its own approver."""
    document = _document(number)
    if document is None or document.status != PurchaseStatus.REJECTED:
        return None
    return to_company(
        kinds.PURCHASE_ORDER_REJECTED,
        document.company,
        {**_of(document), "reason": document.decision_reason, "approver": _approver(document)},
        thread=number,
        buyer=document.buyer,
    )


def _approver(document: PurchaseOrder) -> str:
    """Return who of the company turned it down; nobody when it was us."""
    kind, _, name = document.decided_by.partition(":")
    people = document.company.buyers.filter(user__username=name) if kind == "user" else []
    return next((each.user.get_full_name() or name for each in people), "")


def _document(number: str) -> PurchaseOrder | None:
    found = PurchaseOrder.objects.select_related("company__sales_rep", "buyer__user", "order")
    return found.filter(number=number).first()


def _of(document: PurchaseOrder) -> dict[str, Any]:
    return {
        "number": document.number,
        "po_number": document.po_number,
        "total": money_text(document.total_amount, document.currency),
    }


def _lines(document: PurchaseOrder) -> list[dict[str, Any]]:
    found = []
    for each in lines_of_purchase_order(document):
        units = each.quantity if each.accepted_quantity is None else each.accepted_quantity
        if units:
            found.append(
                line(
                    quantity=units,
                    name=each.name,
                    sku=each.sku_code,
                    unit_price=each.unit_price,
                    amount=rounded(units * each.unit_price, document.currency),
                    currency=document.currency,
                    expected_on=each.expected_on,
                )
            )
    return found


def _rejected(document: PurchaseOrder) -> list[dict[str, Any]]:
    return [
        {
            "quantity": each.quantity - (each.accepted_quantity or 0),
            "name": each.name or each.sku_code,
            "reason": each.decision_reason,
        }
        for each in lines_of_purchase_order(document)
        if each.accepted_quantity is not None and each.accepted_quantity < each.quantity
    ]
