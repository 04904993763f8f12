"""What other apps may ask of customers."""

from oms.customers.services.merging import dismiss_match, merge_customers, undo_merge
from oms.customers.services.remembering import (
    CustomerDetails,
    key_of,
    read_customers_ahead,
    remember,
)

__all__ = [
    "CustomerDetails",
    "dismiss_match",
    "key_of",
    "merge_customers",
    "read_customers_ahead",
    "remember",
    "undo_merge",
]
