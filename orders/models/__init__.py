"""One file per document."""

from orders.models.changes import OrderChange
from orders.models.channel_orders import ChannelOrder, Counterpart
from orders.models.looks import ChannelLook
from orders.models.orders import Hold, Order, OrderKit, OrderLine
from orders.models.payments import MoneyEntry, Payment, Refund, RefundLine
from orders.models.repeats import OrderRepeat
from orders.models.subscriptions import (
    Charge,
    Cycle,
    CycleLine,
    Subscription,
    SubscriptionLine,
)

__all__ = [
    "ChannelLook",
    "ChannelOrder",
    "Charge",
    "Counterpart",
    "Cycle",
    "CycleLine",
    "Hold",
    "MoneyEntry",
    "Order",
    "OrderChange",
    "OrderKit",
    "OrderLine",
    "OrderRepeat",
    "Payment",
    "Refund",
    "RefundLine",
    "Subscription",
    "SubscriptionLine",
]
