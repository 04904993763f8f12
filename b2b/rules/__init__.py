"""Decisions on plain values: prices, discounts, approvals, how far a purchase order is."""
