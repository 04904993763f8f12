"""Reads: who may see which companies, what they pay, how their documents stand."""

from b2b.selectors.companies import (
    addresses_of,
    addresses_to_write_to,
    buyer_of,
    buyers_who_approve,
    companies_of,
    default_address,
    invoices_of,
    purchase_orders_of,
    quotes_of,
    requests_of,
)
from b2b.selectors.documents import (
    approval_needed,
    held_for_credit,
    is_of_company,
    lines_of_purchase_order,
    lines_of_quote,
    newest_version,
    open_invoices,
)
from b2b.selectors.pricing import company_prices, price_breaks

__all__ = [
    "addresses_of",
    "addresses_to_write_to",
    "approval_needed",
    "buyer_of",
    "buyers_who_approve",
    "companies_of",
    "company_prices",
    "default_address",
    "held_for_credit",
    "invoices_of",
    "is_of_company",
    "lines_of_purchase_order",
    "lines_of_quote",
    "newest_version",
    "open_invoices",
    "price_breaks",
    "purchase_orders_of",
    "quotes_of",
    "requests_of",
]
