"""What other apps may ask of customers."""

from oms.customers.services.remembering import (
    CustomerDetails,
    key_of,
    read_customers_ahead,
    remember,
)

__all__ = ["CustomerDetails", "key_of", "read_customers_ahead", "remember"]
