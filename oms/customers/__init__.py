"""Customers and addresses. An order keeps a copy of the address it was placed with."""
