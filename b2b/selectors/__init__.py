"""Reads: who may see which companies, what they pay, how their documents stand."""

from b2b.selectors.companies import (
    addresses_of,
    addresses_to_write_to,
    buyer_of,
    buyers_who_approve,
    companies_of,
    customers_of_companies,
    default_address,
    invoices_of,
    purchase_orders_of,
    quotes_of,
    requests_of,
    sales_reps,
)
from b2b.selectors.desk import held_companies, held_order
from b2b.selectors.documents import (
    approval_needed,
    compared_lines,
    held_for_credit,
    is_of_company,
    lines_of_purchase_order,
    lines_of_quote,
    newest_version,
    open_invoices,
)
from b2b.selectors.pricing import company_prices, price_breaks, price_list_exists

__all__ = [
    "addresses_of",
    "addresses_to_write_to",
    "approval_needed",
    "buyer_of",
    "buyers_who_approve",
    "companies_of",
    "company_prices",
    "compared_lines",
    "customers_of_companies",
    "default_address",
    "held_companies",
    "held_for_credit",
    "held_order",
    "invoices_of",
    "is_of_company",
    "lines_of_purchase_order",
    "lines_of_quote",
    "newest_version",
    "open_invoices",
    "price_breaks",
    "price_list_exists",
    "purchase_orders_of",
    "quotes_of",
    "requests_of",
    "sales_reps",
]
