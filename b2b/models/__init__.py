"""One file per document."""

from b2b.models.companies import Buyer, Company, CompanyAddress
from b2b.models.credit import CreditAccount, CreditEntry
from b2b.models.invoicing import CreditNote, Invoice, InvoiceLine, InvoicePayment
from b2b.models.pricing import PriceList, PriceListEntry
from b2b.models.purchasing import PurchaseOrder, PurchaseOrderLine
from b2b.models.quoting import Quote, QuoteLine, QuoteRequest, QuoteRequestLine, QuoteVersion

__all__ = [
    "Buyer",
    "Company",
    "CompanyAddress",
    "CreditAccount",
    "CreditEntry",
    "CreditNote",
    "Invoice",
    "InvoiceLine",
    "InvoicePayment",
    "PriceList",
    "PriceListEntry",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
    "QuoteRequestLine",
    "QuoteVersion",
]
