"""How business documents look to a machine: pages of them in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from b2b.models import (
    Company,
    CompanyAddress,
    CreditAccount,
    CreditNote,
    Invoice,
    InvoiceLine,
    InvoicePayment,
    PurchaseOrder,
    PurchaseOrderLine,
    Quote,
    QuoteLine,
    QuoteRequest,
    QuoteRequestLine,
    QuoteVersion,
)
from oms.core.money import text
from orders.models import Hold

Page = list[dict[str, Any]]
T = TypeVar("T")


def companies(found: Sequence[Company]) -> Page:
    """Two queries beside the page."""
    accounts = {row.company_id: row for row in CreditAccount.objects.filter(company__in=found)}
    places = _by(CompanyAddress.objects.filter(company__in=found).order_by("id"), "company_id")
    return [_company(each, accounts[each.pk], places[each.pk]) for each in found]


def _company(
    company: Company, account: CreditAccount, places: Iterable[CompanyAddress]
) -> dict[str, Any]:
    room = account.room_amount
    currency = company.currency
    return {
        "code": company.code,
        "name": company.name,
        "email": company.email,
        "phone": company.phone,
        "tax_id": company.tax_id,
        "currency": currency,
        "language": company.language,
        "terms_days": company.terms_days,
        "approval_limit": _amount(company.approval_limit_amount, currency),
        "price_list": company.price_list.code if company.price_list else "",
        "sales_rep": company.sales_rep.get_username() if company.sales_rep else "",
        "auto_accept": company.auto_accept,
        "ship_complete": company.ship_complete,
        "is_active": company.is_active,
        "credit": {
            "limit": _amount(account.limit_amount, currency),
            "is_blocked": account.is_blocked,
            "reserved": text(account.reserved_amount, currency),
            "invoiced": text(account.invoiced_amount, currency),
            "room": _amount(room, currency),
        },
        "addresses": [
            {
                "kind": place.kind,
                "label": place.label,
                "address": asdict(place.address),
                "is_default": place.is_default,
            }
            for place in places
        ],
    }


def requests(found: Sequence[QuoteRequest]) -> Page:
    """Two queries beside the page."""
    lines = _by(
        QuoteRequestLine.objects.filter(request__in=found)
        .select_related("sku")
        .order_by("position"),
        "request_id",
    )
    quotes = _by(Quote.objects.filter(request__in=found).order_by("id"), "request_id")
    return [
        {
            "number": each.number,
            "company": each.company.code,
            "status": each.status,
            "needed_by": _day(each.needed_by),
            "note": each.note,
            "reason": each.decision_reason,
            "quotes": [quote.number for quote in quotes[each.pk]],
            "submitted_at": each.submitted_at.isoformat(),
            "lines": [
                {
                    "position": line.position,
                    "sku": line.sku.code,
                    "quantity": line.quantity,
                    "target_price": _price(line.target_price),
                    "note": line.note,
                }
                for line in lines[each.pk]
            ],
        }
        for each in found
    ]


def quotes(found: Sequence[Quote]) -> Page:
    """Three queries beside the page: their newest versions, those's lines, purchase orders."""
    newest = {each.pk: each.version for each in found}
    versions = {
        version.quote_id: version
        for version in QuoteVersion.objects.filter(quote__in=found)
        if newest[version.quote_id] == version.nth
    }
    lines = _by(
        QuoteLine.objects.filter(version__in=versions.values())
        .select_related("sku")
        .order_by("position"),
        "version_id",
    )
    ordered = dict(
        PurchaseOrder.objects.filter(quote_version__in=versions.values()).values_list(
            "quote_version__quote", "number"
        )
    )
    return [
        {
            "number": each.number,
            "company": each.company.code,
            "request": each.request.number if each.request else None,
            "status": each.status,
            "version": each.version,
            "currency": each.currency,
            "total": text(each.total_amount, each.currency),
            "valid_until": _day(each.valid_until),
            "reason": each.reason,
            "note": versions[each.pk].note,
            "presented_at": each.presented_at.isoformat() if each.presented_at else None,
            "purchase_order": ordered.get(each.pk),
            "lines": [
                {
                    "position": line.position,
                    "sku": line.sku.code,
                    "name": line.name,
                    "quantity": line.quantity,
                    "unit_price": _price(line.unit_price),
                    "list_price": _price(line.list_price),
                    "accepted_quantity": line.accepted_quantity,
                }
                for line in lines[versions[each.pk].pk]
            ],
        }
        for each in found
    ]


def purchase_orders(found: Sequence[PurchaseOrder]) -> Page:
    """Three queries beside the page."""
    lines = _by(
        PurchaseOrderLine.objects.filter(purchase_order__in=found).order_by("position"),
        "purchase_order_id",
    )
    invoices = _by(
        Invoice.objects.filter(purchase_order__in=found).order_by("id"), "purchase_order_id"
    )
    standing = Hold.objects.filter(
        order__in=[each.order_id for each in found if each.order_id], released_at__isnull=True
    )
    holds = _by(standing.order_by("kind"), "order_id")
    return [
        {
            "number": each.number,
            "company": each.company.code,
            "po_number": each.po_number,
            "sales_rep": each.sales_rep.get_username() if each.sales_rep else "",
            "status": each.status,
            "issues": list(each.issues),
            "source": each.source,
            "order": each.order.number if each.order else None,
            "holds": [hold.kind for hold in holds[each.order_id or 0]],
            "currency": each.currency,
            "total": text(each.total_amount, each.currency),
            "ship_to": asdict(each.ship_to) if each.ship_to else None,
            "requested_on": _day(each.requested_on),
            "note": each.note,
            "reason": each.decision_reason,
            "submitted_at": each.submitted_at.isoformat() if each.submitted_at else None,
            "version": each.version,
            "invoices": [invoice.number for invoice in invoices[each.pk]],
            "lines": [_purchase_line(line) for line in lines[each.pk]],
        }
        for each in found
    ]


def _purchase_line(line: PurchaseOrderLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "sku": line.sku_code,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": _price(line.unit_price),
        "contract_price": _price(line.contract_price),
        "price_origin": line.price_origin,
        "requested_on": _day(line.requested_on),
        "expected_on": _day(line.expected_on),
        "decision": line.decision,
        "reason": line.decision_reason,
        "accepted_quantity": line.accepted_quantity,
        "ship_to": asdict(line.ship_to) if line.ship_to else None,
    }


def invoices(found: Sequence[Invoice], today: date) -> Page:
    """Three queries beside the page."""
    lines = _by(InvoiceLine.objects.filter(invoice__in=found).order_by("id"), "invoice_id")
    payments = _by(InvoicePayment.objects.filter(invoice__in=found).order_by("id"), "invoice_id")
    notes = _by(CreditNote.objects.filter(invoice__in=found).order_by("id"), "invoice_id")
    return [
        {
            "number": each.number,
            "company": each.company.code,
            "purchase_order": each.purchase_order.number,
            "po_number": each.purchase_order.po_number,
            "order": each.order.number,
            "shipment": each.shipment.number,
            "status": str(each.standing(today)),
            "currency": each.currency,
            "amount": text(each.amount, each.currency),
            "other_amount": text(each.other_amount, each.currency),
            "paid": text(each.paid_amount, each.currency),
            "credited": text(each.credited_amount, each.currency),
            "open": text(each.open_amount, each.currency),
            "issued_on": each.issued_on.isoformat(),
            "due_on": each.due_on.isoformat(),
            "has_document": bool(each.file),
            "lines": [
                {
                    "sku": line.sku_code,
                    "name": line.name,
                    "quantity": line.quantity,
                    "unit_price": _price(line.unit_price),
                    "amount": text(line.amount, each.currency),
                }
                for line in lines[each.pk]
            ],
            "payments": [
                {
                    "amount": text(payment.amount, each.currency),
                    "method": payment.method,
                    "reference": payment.reference,
                    "received_on": payment.received_on.isoformat(),
                }
                for payment in payments[each.pk]
            ],
            "credit_notes": [
                {
                    "number": note.number,
                    "amount": text(note.amount, each.currency),
                    "reason": note.reason,
                }
                for note in notes[each.pk]
            ],
        }
        for each in found
    ]


def _by(rows: Iterable[T], key: str) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _amount(value: Decimal | None, currency: str) -> str | None:
    return None if value is None else text(value, currency)


def _price(value: Decimal | None) -> str | None:
    """A price as a string: at least two decimals, more where it has them."""
    if value is None:
        return None
    short = value.quantize(Decimal("0.01"))
    return f"{short if short == value else value.normalize():f}"


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
