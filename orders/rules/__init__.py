"""Decisions on plain values: what an order costs, how far it is, what differs."""
