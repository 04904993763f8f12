"""Reading one cell of a file: text in, value out, or a ValueError that says what is wrong."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers

from oms.core.api.fields import AmountField, CountryField, CurrencyField, MomentField, TextField

Read = Callable[[str], Any]
WHOLE = re.compile(r"-?[0-9]{1,12}(\.0+)?\Z", re.ASCII)
DECIMAL = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?\Z", re.ASCII)
LARGEST_WHOLE = 2_147_483_647


def text(most: int) -> Read:
    """One line of at most `most` characters."""
    return _by(TextField(max_length=most))


def whole(least: int = 0, most: int = LARGEST_WHOLE) -> Read:
    """A whole number; spreadsheets write 3 as 3.0."""

    def read(cell: str) -> int:
        if not WHOLE.match(cell):
            raise ValueError("Must be a whole number.")
        value = int(cell.partition(".")[0])
        if not least <= value <= most:
            raise ValueError(f"Must be {least:,} to {most:,}.")
        return value

    return read


def degrees(most: int) -> Read:
    def read(cell: str) -> float:
        if not DECIMAL.match(cell) or not -most <= float(cell) <= most:
            raise ValueError(f"Must be a number from -{most} to {most}.")
        return float(cell)

    return read


def choice(values: Iterable[str]) -> Read:
    known = list(values)

    def read(cell: str) -> str:
        if cell.lower() not in known:
            raise ValueError(f"Must be one of {', '.join(known)}.")
        return cell.lower()

    return read


def day(cell: str) -> date:
    """A date such as 2026-11-22; a spreadsheet's midnight is cut off."""
    try:
        return date.fromisoformat(cell.removesuffix("00:00:00").rstrip(" T"))
    except ValueError:
        raise ValueError("Must be a date such as 2026-11-22.") from None


def time_of_day(cell: str) -> time:
    try:
        value = time.fromisoformat(cell)
    except ValueError:
        raise ValueError("Must be a time such as 15:30.") from None
    if value.tzinfo is not None:
        raise ValueError("Must be local, without an offset.")
    return value


def time_zone(cell: str) -> str:
    if cell not in available_timezones():
        raise ValueError("Must be a time zone such as Europe/Amsterdam.")
    return cell


def _by(field: "serializers.Field[Any, Any, Any, Any]") -> Read:
    def read(cell: str) -> Any:
        return field.run_validation(cell)

    return read


country = _by(CountryField())
currency = _by(CurrencyField())
email = _by(serializers.EmailField(max_length=254))
_amount: Callable[[str], Decimal] = _by(AmountField())
_moment: Callable[[str], datetime] = _by(MomentField())


def amount(cell: str) -> Decimal:
    return _amount(cell)


def moment(cell: str) -> datetime:
    return _moment(cell)
