"""The same figures twice: summed from the files, and from what our books say happened."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.core import sql
from oms.core.money import ZERO, rounded, text
from returns.replay.invoices import CURRENCY, Invoice

PARTS = ("matched", "orphan", "excess", "charges")


@dataclass
class Figures:
    """Sale invoices by number, and the absolute amounts of credit lines by what became of them."""

    orders: int = 0
    lines: int = 0
    units: int = 0
    gross: dict[str, Decimal] = field(default_factory=dict)
    credited: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(PARTS, ZERO))

    def document(self) -> dict[str, Any]:
        return {
            "orders": self.orders,
            "lines": self.lines,
            "units": self.units,
            "gross": {
                country: text(amount, CURRENCY) for country, amount in sorted(self.gross.items())
            },
            "credited": {part: text(amount, CURRENCY) for part, amount in self.credited.items()},
        }


@dataclass
class _Sold:
    """Units of one sale line that have not come back."""

    invoice: str
    moment: tuple[datetime, str]
    left: int


def from_files(invoices: Sequence[Invoice]) -> Figures:
    """Sum up invoices in their order, with no help from the database."""
    figures = Figures()
    sold: dict[tuple[str, str], list[_Sold]] = defaultdict(list)
    money: dict[str, Decimal] = {}
    for invoice in invoices:
        if invoice.is_credit:
            _credit(invoice, sold, money, figures)
        elif invoice.sold:
            figures.orders += 1
            figures.lines += len(invoice.sold)
            figures.units += sum(line.units for line in invoice.sold)
            money[invoice.number] = sum((line.amount for line in invoice.sold), ZERO)
            gross = figures.gross.get(invoice.country, ZERO)
            figures.gross[invoice.country] = gross + money[invoice.number]
            for line in invoice.sold:
                if invoice.customer and line.is_goods:
                    sold[invoice.customer, line.code].append(
                        _Sold(invoice.number, invoice.moment, line.units)
                    )
    return figures


def _credit(
    invoice: Invoice,
    sold: dict[tuple[str, str], list[_Sold]],
    money: dict[str, Decimal],
    figures: Figures,
) -> None:
    for line in invoice.credited:
        if not line.is_goods:
            figures.credited["charges"] += line.amount
            continue
        found, matched, priced = 0, ZERO, ZERO
        for sale in reversed(sold[invoice.customer, line.code] if invoice.customer else []):
            units = min(line.units - found, sale.left)
            sale.left -= units
            found += units
            upto = rounded(found * line.price, CURRENCY)
            part = min(upto - priced, money[sale.invoice])
            priced = upto
            money[sale.invoice] -= part
            matched += part
        figures.credited["matched"] += matched
        figures.credited["excess" if found else "orphan"] += line.amount - matched


SOLD = """
SELECT o.metadata->>'country', count(DISTINCT o.id), count(l.id), coalesce(sum(l.quantity), 0),
       sum(CASE WHEN l.position = 1 THEN o.total_amount ELSE 0 END)
FROM orders_order o
JOIN channels_channel c ON c.id = o.channel_id
JOIN orders_orderline l ON l.order_id = o.id
WHERE c.slug = %s AND o.external_id = ANY(%s)
GROUP BY 1
"""
REFUNDED = """
SELECT coalesce(sum(r.amount), 0)
FROM returns_returnauthorization a
JOIN orders_order o ON o.id = a.order_id
JOIN channels_channel c ON c.id = o.channel_id
JOIN orders_refund r ON r.reference = a.number AND r.status = 'succeeded'
WHERE c.slug = %s AND a.note = ANY(%s)
"""
LISTED = """
SELECT payload->>'kind', sum((payload->>'amount')::numeric)
FROM core_eventrecord
WHERE name = 'replay.listed' AND thread = ANY(%s)
GROUP BY 1
"""
KINDS = {"orphan": "orphan", "excess": "excess", "charge": "charges"}


def from_books(channel: str, invoices: Sequence[Invoice]) -> Figures:
    """Sum up the orders, the refunds and the listed remainders of these invoices."""
    figures = Figures()
    sales = [invoice.number for invoice in invoices if not invoice.is_credit]
    credit_notes = [invoice.number for invoice in invoices if invoice.is_credit]
    for country, orders, lines, units, gross in sql.run(SOLD, [channel, sales]):
        figures.orders += orders
        figures.lines += lines
        figures.units += int(units)
        figures.gross[country] = gross
    [(matched,)] = sql.run(REFUNDED, [channel, credit_notes])
    figures.credited["matched"] = matched
    for kind, amount in sql.run(LISTED, [credit_notes]):
        if kind in KINDS:
            figures.credited[KINDS[kind]] = amount
    return figures
