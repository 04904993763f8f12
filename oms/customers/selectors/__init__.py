"""Reads of customers."""

from oms.customers.selectors.people import (
    merge_named,
    merges_of,
    open_matches,
    person_of,
    rows_of_person,
)

__all__ = ["merge_named", "merges_of", "open_matches", "person_of", "rows_of_person"]
