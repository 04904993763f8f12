"""The grid in which lines of a purchase order or a quote are written: typed, scanned or pasted.

What is in the grid travels as text, cell by cell, so that nothing typed is lost however wrong it
is. A page works without scripts; with them the same form is kept as it is written.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from b2b.models import Company
from b2b.rules.pasting import Pasted, Unreadable, amount, quantity, read_pasted
from b2b.rules.pricing import Offer
from b2b.selectors import company_prices, price_breaks
from inventory.selectors import offers_of
from oms.catalog.models import Sku
from oms.catalog.selectors import skus_like
from oms.core.money import ZERO, rounded

BLANK_ROWS = 6
MOST_ROWS = 1_000
CELLS = ("sku", "quantity", "price", "day")


@dataclass(frozen=True)
class Row:
    """One line as it was written, and what was found for it."""

    sku: str = ""
    quantity: str = ""
    price: str = ""
    day: str = ""
    code: str = ""
    name: str = ""
    units: int | None = None
    named_price: Decimal | None = None
    requested_on: date | None = None
    offer: Offer | None = None
    next_break: Offer | None = None
    available: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not (self.sku or self.quantity or self.price)

    @property
    def unit_price(self) -> Decimal | None:
        """What it goes by: the price that was named, else the company's."""
        if self.named_price is not None:
            return self.named_price
        return self.offer.unit_price if self.offer else None

    @property
    def short(self) -> int:
        """Units that are not on hand now."""
        return max(0, (self.units or 0) - self.available)

    def amount(self, currency: str) -> Decimal | None:
        price = self.unit_price
        if price is None or self.units is None:
            return None
        return rounded(self.units * price, currency)


def rows_in(data: QueryDict) -> list[Row]:
    """Return the rows as they were sent, blank ones at the end left out."""
    columns = [data.getlist(cell)[:MOST_ROWS] for cell in CELLS]
    width = max((len(column) for column in columns), default=0)
    rows = [
        _row([column[at].strip() if at < len(column) else "" for column in columns])
        for at in range(width)
    ]
    while rows and rows[-1].is_blank:
        rows.pop()
    return rows


def _row(cells: Sequence[str]) -> Row:
    sku, quantity, price, day = (cell[:80] for cell in cells[:4])
    return Row(sku=sku, quantity=quantity, price=price, day=day)


def with_pasted(rows: Sequence[Row], text: str) -> tuple[list[Row], Pasted]:
    """Return the rows with those of `text` after them, and what was read of it."""
    pasted = read_pasted(text)
    kept = [row for row in rows if not row.is_blank]
    added = [
        Row(
            sku=line.code,
            quantity=str(line.quantity),
            price=f"{line.price}" if line.price is not None else "",
            day=line.day.isoformat() if line.day else "",
        )
        for line in pasted.lines
    ]
    return [*kept, *added][:MOST_ROWS], pasted


def checked(rows: Sequence[Row], company: Company, on: date) -> list[Row]:
    """Return the rows with SKU, price and stock found for each, and what is wrong with it.

    A SKU is found by its code, in any case, or its barcode; rows of one SKU reach a quantity,
    and use up what is on hand, together. Six queries, however many rows.
    """
    known = _skus(row.sku for row in rows if row.sku)
    read = [_read(row, known) for row in rows]
    codes = sorted({row.code for row in read if row.code})
    wanted: Counter[str] = Counter()
    for row in read:
        if row.code:
            wanted[row.code] += row.units or 0
    offers = company_prices(company, {code: max(1, units) for code, units in wanted.items()}, on)
    breaks = price_breaks(company, codes, on)
    left = {code: offer.promisable for code, offer in offers_of(codes).items()}
    found = []
    for row in read:
        if row.code:
            further = [
                each for each in breaks.get(row.code, ()) if each.min_quantity > wanted[row.code]
            ]
            row = replace(
                row,
                offer=offers.get(row.code),
                next_break=further[0] if further else None,
                available=max(0, left.get(row.code, 0)),
            )
            left[row.code] = left.get(row.code, 0) - (row.units or 0)
            if row.unit_price is None and "price" not in row.errors:
                message = _("No price is agreed in {currency}: give one.")
                wrong = {**row.errors, "price": message.format(currency=company.currency)}
                row = replace(row, errors=wrong)
        found.append(row)
    return found


def _skus(written: Iterable[str]) -> dict[str, Sku]:
    """Return SKUs by what was written for them, in lower case: by code, else by barcode."""
    wanted = set(written)
    spelled = {way for text in wanted for way in (text, text.upper(), text.lower())}
    barcodes = Sku.objects.filter(barcode__in=wanted - {""})
    found = {sku.barcode.casefold(): sku for sku in barcodes}
    found.update({sku.code.casefold(): sku for sku in Sku.objects.filter(code__in=spelled)})
    return found


def _read(row: Row, known: Mapping[str, Sku]) -> Row:
    if row.is_blank:
        return row
    wrong: dict[str, str] = {}
    sku = known.get(row.sku.casefold())
    if not row.sku:
        wrong["sku"] = _("Which SKU?")
    elif sku is None:
        wrong["sku"] = _("There is no such SKU in the catalog.")
    units: int | None = None
    price: Decimal | None = None
    day: date | None = None
    try:
        units = quantity(row.quantity)
    except Unreadable as reason:
        wrong["quantity"] = str(reason).capitalize() + "."
    try:
        price = amount(row.price) if row.price else None
    except Unreadable as reason:
        wrong["price"] = str(reason).capitalize() + "."
    try:
        day = date.fromisoformat(row.day) if row.day else None
    except ValueError:
        wrong["day"] = _("Write the day as 2026-12-01.")
    return replace(
        row,
        code=sku.code if sku else "",
        name=sku.name if sku else "",
        units=units,
        named_price=price,
        requested_on=day,
        errors=wrong,
    )


def without_prices(rows: Sequence[Row]) -> list[Row]:
    """Return the rows as a buyer may write them: every price is ours."""
    return [replace(row, price="") for row in rows]


def without_need_of_price(rows: Sequence[Row]) -> list[Row]:
    """Return the rows as one asks with them: what has no price yet is nothing wrong."""
    return [row if row.price else replace(row, errors=_less(row.errors, "price")) for row in rows]


def _less(errors: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: said for key, said in errors.items() if key != name}


def look_up(words: str, company: Company, on: date, limit: int = 8) -> list[Row]:
    """Return what somebody may mean by these words, as rows without units."""
    found = skus_like(words)[:limit] if len(words) > 1 else []
    return checked([Row(sku=sku.code, quantity="1") for sku in found], company, on)


def total(rows: Sequence[Row], currency: str) -> Decimal:
    return sum((row.amount(currency) or ZERO for row in rows), ZERO)


def padded(rows: Sequence[Row], to: int | None = None) -> list[Row]:
    """Return the rows with blank ones to write on, or with as many as there are `to` be."""
    more = BLANK_ROWS if to is None else to - len(rows)
    return [*rows, *[Row()] * max(0, min(more, MOST_ROWS - len(rows)))]


def kept_text(rows: Sequence[Row]) -> str:
    """Return the rows as text that `from_text` reads: what an undo goes back to."""
    return json.dumps([[getattr(row, cell) for cell in CELLS] for row in rows])


def from_text(text: str) -> list[Row]:
    """Return rows that were kept; none for what is no such text."""
    try:
        cells: Any = json.loads(text)
        return [_row([str(cell) for cell in each]) for each in cells[:MOST_ROWS]]
    except (ValueError, TypeError, KeyError):
        return []
