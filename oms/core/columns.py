"""What a column of a file may hold: a name for every way of reading a cell that importers use."""

from collections.abc import Callable, Iterable
from datetime import time
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from oms.core import cells
from oms.core.cells import BadCell
from oms.core.tables import Row

Column = Callable[[Row, str], Any]
MOST_UNITS = 99_999_999


def text(most: int) -> Column:
    """One line of at most `most` characters."""
    return partial(cells.text, max_length=most)


def units(least: int = 0, most: int = MOST_UNITS) -> Column:
    return partial(cells.integer, minimum=least, maximum=most)


def choice(among: Iterable[str]) -> Column:
    return partial(cells.choice, among=list(among))


def degrees(most: int) -> Column:
    """Degrees of latitude (90) or longitude (180)."""
    read: Callable[[Row, str], Decimal] = partial(
        cells.decimal, places=12, minimum=-most, maximum=most
    )
    return lambda row, column: float(read(row, column))


price: Column = partial(cells.decimal, places=6)
amount: Column = partial(cells.decimal, places=3)
country: Column = cells.country
day: Column = cells.day
moment: Column = cells.moment


def currency(row: Row, column: str) -> str:
    """An ISO 4217 code."""
    code = cells.text(row, column, max_length=3).upper()
    if code not in list_currencies():
        raise BadCell(column=column, reason=f"{code!r} is not a currency such as EUR")
    return code


def email(row: Row, column: str) -> str:
    address = cells.text(row, column, max_length=254)
    try:
        validate_email(address)
    except ValidationError:
        reason = f"{address[:40]!r} is not an e-mail address"
        raise BadCell(column=column, reason=reason) from None
    return address


def time_of_day(row: Row, column: str) -> time:
    """A local time such as 15:30."""
    said = cells.text(row, column, max_length=15)
    try:
        found = time.fromisoformat(said)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise BadCell(column=column, reason=f"{said!r} is not a local time such as 15:30")
    return found


def time_zone(row: Row, column: str) -> str:
    name = cells.text(row, column, max_length=64)
    if name not in available_timezones():
        reason = f"{name[:40]!r} is not a time zone such as Europe/Amsterdam"
        raise BadCell(column=column, reason=reason)
    return name
