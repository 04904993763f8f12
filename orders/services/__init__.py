"""What other apps may ask of orders."""

from orders.services.cancelling import cancel_order
from orders.services.holding import hold_order, release_hold
from orders.services.moving_refunds import (
    Sending,
    complete_refund,
    doubt_refund,
    reject_refund,
    start_sending,
)
from orders.services.noting import add_note, revoke_status_link
from orders.services.placing import place_order
from orders.services.previewing import CancellationEffects, preview_cancellation
from orders.services.progressing import (
    LineMoves,
    ReturnMoves,
    lock_order,
    record_progress,
    record_return,
)
from orders.services.refunding import (
    RefundPart,
    grant_again,
    grant_refund,
    grant_refund_of,
    refund_overpayment,
)

__all__ = [
    "CancellationEffects",
    "LineMoves",
    "RefundPart",
    "ReturnMoves",
    "Sending",
    "add_note",
    "cancel_order",
    "complete_refund",
    "doubt_refund",
    "grant_again",
    "grant_refund",
    "grant_refund_of",
    "hold_order",
    "lock_order",
    "place_order",
    "preview_cancellation",
    "record_progress",
    "record_return",
    "refund_overpayment",
    "reject_refund",
    "release_hold",
    "revoke_status_link",
    "start_sending",
]
