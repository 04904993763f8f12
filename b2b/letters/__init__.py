"""What we write to companies, and to colleagues who look after them.

Each function reads its document when the letter goes, and returns None when there is nothing to
say any more. The words stand in `templates/b2b/letters/`, and staff may change them.
"""

from b2b.letters.buyers import buyer_invited
from b2b.letters.credit import credit_hold
from b2b.letters.invoices import credit_note, invoice
from b2b.letters.kinds import LETTERS
from b2b.letters.purchase_orders import (
    purchase_order_confirmed,
    purchase_order_rejected,
    purchase_order_to_accept,
    purchase_order_to_approve,
)
from b2b.letters.quotes import (
    quote_accepted,
    quote_presented,
    quote_requested,
    quote_to_approve,
    request_declined,
    revision_requested,
)

__all__ = [
    "LETTERS",
    "buyer_invited",
    "credit_hold",
    "credit_note",
    "invoice",
    "purchase_order_confirmed",
    "purchase_order_rejected",
    "purchase_order_to_accept",
    "purchase_order_to_approve",
    "quote_accepted",
    "quote_presented",
    "quote_requested",
    "quote_to_approve",
    "request_declined",
    "revision_requested",
]
