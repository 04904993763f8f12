"""What lies where, what is spoken for, what is coming.

Owns locations, stock levels, the stock ledger and reservations. Knows nothing of orders: a
reservation names the document it is for by number only.
"""
