"""Tables that people send us: CSV and XLSX read strictly, row by row.

A file that is not in order is refused as a whole (`BadTable`, it says where); a cell that is not,
by whoever asks for it (`oms.core.cells`). Nothing here knows what a row means. Memory stays small
however long a CSV file is. Writing is in `oms.core.exports`.
"""

import csv
import unicodedata
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from oms.core.errors import Invalid

MOST_ROWS = 1_000_000
MOST_COLUMNS = 200
LONGEST_LINE = 1_000_000
"""Characters of one line, which is also the limit for a row whose quoted cells span lines."""

LARGEST_WORKBOOK_BYTES = 50 * 1024 * 1024
"""Bytes that all parts of an XLSX file may unpack to."""

HIGHEST_RATIO = 100
"""How many times a part of an XLSX file may grow; real ones grow up to about 20 times."""

RATIO_FROM_BYTES = 1_000_000
"""Below this size a part may grow as it likes: blank ones pack very well."""

Records = Generator[tuple[int, list[str]], None, None]
"""Cells with the line that they begin on."""

DELIMITERS = ",;\t"


@dataclass(eq=False)
class BadTable(Invalid):
    """The file as a whole cannot be read as the table it should be."""

    where: str
    reason: str

    message = "{where}: {reason}."


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its line in the file (from 1, headers included), its text by column.

    Text is stripped and in Unicode's composed form (NFC). Columns that the file lacks are blank.
    """

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read(
    source: str | Path | IO[bytes], *, required: Iterable[str], optional: Iterable[str] = ()
) -> Iterator[Row]:
    """Yield the rows of a CSV file (UTF-8; comma, semicolon, tab) or an XLSX file's first sheet.

    `source` is a path or a binary file that can seek. Blank rows are skipped. Header names are
    compared without case. The file is looked at when the first row is asked for, and rows before
    a fault are yielded before it is raised: do not keep them when it is.

    Raises: BadTable.
    """
    with ExitStack() as stack:
        file = _opened(source, stack)
        start = file.read(2)
        if start in (b"\xff\xfe", b"\xfe\xff"):
            raise BadTable(where="The file", reason="it is UTF-16; save it as UTF-8")
        lines = _records(file, stack, "utf-8-sig", "")
        stack.callback(lines.close)
        yield from _rows(lines, list(required), list(optional))


def records(
    source: str | Path | IO[bytes], *, encoding: str = "utf-8-sig", delimiter: str = ""
) -> Records:
    """Yield the rows of a table as they stand, whoever made it: cells stripped and in Unicode's
    composed form, with the line each begins on. Blank rows are skipped.

    `encoding` is that of a text file; without `delimiter` it is the one its first line uses most.

    Raises: BadTable.
    """
    with ExitStack() as stack:
        file = _opened(source, stack)
        lines = _records(file, stack, encoding, delimiter)
        stack.callback(lines.close)
        for line, cells in lines:
            texts = [unicodedata.normalize("NFC", cell).strip() for cell in cells]
            if any(texts):
                yield line, texts


def is_workbook(source: IO[bytes]) -> bool:
    """Whether this is an XLSX file, by how it begins."""
    source.seek(0)
    return source.read(2) == b"PK"


def _records(file: IO[bytes], stack: ExitStack, encoding: str, delimiter: str) -> Records:
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"PK"):
        return _sheet(file, stack)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadTable(where="The file", reason="old Excel files are not read; save it as .xlsx")
    return _text(file, encoding, delimiter)


def _opened(source: str | Path | IO[bytes], stack: ExitStack) -> IO[bytes]:
    if not isinstance(source, str | Path):
        source.seek(0)
        return source
    try:
        return stack.enter_context(Path(source).open("rb"))
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise BadTable(where=Path(source).name, reason=reason) from error


def _rows(
    lines: Iterator[tuple[int, list[str]]], required: list[str], optional: list[str]
) -> Iterator[Row]:
    number, heading = next(lines, (1, []))
    columns = _columns(number, heading, required, optional)
    for count, (line, cells) in enumerate(lines, start=1):
        if count > MOST_ROWS:
            raise BadTable(where=f"Line {line}", reason=f"there are more than {MOST_ROWS:,} rows")
        if len(cells) > len(columns):
            if any(cell.strip() for cell in cells[len(columns) :]):
                reason = f"{len(cells)} cells under {len(columns)} headers"
                raise BadTable(where=f"Line {line}", reason=reason)
            cells = cells[: len(columns)]
        texts = [unicodedata.normalize("NFC", cell).strip() for cell in cells]
        if any(texts):
            texts += [""] * (len(columns) - len(texts))
            yield Row(line, dict(zip(columns, texts, strict=True)))


def _columns(line: int, heading: list[str], required: list[str], optional: list[str]) -> list[str]:
    """Return the names of the columns, which must be the ones asked for."""
    where = f"Line {line}"
    columns = [unicodedata.normalize("NFC", name).strip().lower() for name in heading]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise BadTable(where=where, reason="there is no header row")
    if len(columns) > MOST_COLUMNS:
        raise BadTable(where=where, reason=f"there are more than {MOST_COLUMNS} columns")
    if "" in columns:
        position = columns.index("") + 1
        raise BadTable(where=where, reason=f"column {position} has no name")
    _refuse_names(
        where, "columns that are there twice", [c for c in columns if columns.count(c) > 1]
    )
    _refuse_names(where, "unknown columns", [c for c in columns if c not in {*required, *optional}])
    _refuse_names(where, "missing columns", [c for c in required if c not in columns])
    return columns


def _refuse_names(where: str, what: str, names: list[str]) -> None:
    if names:
        listed = ", ".join(name[:40] for name in dict.fromkeys(names[:10]))
        raise BadTable(where=where, reason=f"{what}: {listed}")


def _text(file: IO[bytes], encoding: str, delimiter: str) -> Records:
    """Yield the records of a CSV file with the line each begins on."""
    text = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        lines = _checked_lines(text)
        first = next(lines, "")
        rest = chain([first], lines)
        reader = csv.reader(rest, delimiter=delimiter or _delimiter(first), strict=True)
        while True:
            begins = reader.line_num + 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise BadTable(where=f"Line {begins}", reason=_csv_fault(str(error))) from error
            if len(record) > MOST_COLUMNS:
                reason = f"there are more than {MOST_COLUMNS} columns"
                raise BadTable(where=f"Line {begins}", reason=reason)
            yield begins, record
    finally:
        text.detach()  # the file is its owner's to close


def _checked_lines(text: TextIOWrapper) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        where = f"Line {number}"
        try:
            line = text.readline(LONGEST_LINE + 1)
        except UnicodeError as error:
            what = "UTF-8" if text.encoding.startswith("utf-8") else text.encoding
            reason = f"it is not {what} text"
            raise BadTable(where=f"About line {number}", reason=reason) from error
        if not line:
            return
        if len(line) > LONGEST_LINE:
            raise BadTable(where=where, reason=f"it is longer than {LONGEST_LINE:,} characters")
        if "\0" in line:
            raise BadTable(where=where, reason="it contains a NUL character")
        yield line


def _delimiter(heading: str) -> str:
    """Return the delimiter that the header line uses most."""
    return max(DELIMITERS, key=heading.count)


def _csv_fault(error: str) -> str:
    if "unexpected end" in error:
        return "a quote is opened and never closed"
    if "field limit" in error:
        return (
            f"a cell is longer than {csv.field_size_limit():,} characters, or its quote not closed"
        )
    return "its quotes are not in order"


def _sheet(file: IO[bytes], stack: ExitStack) -> Records:
    """Yield the rows of an XLSX file's first sheet."""
    _refuse_bombs(file)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        stack.callback(book.close)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
        for line, values in enumerate(rows, start=1):
            if len(values) > MOST_COLUMNS and values[MOST_COLUMNS] is not None:
                reason = f"there are more than {MOST_COLUMNS} columns"
                raise BadTable(where=f"Line {line}", reason=reason)
            cells = [_plain(value) for value in values[:MOST_COLUMNS]]
            if any("\0" in cell for cell in cells):
                raise BadTable(where=f"Line {line}", reason="it contains a NUL character")
            if any(len(cell) > LONGEST_LINE for cell in cells):
                reason = f"it is longer than {LONGEST_LINE:,} characters"
                raise BadTable(where=f"Line {line}", reason=reason)
            yield line, cells
    except _BROKEN_WORKBOOK as error:
        raise BadTable(where="The file", reason="it is no XLSX workbook, or damaged") from error


_BROKEN_WORKBOOK = (
    AttributeError,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    OSError,
    OverflowError,
    ParseError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
"""What the library raises for workbooks that are not in order: nearly anything."""


def _refuse_bombs(file: IO[bytes]) -> None:
    """Refuse an archive that unpacks to too much, by what it says of itself and by unpacking it."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > LARGEST_WORKBOOK_BYTES:
                raise BadTable(where="The file", reason="it unpacks to more than 50 MB")
            total = 0
            for part in parts:
                size = _unpacked(archive, part)
                total += size
                packed = max(part.compress_size, 1)
                if size > RATIO_FROM_BYTES and size / packed > HIGHEST_RATIO:
                    raise BadTable(
                        where="The file", reason="it unpacks to more than 100 times its size"
                    )
                if total > LARGEST_WORKBOOK_BYTES:
                    raise BadTable(where="The file", reason="it unpacks to more than 50 MB")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, zlib.error) as error:
        raise BadTable(where="The file", reason="it is no XLSX workbook, or damaged") from error
    file.seek(0)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return how large a part really is, and refuse XML that declares entities."""
    size, before = 0, b""
    with archive.open(part) as content:
        while chunk := content.read(65536):
            size += len(chunk)
            if size > LARGEST_WORKBOOK_BYTES:
                raise BadTable(where="The file", reason="it unpacks to more than 50 MB")
            if b"<!DOCTYPE" in before + chunk or b"<!ENTITY" in before + chunk:
                raise BadTable(where="The file", reason="its XML declares entities")
            before = chunk[-9:]
    return size


def _plain(value: Any) -> str:
    """Return an XLSX cell as the text a person would have typed: 12 for 12.0."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date() | time():
            return value.isoformat()
    return str(value)
