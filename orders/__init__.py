"""What was promised to whom, for how much.

Owns orders, lines, holds, payments and the refund ledger, and the customer's status page. How
goods leave is fulfillment's business: it reports progress here through `record_progress`.
"""
