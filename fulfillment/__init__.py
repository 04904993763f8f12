"""Which location serves what, and how the goods leave.

Owns sourcing, fulfillment orders, picking, packing, shipments and their papers.
"""
