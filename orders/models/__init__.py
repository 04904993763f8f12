"""One file per document."""

from orders.models.orders import Hold, Order, OrderLine
from orders.models.payments import MoneyEntry, Payment, Refund, RefundLine

__all__ = ["Hold", "MoneyEntry", "Order", "OrderLine", "Payment", "Refund", "RefundLine"]
