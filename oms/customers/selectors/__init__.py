"""Reads of customers."""

from oms.customers.selectors.people import merges_of, open_matches, person_of, rows_of_person

__all__ = ["merges_of", "open_matches", "person_of", "rows_of_person"]
