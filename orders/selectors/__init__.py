"""Reads: lists of orders, one order with all its rows, the customer's link."""

from orders.selectors.channels import channels_of
from orders.selectors.finding import find, matching
from orders.selectors.listing import (
    VIEWS,
    OrderRow,
    metrics,
    open_count,
    order_list,
    orders_of,
    rows_of,
    view_counts,
)
from orders.selectors.one import (
    Money,
    OrderPage,
    has_email,
    money_of,
    order_page,
    standing_holds,
)
from orders.selectors.status import StatusPage, order_by_token, status_page, status_url

__all__ = [
    "VIEWS",
    "Money",
    "OrderPage",
    "OrderRow",
    "StatusPage",
    "channels_of",
    "find",
    "has_email",
    "matching",
    "metrics",
    "money_of",
    "open_count",
    "order_by_token",
    "order_list",
    "order_page",
    "orders_of",
    "rows_of",
    "standing_holds",
    "status_page",
    "status_url",
    "view_counts",
]
