"""Subscriptions: the staff screens, and the customer's own page."""
