"""Columns of others beside ours: which of theirs say what, guessed by name and read that way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms.core import tables
from oms.core.cells import BadCell
from oms.core.columns import Column
from oms.core.foreign import Format, in_ours, kind_of
from oms.core.imports import BadRow, Importer
from oms.core.tables import BadTable

NOW = "now"
"""What stands for the moment a file came, in a column of times."""

REMARK = "what is wrong"
"""The column that we add to rows which are to be mended: it is passed over when they come again."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "name": ("fullname", "customername", "title", "description"),
    "email": ("emailaddress", "mail", "customeremail", "contactemail"),
    "phone": ("phonenumber", "telephone", "tel", "mobile"),
    "line1": ("address", "address1", "addressline1", "street", "streetaddress"),
    "line2": ("address2", "addressline2"),
    "city": ("town",),
    "region": ("state", "province", "county"),
    "postal_code": ("zip", "zipcode", "postcode"),
    "country": ("countrycode", "countryiso"),
    "currency": ("currencycode",),
    "sku": ("itemsku", "productsku", "articlenumber", "itemnumber", "article", "productcode"),
    "quantity": ("qty", "units", "pieces", "amountofitems"),
    "price": ("unitprice", "salesprice"),
    "on_hand": ("stock", "quantity", "qty", "onhandquantity", "available"),
    "barcode": ("ean", "gtin", "upc"),
    "code": ("id", "number"),
    "external_id": ("id", "customerid", "customernumber"),
    "location": ("warehouse", "locationcode"),
    "weight_g": ("weight", "weightgrams", "weightg"),
}


@dataclass(frozen=True)
class Source:
    """Where a column of ours comes from: columns of theirs, joined by a space, or the same for all
    rows. With both, what is the same for all stands where theirs is blank."""

    headers: tuple[str, ...] = ()
    constant: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"headers": list(self.headers), "constant": self.constant}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Source:
        return cls(tuple(said["headers"]), said["constant"])


Sources = Mapping[str, Source]


def plain(header: str) -> str:
    """A header without case, accents, spaces and signs."""
    bare = unicodedata.normalize("NFKD", header).casefold()
    return re.sub(r"[^\w]|_", "", "".join(c for c in bare if not unicodedata.combining(c)))


def headers_of(cells: Sequence[str]) -> list[str]:
    """Return the names of columns, each once: what has none, or another's, is numbered.

    Raises: BadTable.
    """
    names: list[str] = []
    for nth, cell in enumerate(cells, start=1):
        name = (cell or f"column {nth}")[:200]
        names.append(name if name not in names else f"{name} ({nth})"[:210])
    if not names:
        raise BadTable(where="The file", reason="there is no header row")
    return names


def every_column(importer: Importer) -> dict[str, Column]:
    return {**importer.columns, **importer.extra_columns}


def is_ours(importer: Importer, headers: Sequence[str]) -> bool:
    """Whether a file has our headers and no others: it is taken as it stands."""
    names = [header.lower() for header in headers if header != REMARK]
    return set(importer.required) <= set(names) <= set(importer.columns)


def known_file(importer: Importer, headers: Sequence[str]) -> str:
    """The name of those who write such files, where they are known by their headers."""
    theirs = {plain(header) for header in headers}
    return next((each.name for each in importer.known_files if each.told_by <= theirs), "")


def guess(
    importer: Importer, headers: Sequence[str], rows: Sequence[Sequence[str]]
) -> dict[str, Source]:
    """Return what theirs say in our words, as far as their names tell."""
    theirs = {plain(header): header for header in reversed(headers)}
    for each in importer.known_files:
        if each.told_by <= theirs.keys():
            return {
                ours: Source(tuple(theirs[name] for name in names if name in theirs))
                for ours, names in each.columns.items()
                if any(name in theirs for name in names)
            }
    found: dict[str, Source] = {}
    taken: set[str] = set()
    for names_of in (_our_name, _other_names(importer)):
        for ours, column in importer.columns.items():
            names = names_of(ours) if ours not in found else ()
            free = (theirs[name] for name in names if name in theirs)
            header = next((name for name in free if name not in taken), "")
            if header and _fits(column, _cells_of(headers.index(header), rows)):
                found[ours] = Source((header,))
                taken.add(header)
    return found


def _our_name(ours: str) -> tuple[str, ...]:
    return (plain(ours),)


def _other_names(importer: Importer) -> Callable[[str], tuple[str, ...]]:
    known = importer.also_called or SYNONYMS
    return lambda ours: known.get(ours, ())


def _cells_of(position: int, rows: Sequence[Sequence[str]]) -> list[str]:
    return [row[position] for row in rows if position < len(row) and row[position]]


def _fits(column: Column, said: Sequence[str]) -> bool:
    """Whether words that must be among a few are: `status` of others is seldom ours."""
    if kind_of(column) != "choice":
        return True
    try:
        for text in said:
            column(tables.Row(1, {"": text}), "")
    except BadCell:
        return False
    return bool(said)


def samples(
    importer: Importer,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    sources: Sources,
    *kinds: str,
) -> list[str]:
    """The cells of theirs that our columns of these kinds would be read from."""
    columns = every_column(importer)
    wanted = {
        header
        for ours, source in sources.items()
        if ours in columns and kind_of(columns[ours]) in kinds
        for header in source.headers
    }
    return [text for header in wanted for text in _cells_of(headers.index(header), rows)]


def missing(importer: Importer, sources: Sources) -> list[str]:
    """The columns that are needed, and that nothing says."""
    return [
        name
        for name in importer.required
        if name not in sources and importer.instead.get(name) not in sources
    ]


class Reader:
    """Reads rows of a file in the words of ours."""

    def __init__(
        self,
        importer: Importer,
        headers: Sequence[str],
        sources: Sources,
        told: Format,
        at: datetime,
    ) -> None:
        places = {header: position for position, header in enumerate(headers)}
        self._importer, self._told, self._width = importer, told, len(headers)
        self._columns = [
            (
                ours,
                kind_of(column),
                [places[header] for header in sources[ours].headers if header in places],
                at.isoformat() if sources[ours].constant == NOW else sources[ours].constant,
            )
            for ours, column in every_column(importer).items()
            if ours in sources
        ]
        self._key = [
            positions for ours, _, positions, _ in self._columns if ours in importer.parts_by
        ]

    def text_of(self, ours: str, cells: Sequence[str]) -> str:
        """What stands in a row where this column of ours is read."""
        places = {name: positions for name, _, positions, _ in self._columns}
        return _joined(places.get(ours, []), cells)

    def part_of(self, cells: Sequence[str]) -> tuple[str, ...]:
        """What tells the rows that belong together; empty for a row that stands alone."""
        key = tuple(_joined(positions, cells) for positions in self._key)
        return key if any(key) else ()

    def read(
        self, rows: Iterable[tuple[int, Sequence[str]]]
    ) -> tuple[list[tables.Row], list[BadRow]]:
        """Return rows in our words, and why some are not; of rows that belong together, all or
        none."""
        read = self._as_they_stand if self._told.is_ours else self._of_group
        groups = [list(rows)] if self._told.is_ours else self._groups(rows)
        good: list[tables.Row] = []
        bad: list[BadRow] = []
        for group in groups:
            taken, problems = read(group)
            good += taken
            bad += problems
        return good, bad

    def _as_they_stand(
        self, rows: Sequence[tuple[int, Sequence[str]]]
    ) -> tuple[list[tables.Row], list[BadRow]]:
        good: list[tables.Row] = []
        bad: list[BadRow] = []
        for line, cells in rows:
            if problem := self._too_wide(line, cells):
                bad.append(problem)
            else:
                texts = {ours: _joined(places, cells) for ours, _, places, _ in self._columns}
                good.append(tables.Row(line, texts))
        return good, bad

    def _groups(
        self, rows: Iterable[tuple[int, Sequence[str]]]
    ) -> list[list[tuple[int, Sequence[str]]]]:
        if not self._importer.whole_by:
            return [[row] for row in rows]
        groups: dict[Any, list[tuple[int, Sequence[str]]]] = {}
        for line, cells in rows:
            groups.setdefault(self.part_of(cells) or line, []).append((line, cells))
        return list(groups.values())

    def _of_group(
        self, group: Sequence[tuple[int, Sequence[str]]]
    ) -> tuple[list[tables.Row], list[BadRow]]:
        texts: list[dict[str, str]] = []
        problems: list[BadRow] = []
        for line, cells in group:
            said, wrong = self._of_row(line, cells)
            texts.append(said)
            problems += wrong
        if problems:
            return [], [*problems, *self._beside(problems, group)]
        shared: dict[str, str] = {}
        for said in texts:
            for ours, text in said.items():
                if text and ours not in self._importer.of_the_row:
                    shared.setdefault(ours, text)
        if self._importer.of_the_row and len(group) > 1:
            texts = [{**shared, **{k: v for k, v in said.items() if v}} for said in texts]
        try:
            self._importer.complete(texts)
        except ValueError as problem:
            column = next(iter(self._importer.extra_columns), "")
            return [], [BadRow(group[0][0], column, str(problem))]
        return [tables.Row(line, said) for (line, _), said in zip(group, texts, strict=True)], []

    def _beside(
        self, problems: Sequence[BadRow], group: Sequence[tuple[int, Sequence[str]]]
    ) -> list[BadRow]:
        """What is wrong with the rows that belong to bad ones."""
        wrong = {each.line for each in problems}
        last = (*self._importer.whole_by, "")[-1]
        others = [line for line, _ in group if line not in wrong]
        return [BadRow(line, last, "another row of it is bad") for line in others]

    def _of_row(self, line: int, cells: Sequence[str]) -> tuple[dict[str, str], list[BadRow]]:
        if too_wide := self._too_wide(line, cells):
            return {}, [too_wide]
        said: dict[str, str] = {}
        wrong: list[BadRow] = []
        for ours, kind, positions, constant in self._columns:
            text = _joined(positions, cells)
            try:
                said[ours] = in_ours(text, ours, kind, self._told) if text else constant
            except BadCell as problem:
                wrong.append(BadRow(line, ours, problem.reason))
        return said, wrong

    def _too_wide(self, line: int, cells: Sequence[str]) -> BadRow | None:
        if len(cells) <= self._width or not any(cells[self._width :]):
            return None
        return BadRow(line, "", f"{len(cells)} cells under {self._width} headers")


def _joined(positions: Sequence[int], cells: Sequence[str]) -> str:
    if len(positions) == 1:
        [position] = positions
        return cells[position] if position < len(cells) else ""
    return " ".join(cells[at] for at in positions if at < len(cells) and cells[at])
