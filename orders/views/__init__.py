"""The staff screens by subject, and the customer's own page."""
