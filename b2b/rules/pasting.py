"""Lines as people paste them: from a spreadsheet, a mail, a list.

Columns are told apart by their headers where the first row has some, else by what stands in them.
A row that can be read in two ways is not read at all: a person looks at it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_LINES = 1_000
LONGEST_CODE = 64
MOST_UNITS = 1_000_000

CODE, QUANTITY, PRICE, DAY = "code", "quantity", "price", "day"
HEADERS = {
    CODE: "sku code article articlenumber articleno item itemno itemnumber partnumber part product "
    "productcode ean gtin barcode artikel artikelnummer referenz reference ref",
    QUANTITY: "quantity qty units pcs pieces amount count number ordered menge anzahl aantal stk",
    PRICE: "price unitprice priceeach each cost preis einzelpreis prijs",
    DAY: "date day requested requestedon needed neededby deliverby delivery datum lieferdatum",
}
NAMES = {word: column for column, words in HEADERS.items() for word in words.split()}
UNITS = re.compile(r"(?i)\s*(x|pcs?|pieces?|units?|stk|st|ea)\.?$")
MONEY = re.compile(r"(?i)^(eur|usd|gbp|€|\$|£)\s*|\s*(eur|usd|gbp|€|\$|£)$")
WHOLE = re.compile(r"\d{1,7}")
GROUPED = re.compile(r"\d{1,3}([.,' ])\d{3}(\1\d{3})*")


@dataclass(frozen=True)
class PastedLine:
    """A row that was read. `row` counts from one; what the row does not say is None."""

    row: int
    code: str
    quantity: int
    price: Decimal | None = None
    day: date | None = None


@dataclass(frozen=True)
class Unread:
    """A row that was not, and why."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True)
class Pasted:
    lines: list[PastedLine]
    unread: list[Unread]


class Unreadable(ValueError):
    """Why a cell was not read."""


def read_pasted(text: str) -> Pasted:
    """Return the lines in `text`, and every row that is not one with its reason.

    Cells stand between tabs, semicolons, commas or wide gaps: whatever splits the first row.
    Rows beyond `MOST_LINES` are unread.
    """
    rows = [(n, row) for n, row in enumerate(text.splitlines(), start=1) if row.strip()]
    cells = [(n, row, _split(row, _delimiter([row for _, row in rows]))) for n, row in rows]
    columns = _named(cells[0][2]) if cells else {}
    if columns:
        cells = cells[1:]
    else:
        columns = _guessed([row for _, _, row in cells])
    lines: list[PastedLine] = []
    unread: list[Unread] = []
    for n, row, parts in cells:
        try:
            if len(lines) >= MOST_LINES:
                raise Unreadable(f"more than {MOST_LINES} lines")
            lines.append(_line(n, parts, columns))
        except Unreadable as reason:
            unread.append(Unread(n, row.strip()[:200], str(reason)))
    return Pasted(lines, unread)


def _delimiter(rows: Sequence[str]) -> str:
    for mark in ("\t", ";"):
        if any(mark in row for row in rows):
            return mark
    spaced = [row for row in rows if re.search(r"\S\s+\S", row.strip())]
    if any(re.search(r",\s|,(?=[^\d])|[^\d],", row) for row in rows) or not spaced:
        return ","
    return " "


def _split(row: str, mark: str) -> list[str]:
    parts = re.split(r"\s{2,}|\s+(?=\S+$)", row.strip()) if mark == " " else row.split(mark)
    return [part.strip().strip('"').strip() for part in parts]


def _named(cells: Sequence[str]) -> dict[str, int]:
    """Which column is which, when this row says so: it must name a code."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        column = NAMES.get(re.sub(r"[^a-z]", "", cell.casefold()))
        if column and column not in found:
            found[column] = index
    return found if CODE in found else {}


def _guessed(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Which column is which, by what most of the cells are: code and quantity at least."""
    width = max((len(row) for row in rows), default=0)
    columns = [[row[at] for row in rows if at < len(row) and row[at]] for at in range(width)]
    days = [at for at, cells in enumerate(columns) if cells and all(map(_is_day, cells))]
    counts = [
        at
        for at, cells in enumerate(columns)
        if at not in days and cells and _most(cells, _is_count)
    ]
    codes = [at for at, cells in enumerate(columns) if at not in days and cells]
    letters = [at for at in codes if any(re.search(r"[A-Za-z]", cell) for cell in columns[at])]
    code = next(iter(letters or codes), None)
    quantity = next((at for at in counts if at != code), None)
    if code is None or quantity is None:
        return {}
    price = next(
        (
            at
            for at, cells in enumerate(columns)
            if at not in (code, quantity, *days) and cells and _most(cells, _is_amount)
        ),
        None,
    )
    found = {CODE: code, QUANTITY: quantity}
    if price is not None:
        found[PRICE] = price
    if days:
        found[DAY] = days[0]
    return found


def _most(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return sum(test(cell) for cell in cells) * 2 > len(cells)


def _is_count(cell: str) -> bool:
    return bool(WHOLE.fullmatch(UNITS.sub("", cell)))


def _is_amount(cell: str) -> bool:
    try:
        amount(cell)
    except Unreadable:
        return False
    return True


def _is_day(cell: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell))


def _line(n: int, parts: Sequence[str], columns: dict[str, int]) -> PastedLine:
    if not columns:
        raise Unreadable("no SKU with a quantity in it")

    def cell(column: str) -> str:
        at = columns.get(column)
        return parts[at] if at is not None and at < len(parts) else ""

    code = cell(CODE)
    if not code:
        raise Unreadable("no SKU")
    if len(code) > LONGEST_CODE:
        raise Unreadable(f"a SKU has at most {LONGEST_CODE} characters")
    price, day = cell(PRICE), cell(DAY)
    return PastedLine(
        row=n,
        code=code,
        quantity=quantity(cell(QUANTITY)),
        price=amount(price) if price else None,
        day=_day(day) if day else None,
    )


def quantity(cell: str) -> int:
    """Return a number of units; `Unreadable` for none, parts of one, and 1.000 (is it one?)."""
    bare = UNITS.sub("", cell.strip())
    if not bare:
        raise Unreadable("no quantity")
    if GROUPED.fullmatch(bare):
        raise Unreadable(f"{bare} may be thousands or a fraction: write it without marks")
    if re.fullmatch(r"\d+[.,]0+", bare):
        bare = re.split(r"[.,]", bare)[0]
    if not WHOLE.fullmatch(bare) or not 0 < int(bare) <= MOST_UNITS:
        raise Unreadable(f"{cell.strip()} is no number of units")
    return int(bare)


def amount(cell: str) -> Decimal:
    """Return an amount written as 1234.50, 1,234.50, 1.234,50 or 1234,5; no negative ones."""
    bare = MONEY.sub("", MONEY.sub("", cell.strip())).replace(" ", "").replace("'", "")
    if not re.fullmatch(r"\d{1,12}(?:[.,]\d{3})*(?:[.,]\d{1,6})?", bare):
        raise Unreadable(f"{cell.strip()} is no amount")
    marks = re.findall(r"[.,]", bare)
    if not marks:
        return Decimal(bare)
    last = bare.rfind(marks[-1])
    whole, part = bare[:last], bare[last + 1 :]
    if len(set(marks)) == 1 and len(part) == 3 and 0 < len(whole.replace(marks[0], "")) <= 3:
        raise Unreadable(f"{bare} may be thousands or a fraction: write it without marks")
    if len(set(marks)) == 1 and len(marks) > 1:
        return Decimal(re.sub(r"[.,]", "", bare))
    return Decimal(f"{re.sub(r'[.,]', '', whole)}.{part}")


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise Unreadable(f"{cell} is no day: write 2026-11-23") from None
