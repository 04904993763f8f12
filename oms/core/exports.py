"""Tables that we hand out: CSV and XLSX, row by row, safe to open in a spreadsheet.

Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers, dates and truth
values that are ours stay what they are.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from oms.core.workbooks import workbook

Cell = str | int | float | Decimal | bool | date | datetime | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_STARTS = "=+@\uff1d\uff0b\uff0d\uff20\t\r-"
_FORMULA = re.compile(rf"\s*[{_STARTS}]")
_AFTER_DELIMITER = re.compile(rf'([;\t]["\s]*)(?=[{_STARTS}])')
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_XLSX_TEXT = 32_767


class _Line:
    """A file for csv.writer that gives back the line just written."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def write_csv(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the table as UTF-8 CSV, a line at a time: commas, CRLF, every text in quotes."""
    line = _Line()
    writer = csv.writer(line, quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([_for_csv(cell) for cell in row])
        yield line.text.encode()


def write_xlsx(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the table as an XLSX file, some rows at a time; the first row heads every sheet."""
    return workbook([_for_xlsx(cell) for cell in row] for row in rows)


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, wherever it splits cells.

    Characters that no table can hold are left out.
    """
    text = _UNPRINTABLE.sub("", text)
    if _FORMULA.match(text):
        text = f"'{text}"
    return _AFTER_DELIMITER.sub(r"\1'", text)


def _for_csv(cell: Cell) -> str | int | float | Decimal | None:
    match cell:
        case None:
            return None
        case bool():
            return "true" if cell else "false"
        case str():
            return neutral(cell)
        case Decimal():
            plain = format(cell, "f")
            return plain if "E" in str(cell) else cell
        case date():
            return cell.isoformat()
    return cell


def _for_xlsx(cell: Cell) -> str | int | float | Decimal | bool | date | None:
    match cell:
        case str():
            return neutral(cell)[:_LONGEST_XLSX_TEXT]
        case datetime():
            return cell.isoformat()
    return cell
