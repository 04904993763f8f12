"""What other apps may ask of customers."""

from oms.customers.services.remembering import CustomerDetails, remember

__all__ = ["CustomerDetails", "remember"]
