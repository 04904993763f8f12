from datetime import datetime

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.models import Order
from orders.services import ReturnMoves, record_return
from returns.events import ReturnApproved, ReturnCancelled, ReturnDeclined
from returns.models import ReturnAuthorization
from returns.services.documents import changed, lines_of, locked_return
from returns.states import RETURN


@service
def approve_return(
    *, number: str, by: Actor, at: datetime, reason: str = "", expected_version: int | None = None
) -> ReturnAuthorization:
    """Let the units come back.

    Raises: ReturnNotFound, ReturnChanged, TransitionNotAllowed.
    Locks: Order.
    Publishes: ReturnApproved.
    """
    order, document = locked_return(number, expected_version)
    _decide(document, "approve", reason, by, at)
    publish(
        ReturnApproved(
            thread=order.number, subject=number, by=by, at=at, location=document.location.code
        )
    )
    return document


@service
def decline_return(
    *, number: str, reason: str, by: Actor, at: datetime, expected_version: int | None = None
) -> ReturnAuthorization:
    """Turn the request down; its units may be asked for again.

    Raises: ReturnNotFound, ReturnChanged, TransitionNotAllowed.
    Locks: Order.
    Publishes: ReturnDeclined.
    """
    order, document = locked_return(number, expected_version)
    _decide(document, "decline", reason, by, at)
    _free(order, document, by, at)
    publish(ReturnDeclined(thread=order.number, subject=number, by=by, at=at, reason=reason))
    return document


@service
def cancel_return(
    *, number: str, by: Actor, at: datetime, reason: str = "", expected_version: int | None = None
) -> ReturnAuthorization:
    """Call a return off while no unit of it has come; the units stay with the customer.

    Raises: ReturnNotFound, ReturnChanged, TransitionNotAllowed.
    Locks: Order.
    Publishes: ReturnCancelled.
    """
    order, document = locked_return(number, expected_version)
    _decide(document, "cancel", reason, by, at)
    _free(order, document, by, at)
    publish(ReturnCancelled(thread=order.number, subject=number, by=by, at=at, reason=reason))
    return document


def _decide(document: ReturnAuthorization, verb: str, reason: str, by: Actor, at: datetime) -> None:
    document.status = RETURN.after(verb, document.status)
    document.decided_by = str(by)
    document.decision_reason = reason
    document.decided_at = at
    changed(document, "status", "decided_by", "decision_reason", "decided_at")


def _free(order: Order, document: ReturnAuthorization, by: Actor, at: datetime) -> None:
    """Let go of the units that this return spoke for."""
    record_return(
        order=order,
        moves=[
            ReturnMoves(line.order_line_id, requested=-line.missing) for line in lines_of(document)
        ],
        by=by,
        at=at,
    )
