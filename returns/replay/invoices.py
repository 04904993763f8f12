"""Reading invoice lines, in whatever files they come, and putting invoices in the order of time."""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import TextIO

from oms.core.errors import Invalid
from oms.core.money import rounded

CURRENCY = "GBP"
NEEDED = {"InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"}
NOT_GOODS = {"POST", "DOT", "M", "D", "BANK CHARGES", "AMAZONFEE", "S", "CRUK"}
MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M", "%Y-%m-%dT%H:%M:%S")


@dataclass(eq=False)
class FilesUnusable(Invalid):
    where: str
    reason: str

    message = "{where}: {reason}"


@dataclass(frozen=True)
class InvoiceLine:
    """One line as it stands in the files. Prices are positive, quantities may be negative."""

    code: str
    description: str
    quantity: int
    price: Decimal

    @property
    def units(self) -> int:
        return abs(self.quantity)

    @property
    def amount(self) -> Decimal:
        """What the line comes to, rounded half up to the penny, without its sign."""
        return rounded(abs(self.quantity * self.price), CURRENCY)

    @property
    def is_goods(self) -> bool:
        return self.code.upper() not in NOT_GOODS and not self.code.lower().startswith("gift_")


@dataclass(frozen=True)
class Invoice:
    """Everything that was written under one number. `customer` is empty for guests."""

    number: str
    at: datetime
    customer: str
    country: str
    lines: tuple[InvoiceLine, ...]

    @property
    def moment(self) -> tuple[datetime, str]:
        return self.at, self.number

    @property
    def is_credit(self) -> bool:
        return self.number.upper().startswith("C")

    @property
    def is_adjustment(self) -> bool:
        return self.number.upper().startswith("A")

    @cached_property
    def sold(self) -> tuple[InvoiceLine, ...]:
        """The lines of a sale: positive quantities at a price."""
        if self.is_credit or self.is_adjustment:
            return ()
        return tuple(line for line in self.lines if line.quantity > 0 and line.price > 0)

    @cached_property
    def written_off(self) -> tuple[InvoiceLine, ...]:
        if self.is_credit or self.is_adjustment:
            return ()
        return tuple(line for line in self.lines if line.quantity < 0 and line.price == 0)

    @cached_property
    def credited(self) -> tuple[InvoiceLine, ...]:
        if not self.is_credit:
            return ()
        return tuple(line for line in self.lines if line.quantity < 0 and line.price > 0)

    @cached_property
    def others(self) -> tuple[InvoiceLine, ...]:
        """Lines that neither sell, credit nor write off: bad debts, gifts, corrections."""
        known = {id(line) for line in (*self.sold, *self.written_off, *self.credited)}
        return tuple(line for line in self.lines if id(line) not in known)


def read_invoices(directory: Path) -> list[Invoice]:
    """Return the invoices of all `.csv` and `.csv.gz` files under `directory`, oldest first.

    Files with other columns are left alone. Time order is the invoice's (first) date, then its
    number.

    Raises: FilesUnusable.
    """
    paths = [directory] if directory.is_file() else sorted(directory.rglob("*.csv*"))
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for path in paths:
        for row in _rows(path):
            rows[row["InvoiceNo"].strip()].append(row)
    if not rows:
        raise FilesUnusable(where=str(directory), reason="no invoice lines were found here.")
    return sorted((_invoice(number, each) for number, each in rows.items()), key=_moment)


def _moment(invoice: Invoice) -> tuple[datetime, str]:
    return invoice.moment


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with _opened(path) as file:
        table = csv.DictReader(file)
        if not set(table.fieldnames or ()) >= NEEDED:
            return
        yield from table


def _opened(path: Path) -> TextIO:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return io.StringIO(text, newline="")


def _invoice(number: str, rows: Sequence[dict[str, str]]) -> Invoice:
    try:
        return Invoice(
            number=number,
            at=min(_at(row["InvoiceDate"]) for row in rows),
            customer=next((_customer(row) for row in rows if _customer(row)), ""),
            country=rows[0]["Country"].strip(),
            lines=tuple(_line(row) for row in rows),
        )
    except (ValueError, InvalidOperation) as error:
        raise FilesUnusable(where=f"Invoice {number}", reason=f"{error}.") from error


def _line(row: dict[str, str]) -> InvoiceLine:
    return InvoiceLine(
        code=row["StockCode"].strip(),
        description=(row.get("Description") or "").strip(),
        quantity=int(row["Quantity"]),
        price=Decimal(row["UnitPrice"]),
    )


def _customer(row: dict[str, str]) -> str:
    return (row["CustomerID"] or "").strip().removesuffix(".0")


def _at(text: str) -> datetime:
    for form in MOMENTS:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a date and time")
