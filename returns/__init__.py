"""Units coming back: authorization, receiving, inspection, what becomes of them.

Money goes back through orders' refund service: the ledger has one owner.
"""
