"""Reads: lists of returns, one return with all its rows, what is still returnable."""

from returns.selectors.listing import (
    VIEWS,
    ReturnRow,
    find,
    matching,
    open_count,
    return_list,
    rows_of,
    view_counts,
    visible_returns,
)
from returns.selectors.one import ReturnPage, return_page
from returns.selectors.portal import order_for_customer
from returns.selectors.returning import (
    Returnable,
    Settlement,
    count_of,
    location_for,
    returnable_lines,
    settlement,
)

__all__ = [
    "VIEWS",
    "ReturnPage",
    "ReturnRow",
    "Returnable",
    "Settlement",
    "count_of",
    "find",
    "location_for",
    "matching",
    "open_count",
    "order_for_customer",
    "return_list",
    "return_page",
    "returnable_lines",
    "rows_of",
    "settlement",
    "view_counts",
    "visible_returns",
]
