"""What a table's cell may say, column by column: text in, a typed value or `BadCell` out.

Every parser takes a row and a column's name and refuses a blank cell; `optional` turns blank into
None. Only the ASCII digits count as digits, and only a full stop as decimal point.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Concatenate, ParamSpec, TypeVar

from babel import Locale

from oms.core.errors import Invalid
from oms.core.tables import Row

Value = TypeVar("Value")
Limits = ParamSpec("Limits")

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NOT_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)


@dataclass(eq=False)
class BadCell(Invalid):
    """One cell does not say what its column is for."""

    column: str
    reason: str

    message = "{column}: {reason}."


def optional(
    parse: Callable[Concatenate[Row, str, Limits], Value],
    row: Row,
    column: str,
    *args: Limits.args,
    **limits: Limits.kwargs,
) -> Value | None:
    """Return what `parse` makes of the cell, or None for a blank one."""
    return parse(row, column, *args, **limits) if row[column] else None


def text(row: Row, column: str, *, max_length: int, single_line: bool = True) -> str:
    """Return text of at most `max_length` characters, without control characters."""
    value = _filled(row, column)
    if len(value) > max_length:
        raise BadCell(column=column, reason=f"longer than {max_length} characters")
    if value.isprintable():
        return value
    allowed = "" if single_line else "\n\r\t"
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} and c not in allowed for c in value):
        what = (
            "more than one line, or a control character" if single_line else "a control character"
        )
        raise BadCell(column=column, reason=f"it contains {what}")
    return value


def integer(row: Row, column: str, *, minimum: int = -(2**31), maximum: int = 2**31 - 1) -> int:
    """Return a whole number; "7.0" and "1,000" are not."""
    value = _filled(row, column)
    if not _WHOLE.fullmatch(value):
        raise BadCell(column=column, reason=f"{value[:40]!r} is not a whole number")
    return _between(column, int(value), minimum, maximum)


def decimal(
    row: Row,
    column: str,
    *,
    places: int,
    minimum: Decimal | int = 0,
    maximum: Decimal | int = 10**12,
) -> Decimal:
    """Return a number with at most `places` digits after the point, of which zeros may be more."""
    value = _filled(row, column)
    if not _DECIMAL.fullmatch(value):
        raise BadCell(column=column, reason=f"{value[:40]!r} is not a number such as 1234.50")
    digits = value.partition(".")[2].rstrip("0")
    if len(digits) > places:
        raise BadCell(column=column, reason=f"more than {places} decimals")
    return _between(column, Decimal(value), Decimal(minimum), Decimal(maximum))


def day(row: Row, column: str) -> date:
    """Return a date written as 2026-11-18."""
    value = _filled(row, column)
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadCell(column=column, reason=f"{value[:40]!r} is not a date such as 2026-11-18")


def moment(row: Row, column: str) -> datetime:
    """Return a time with its offset from UTC, as 2026-11-18T10:00:00+01:00; without is refused."""
    value = _filled(row, column)
    try:
        found = datetime.fromisoformat(value) if value.isascii() and len(value) > 10 else None
    except ValueError:
        found = None
    if found is None:
        example = "2026-11-18T10:00:00+01:00"
        raise BadCell(column=column, reason=f"{value[:40]!r} is not a time such as {example}")
    if found.utcoffset() is None:
        raise BadCell(column=column, reason=f"{value[:40]!r} lacks an offset such as +01:00 or Z")
    return found


def country(row: Row, column: str) -> str:
    """Return an ISO 3166-1 alpha-2 code in capitals (and XK, which carriers use for Kosovo)."""
    value = _filled(row, column).upper()
    if value not in _countries():
        raise BadCell(column=column, reason=f"{value[:40]!r} is not a country code such as NL")
    return value


def choice(row: Row, column: str, *, among: Collection[str]) -> str:
    """Return one of a few words, compared without case and returned as `among` spells it."""
    value = _filled(row, column)
    for word in among:
        if word.casefold() == value.casefold():
            return word
    raise BadCell(column=column, reason=f"{value[:40]!r} is none of {', '.join(among)}")


def _filled(row: Row, column: str) -> str:
    value = row[column]
    if not value:
        raise BadCell(column=column, reason="it is empty")
    return value


Number = TypeVar("Number", int, Decimal)


def _between(column: str, value: Number, minimum: Number, maximum: Number) -> Number:
    if not minimum <= value <= maximum:
        raise BadCell(column=column, reason=f"{value} is not between {minimum} and {maximum}")
    return value


@cache
def _countries() -> frozenset[str]:
    known = [str(code) for code in Locale("en").territories]
    return frozenset(code for code in known if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES
