"""What a table shows at first sight: its columns, its first rows, and what of it is certain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO

from oms.core import foreign, tables
from oms.core.foreign import Format
from oms.core.imports import Importer
from oms.core.mapping import Sources, headers_of, samples

ROWS_SEEN = 500
LIKELY = ("cp1252", "mac_roman")
"""How a text that is no Unicode is shown until somebody says what it is."""


@dataclass(frozen=True)
class Sight:
    """`is_readable` says whether its letters are certain."""

    told: Format
    is_readable: bool
    is_workbook: bool
    headers: list[str]
    rows: list[list[str]]


def look(file: IO[bytes], *, encoding: str = "", delimiter: str = "") -> Sight:
    """Read the beginning of a table; `encoding` and `delimiter` are what somebody said.

    Raises: BadTable.
    """
    is_workbook = tables.is_workbook(file)
    proven = "utf-8-sig" if is_workbook else foreign.encoding_of(file)
    encoding = encoding or proven or _likely(file)
    if not delimiter and not is_workbook:
        delimiter = _delimiter(file, encoding)
    lines = tables.records(file, encoding=encoding, delimiter=delimiter)
    try:
        seen = [cells for _, cells in islice(lines, ROWS_SEEN + 1)]
    finally:
        lines.close()
    heading, *rows = seen or [[]]
    while heading and not heading[-1]:
        heading.pop()
    told = Format(encoding=encoding, delimiter=delimiter)
    return Sight(told, encoding == proven, is_workbook, headers_of(heading), rows)


def _likely(file: IO[bytes]) -> str:
    first, last = LIKELY
    file.seek(0)
    try:
        while chunk := file.read(1 << 20):
            chunk.decode(first)
    except UnicodeDecodeError:
        return last
    return first


def _delimiter(file: IO[bytes], encoding: str) -> str:
    """The delimiter that the first line with any in it uses most."""
    file.seek(0)
    start = file.read(65_536).decode(encoding, "replace")
    for line in start.splitlines():
        if count := max(line.count(each) for each in tables.DELIMITERS):
            return next(each for each in tables.DELIMITERS if line.count(each) == count)
    return ","


def settled(importer: Importer, sight: Sight, sources: Sources, told: Format) -> Format:
    """Return `told` with what the cells prove beyond doubt, where nothing was said."""
    numbers, days = _numbers(importer, sight, sources), _days(importer, sight, sources)
    return replace(
        told,
        decimals=told.decimals or foreign.decimals_of(numbers) or "",
        dates=told.dates or foreign.dates_of(days) or "",
    )


def doubts(importer: Importer, sight: Sight, sources: Sources, told: Format) -> list[str]:
    """The names of what has to be said, since the cells leave it open."""
    open_to: list[str] = []
    if not told.decimals and foreign.decimals_of(_numbers(importer, sight, sources)) is None:
        open_to.append("decimals")
    if not told.dates and foreign.dates_of(_days(importer, sight, sources)) is None:
        open_to.append("dates")
    moments = samples(importer, sight.headers, sight.rows, sources, "moment")
    if not told.time_zone and foreign.lacks_zone(moments):
        open_to.append("time_zone")
    return open_to


def contradicts(importer: Importer, sight: Sight, sources: Sources, told: Format) -> bool:
    """Whether the cells prove something else than what was said of other files like it."""
    decimals = foreign.decimals_of(_numbers(importer, sight, sources))
    dates = foreign.dates_of(_days(importer, sight, sources))
    return bool(
        (decimals and told.decimals not in {"", decimals})
        or (dates and told.dates not in {"", dates})
    )


def _numbers(importer: Importer, sight: Sight, sources: Sources) -> Sequence[str]:
    return samples(importer, sight.headers, sight.rows, sources, "decimal", "integer")


def _days(importer: Importer, sight: Sight, sources: Sources) -> Sequence[str]:
    return samples(importer, sight.headers, sight.rows, sources, "day", "moment")
