"""Subscriptions: begun, attended to when something falls due, changed, charged for, ended."""

from orders.services.subscribing.attending import attend, due_subscriptions, put_off
from orders.services.subscribing.changing import (
    change_address,
    change_lines,
    change_payment,
    change_rhythm,
    revoke_subscription_link,
)
from orders.services.subscribing.charging import (
    Charging,
    complete_charge,
    decline_charge,
    doubt_charge,
    retry_payment,
    start_charge,
    withdraw_charge,
)
from orders.services.subscribing.cycles import SUBSCRIPTIONS
from orders.services.subscribing.ending import cancel_subscription
from orders.services.subscribing.pausing import (
    pause_subscription,
    resume_subscription,
    skip_delivery,
    unskip_delivery,
)
from orders.services.subscribing.paying import record_delivery_payment
from orders.services.subscribing.settling import drop_delivery, settle_delivery
from orders.services.subscribing.starting import subscribe

__all__ = [
    "SUBSCRIPTIONS",
    "Charging",
    "attend",
    "cancel_subscription",
    "change_address",
    "change_lines",
    "change_payment",
    "change_rhythm",
    "complete_charge",
    "decline_charge",
    "doubt_charge",
    "drop_delivery",
    "due_subscriptions",
    "pause_subscription",
    "put_off",
    "record_delivery_payment",
    "resume_subscription",
    "retry_payment",
    "revoke_subscription_link",
    "settle_delivery",
    "skip_delivery",
    "start_charge",
    "subscribe",
    "unskip_delivery",
    "withdraw_charge",
]
