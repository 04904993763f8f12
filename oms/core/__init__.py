"""Words the whole house speaks: refusals, lifecycles, locks, facts, money, jobs, documents.

One subject a file. Nothing here knows an order, a SKU or a customer.
"""
