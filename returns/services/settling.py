from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import F

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.money import ZERO, rounded, text
from oms.core.services import service
from orders.errors import AmountDoesNotFit
from orders.gateways import MANUAL
from orders.models import Refund
from orders.services import RefundPart, ReturnMoves, grant_refund_of, record_return
from orders.states import RefundStatus
from returns import selectors
from returns.errors import SettlementChanged
from returns.events import ReturnSettled
from returns.models import ReturnAuthorization
from returns.services.documents import by_sku, changed, lines_of, locked_return
from returns.states import RETURN, ReturnStatus

MOVING = {RefundStatus.GRANTED, RefundStatus.SENDING, RefundStatus.IN_DOUBT}


@service
def settle_return(
    *,
    number: str,
    by: Actor,
    at: datetime,
    amounts: Mapping[int, Decimal] | None = None,
    expected_amount: Decimal | None = None,
    expected_version: int | None = None,
) -> ReturnAuthorization:
    """Decide what goes back for the units that came, and grant it; the rest is let go.

    Each line is worth what was paid for its units, and nothing where the channel gave that back,
    unless `amounts` says otherwise (by return line). `expected_amount` is the total the caller
    agreed to: when it would be another by now, nothing happens. Nothing to give back settles
    without a refund.

    Raises: ReturnNotFound, ReturnChanged, TransitionNotAllowed, SettlementChanged,
        AmountDoesNotFit, RefundExceedsPayment.
    Locks: Order, Payment, NumberSeries.
    Publishes: ReturnSettled, RefundSucceeded.
    """
    order, document = locked_return(number, expected_version)
    document.status = RETURN.after("settle", document.status)
    lines = lines_of(document)
    proposed = selectors.settlement(document, order=order, lines=lines)
    total = ZERO
    for line, proposal in zip(lines, proposed.lines, strict=True):
        line.settled = line.received
        line.refund_amount = proposal.amount
        if amounts and line.pk in amounts:
            line.refund_amount = _fitting(amounts[line.pk], order.currency)
        total += line.refund_amount
        line.save(update_fields=["settled", "refund_amount"])
    if expected_amount is not None and total != expected_amount:
        raise SettlementChanged(
            number=number,
            expected=text(expected_amount, order.currency),
            actual=text(total, order.currency),
            currency=order.currency,
        )

    document.refund_amount = total
    document.settled_at = at
    changed(document, "status", "refund_amount", "settled_at")
    if any(line.missing for line in lines):
        record_return(
            order=order,
            moves=[
                ReturnMoves(line.order_line_id, requested=-line.missing)
                for line in lines
                if line.missing
            ],
            by=by,
            at=at,
        )
    publish(
        ReturnSettled(
            thread=order.number,
            subject=number,
            by=by,
            at=at,
            amount=text(total, order.currency),
            currency=order.currency,
            is_followed=document.is_followed,
            units={
                sku: units
                for sku, rows in by_sku(lines).items()
                if (units := sum(row.settled for row in rows))
            },
        )
    )
    if total:
        grant_refund_of(
            order=order,
            amount=total,
            reason=f"Returned with {number}",
            reference=number,
            by=by,
            at=at,
            lines=[
                RefundPart(line.order_line_id, line.settled, line.refund_amount)
                for line in lines
                if line.refund_amount
            ],
        )
    return document


@service
def close_return(*, number: str, at: datetime) -> None:
    """Close a settled return whose money a gateway has moved, all of it. Anything else stays.

    Called while a refund is completed, so the order is locked already.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    refunds = Refund.objects.filter(reference=number).select_related("payment")
    if all(refund.payment.gateway == MANUAL for refund in refunds):
        return
    if any(refund.status in MOVING for refund in refunds):
        return
    settled = ReturnAuthorization.objects.filter(number=number, status=ReturnStatus.SETTLED)
    settled.update(
        status=RETURN.after("close", ReturnStatus.SETTLED), closed_at=at, version=F("version") + 1
    )


def _fitting(amount: Decimal, currency: str) -> Decimal:
    if amount < 0 or rounded(amount, currency) != amount:
        raise AmountDoesNotFit(
            pointer="/lines",
            amount=str(amount),
            currency=currency,
            reason="is less than nothing" if amount < 0 else "has more decimals than the currency",
        )
    return amount
