"""XLSX written as it is read: the first bytes leave at once, memory stays that of a few rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import IO, cast
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Written = str | int | float | Decimal | bool | date | None

MOST_ROWS = 1_048_576
"""Rows that a spreadsheet shows on one sheet."""

ROWS_AT_ONCE = 500
_EPOCH = date(1899, 12, 30).toordinal()
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BEGIN = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'
_END = "</sheetData></worksheet>"
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf numFmtId="14" applyNumberFormat="1" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


class _Pipe:
    """A file that gives back what was written to it since the last time."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, content: bytes, /) -> int:
        self._written.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        taken, self._written = b"".join(self._written), []
        return taken


def workbook(rows: Iterable[Sequence[Written]]) -> Iterator[bytes]:
    """Yield a workbook of these rows, the first of which heads every sheet: one that is full is
    followed by another."""
    pipe, lines, sheets = _Pipe(), iter(rows), 0
    heading = _row(next(lines, ()))
    with ZipFile(cast("IO[bytes]", pipe), "w", ZIP_DEFLATED, compresslevel=3) as archive:
        first = next(lines, None)
        while first is not None or not sheets:
            sheets += 1
            named = f"xl/worksheets/sheet{sheets}.xml"
            some = islice(chain([first] if first is not None else [], lines), MOST_ROWS - 1)
            with archive.open(_info(named), "w") as sheet:
                sheet.write((_BEGIN + heading).encode())
                while texts := "".join(map(_row, islice(some, ROWS_AT_ONCE))):
                    sheet.write(texts.encode())
                    if written := pipe.take():
                        yield written
                sheet.write(_END.encode())
            first = next(lines, None)
        for name, text in _frame(sheets):
            archive.writestr(_info(name), text)
    yield pipe.take()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    return info


def _row(cells: Sequence[Written]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(cell: Written) -> str:
    match cell:
        case None:
            return "<c/>"
        case str():
            said = escape(cell).replace("\r", "_x000D_")
            return f'<c t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
        case bool():
            return f'<c t="b"><v>{int(cell)}</v></c>'
        case Decimal():
            return f"<c><v>{cell:f}</v></c>"
        case date():
            return f'<c s="1"><v>{cell.toordinal() - _EPOCH}</v></c>'
    return f"<c><v>{cell!r}</v></c>"


def _frame(sheets: int) -> Iterator[tuple[str, str]]:
    """What makes sheets a workbook."""
    every = range(1, sheets + 1)
    yield "xl/styles.xml", _STYLES
    yield (
        "xl/workbook.xml",
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{"Table" if n == 1 else f"Table {n}"}" sheetId="{n}" r:id="rId{n}"/>'
            for n in every
        )
        + "</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{n}.xml"/>'
            for n in every
        )
        + f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        + "</Relationships>",
    )
    yield (
        "_rels/.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            f'ContentType="{_TYPE}.worksheet+xml"/>'
            for n in every
        )
        + "</Types>",
    )
