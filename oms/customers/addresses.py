"""A postal address as a value, and the column that keeps a copy of one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


@dataclass(frozen=True)
class Address:
    """Where something goes. `country` is ISO 3166-1 alpha-2; coordinates are WGS 84 degrees."""

    name: str
    line1: str
    city: str
    country: str
    line2: str = ""
    region: str = ""
    postal_code: str = ""
    company: str = ""
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def lines(self) -> list[str]:
        """The address as printed, without the country, empty parts left out."""
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        rows = (self.name, self.company, self.line1, self.line2, town, self.region)
        return [row for row in rows if row]


NAMES = {field.name for field in fields(Address)}


class AddressField(models.JSONField):
    """A copy of an `Address`, kept with the document it was given for."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Address | None:
        kept = super().from_db_value(value, expression, connection)
        return _address(kept)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(self.as_json(value))

    def as_json(self, value: Any) -> Any:
        return asdict(value) if isinstance(value, Address) else value

    def to_python(self, value: Any) -> Address | None:
        if value is None or isinstance(value, Address):
            return value
        try:
            return _address(value)
        except TypeError as error:
            raise ValidationError("This is not an address.") from error

    def value_to_string(self, obj: models.Model) -> Any:
        return self.as_json(self.value_from_object(obj))


def _address(kept: Any) -> Address | None:
    if kept is None:
        return None
    return Address(**{name: value for name, value in kept.items() if name in NAMES})
