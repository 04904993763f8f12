"""What other apps may ask of orders."""

from orders.services.cancelling import cancel_order
from orders.services.capturing import record_payment
from orders.services.changing import (
    change_order,
    confirm_change,
    discard_change,
    preview_change,
)
from orders.services.expiring import expire_unpaid, unpaid_orders
from orders.services.following import know_counterpart, take_in
from orders.services.holding import hold_order, release_hold, release_when_paid
from orders.services.holding_new import hold_new_order
from orders.services.matching import join_proven, match_customers, proven_matches
from orders.services.moving_refunds import (
    Sending,
    complete_refund,
    doubt_refund,
    reject_refund,
    start_sending,
)
from orders.services.noting import add_note, revoke_status_link
from orders.services.placing import place_order
from orders.services.placing_many import Placed, place_orders
from orders.services.previewing import preview_cancellation, rehearse
from orders.services.prioritizing import set_priority
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
from orders.services.subscribing import (
    SUBSCRIPTIONS,
    Charging,
    attend,
    cancel_subscription,
    change_address,
    change_lines,
    change_payment,
    change_rhythm,
    complete_charge,
    decline_charge,
    doubt_charge,
    drop_delivery,
    due_subscriptions,
    pause_subscription,
    put_off,
    record_delivery_payment,
    resume_subscription,
    retry_payment,
    revoke_subscription_link,
    settle_delivery,
    skip_delivery,
    start_charge,
    subscribe,
    unskip_delivery,
    withdraw_charge,
)
from orders.services.telling_channels import (
    DROPPED,
    SENT,
    tell_channel_of_cancellation,
    tell_channel_of_shipment,
)

__all__ = [
    "DROPPED",
    "SENT",
    "SUBSCRIPTIONS",
    "Charging",
    "LineMoves",
    "Placed",
    "RefundPart",
    "ReturnMoves",
    "Sending",
    "add_note",
    "attend",
    "cancel_order",
    "cancel_subscription",
    "change_address",
    "change_lines",
    "change_order",
    "change_payment",
    "change_rhythm",
    "complete_charge",
    "complete_refund",
    "confirm_change",
    "decline_charge",
    "discard_change",
    "doubt_charge",
    "doubt_refund",
    "drop_delivery",
    "due_subscriptions",
    "expire_unpaid",
    "grant_again",
    "grant_refund",
    "grant_refund_of",
    "hold_new_order",
    "hold_order",
    "join_proven",
    "know_counterpart",
    "lock_order",
    "match_customers",
    "pause_subscription",
    "place_order",
    "place_orders",
    "preview_cancellation",
    "preview_change",
    "proven_matches",
    "put_off",
    "record_delivery_payment",
    "record_payment",
    "record_progress",
    "record_return",
    "refund_overpayment",
    "rehearse",
    "reject_refund",
    "release_hold",
    "release_when_paid",
    "resume_subscription",
    "retry_payment",
    "revoke_status_link",
    "revoke_subscription_link",
    "set_priority",
    "settle_delivery",
    "skip_delivery",
    "start_charge",
    "start_sending",
    "subscribe",
    "take_in",
    "tell_channel_of_cancellation",
    "tell_channel_of_shipment",
    "unpaid_orders",
    "unskip_delivery",
    "withdraw_charge",
]
