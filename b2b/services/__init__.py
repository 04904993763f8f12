"""What may be done with business customers and their documents."""

from b2b.services.accepting import accept_purchase_order
from b2b.services.buyers import UNCHANGED, add_buyer, change_buyer, invite_buyer, remind_buyer
from b2b.services.companies import CHANNEL, change_company, create_company, save_address
from b2b.services.completeness import SLICE, hold_until_complete, release_complete
from b2b.services.credit import (
    release_credit_hold,
    release_what_fits,
    reserve_or_hold,
    reserve_released,
    restate_credit,
    set_credit_limit,
)
from b2b.services.crediting import credit_invoice
from b2b.services.deciding import (
    approve_purchase_order,
    cancel_purchase_order,
    reject_purchase_order,
)
from b2b.services.entering import enter_purchase_order
from b2b.services.exposure import CREDIT
from b2b.services.follow_up import follow_soon
from b2b.services.following import follow_cancellation, follow_order
from b2b.services.invoicing import issue_invoice, keep_document
from b2b.services.paying import record_payment
from b2b.services.pricing import save_price_list, set_price
from b2b.services.purchasing import save_purchase_order, submit_purchase_order
from b2b.services.quote_acceptance import accept_quote
from b2b.services.quoting import (
    approve_quote,
    draft_quote,
    expire_quotes,
    lose_quote,
    present_quote,
    request_revision,
    revise_quote,
    withdraw_quote,
)
from b2b.services.recording import record_past_purchase_order
from b2b.services.requesting import (
    decline_request,
    request_quote,
    review_request,
    withdraw_request,
)
from b2b.services.wishes import LineAnswer, LineWish, PlaceOf

__all__ = [
    "CHANNEL",
    "CREDIT",
    "SLICE",
    "UNCHANGED",
    "LineAnswer",
    "LineWish",
    "PlaceOf",
    "accept_purchase_order",
    "accept_quote",
    "add_buyer",
    "approve_purchase_order",
    "approve_quote",
    "cancel_purchase_order",
    "change_buyer",
    "change_company",
    "create_company",
    "credit_invoice",
    "decline_request",
    "draft_quote",
    "enter_purchase_order",
    "expire_quotes",
    "follow_cancellation",
    "follow_order",
    "follow_soon",
    "hold_until_complete",
    "invite_buyer",
    "issue_invoice",
    "keep_document",
    "lose_quote",
    "present_quote",
    "record_past_purchase_order",
    "record_payment",
    "reject_purchase_order",
    "release_complete",
    "release_credit_hold",
    "release_what_fits",
    "remind_buyer",
    "request_quote",
    "request_revision",
    "reserve_or_hold",
    "reserve_released",
    "restate_credit",
    "review_request",
    "revise_quote",
    "save_address",
    "save_price_list",
    "save_purchase_order",
    "set_credit_limit",
    "set_price",
    "submit_purchase_order",
    "withdraw_quote",
    "withdraw_request",
]
