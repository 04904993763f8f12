"""Serializer fields and a base that say no to what they do not know.

A serializer checks shape and type only: no context, no database. That makes it stateless, so
one instance serves every request (building one copies all fields, at a cost of milliseconds).
"""

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from babel.numbers import list_currencies
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

COUNTRY = re.compile(r"[A-Z]{2}\Z", re.ASCII)
AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?\Z", re.ASCII)
LARGEST = Decimal(10) ** 12
MOST_MARKS = 4


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses fields it does not know, by name, with code `unknown_field`."""

    if TYPE_CHECKING:

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            """The stubs do not know `max_length`, which `many=True` takes."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := data.keys() - self.fields.keys()):
            raise serializers.ValidationError(
                {name: ["There is no such field."] for name in sorted(unknown)},
                code="unknown_field",
            )
        return super().to_internal_value(data)


class NothingIn(StrictSerializer):
    """A command that needs no words."""


class TextField(serializers.CharField):
    """A string of one line, as NFC, without control characters or towers of marks."""

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(max_length=max_length, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("Must be a string.", code="invalid")
        if data.isascii() and data.isprintable():
            return data.strip()
        text = unicodedata.normalize("NFC", data.strip())
        marks = 0
        for char in text:
            category = unicodedata.category(char)
            if category == "Cc" and not (self.lines and char in "\n\r\t"):
                raise serializers.ValidationError("Holds a control character.", code="invalid")
            if category == "Cs":
                raise serializers.ValidationError("Holds half a character.", code="invalid")
            marks = marks + 1 if category in {"Mn", "Me"} else 0
            if marks > MOST_MARKS:
                raise serializers.ValidationError("Too many marks on a letter.", code="invalid")
        return "".join(char for char in text if char == "\u200d" or not _is_hidden(char))


def _is_hidden(char: str) -> bool:
    """Format characters reorder or hide text on labels; the joiner between emoji may stay."""
    return unicodedata.category(char) == "Cf"


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": 99999})
class QuantityField(serializers.Field):  # type: ignore[type-arg]
    """Whole units, 1 to 99,999: a JSON integer and nothing that resembles one."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise serializers.ValidationError("Must be a whole number.", code="invalid")
        if not 1 <= data <= 99_999:
            raise serializers.ValidationError("Must be 1 to 99,999.", code="invalid")
        return data

    def to_representation(self, value: int) -> int:
        return value


class AmountField(serializers.Field):  # type: ignore[type-arg]
    """A decimal as a string; whether its decimals fit the currency is checked by the document."""

    def __init__(self, *, signed: bool = False, **kwargs: Any) -> None:
        self.signed = signed
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if type(data) is not str:
            raise serializers.ValidationError(
                'Must be a decimal written as a string, such as "4.50".', code="invalid"
            )
        if not AMOUNT.match(data) or (data.startswith("-") and not self.signed):
            raise serializers.ValidationError(
                'Must be a decimal from 0 with at most six decimals, such as "4.50".',
                code="invalid",
            )
        try:
            value = Decimal(data)
        except InvalidOperation:
            raise serializers.ValidationError("Is not a decimal.", code="invalid") from None
        if abs(value) > LARGEST:
            raise serializers.ValidationError("Is too large.", code="invalid")
        return value

    def to_representation(self, value: Any) -> str:
        return str(value)


extend_schema_field({"type": "string", "pattern": r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$"})(
    AmountField
)


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentField(serializers.Field):  # type: ignore[type-arg]
    """A date and time with an offset (RFC 3339), years 1970 to 9998."""

    def to_internal_value(self, data: Any) -> datetime:
        if type(data) is not str or not data.isascii():
            raise serializers.ValidationError("Must be a date and time.", code="invalid")
        try:
            moment = parse_datetime(data)
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise serializers.ValidationError(
                "Must be a date and time such as 2026-11-22T10:00:00+01:00.", code="invalid"
            )
        if moment.tzinfo is None:
            raise serializers.ValidationError("Needs an offset from UTC.", code="invalid")
        if not 1970 <= moment.year <= 9998:
            raise serializers.ValidationError("Lies out of range.", code="invalid")
        return moment.astimezone(UTC)

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{2}$"})
class CountryField(serializers.Field):  # type: ignore[type-arg]
    """ISO 3166-1 alpha-2, upper case."""

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str or not COUNTRY.match(data):
            raise serializers.ValidationError("Must be a code such as NL.", code="invalid")
        return data

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{3}$"})
class CurrencyField(serializers.Field):  # type: ignore[type-arg]
    """ISO 4217, upper case."""

    known = list_currencies()

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str or data not in self.known:
            raise serializers.ValidationError("Must be a currency such as EUR.", code="invalid")
        return data

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field({"type": "number", "minimum": -180, "maximum": 180})
class DegreesField(serializers.Field):  # type: ignore[type-arg]
    """Degrees of latitude (`most=90`) or longitude (`most=180`)."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> float:
        if type(data) not in {int, float} or not -self.most <= data <= self.most:
            raise serializers.ValidationError(
                f"Must be a number from -{self.most} to {self.most}.", code="invalid"
            )
        return float(data)

    def to_representation(self, value: float) -> float:
        return value


def read(serializer: serializers.BaseSerializer[Any], data: Any) -> dict[str, Any]:
    """Return what `data` says by a serializer that is kept and shared.

    Raises: rest_framework's ValidationError.
    """
    if data is empty or data is None:
        data = {}
    said: dict[str, Any] = serializer.run_validation(data)
    return said
