"""What staff may say of a transfer: what is asked for, what leaves, what came."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.forms.stock import MOST_UNITS
from inventory.models import TransferLine

NUMBER = {"class": "form-control text-end", "inputmode": "numeric"}
TEXT = {"class": "form-control", "autocomplete": "off", "autocapitalize": "off"}
ROWS = 6


def _units(label: Any, initial: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_UNITS,
        required=False,
        initial=initial,
        widget=forms.NumberInput(attrs=NUMBER),
    )


def _code(label: Any, most: int, **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        widget=forms.TextInput(attrs={**TEXT, **attrs}),
    )


class _Keyed(forms.Form):
    """The same form sent twice carries the same key."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex


class TransferForm(_Keyed):
    """From where, to where, by when, and up to six SKUs."""

    source = forms.ChoiceField(label=_("From"))
    target = forms.ChoiceField(label=_("To"))
    expected_on = forms.DateField(
        label=_("Should arrive on (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("Note (optional)"), max_length=500, required=False)

    def __init__(self, *args: Any, locations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("Choose a location")), *locations]
        for n in range(ROWS):
            nth = {"n": n + 1}
            self.fields[f"sku-{n}"] = _code(
                _("SKU %(n)s") % nth, 64, list="known-skus", placeholder=_("SKU")
            )
            units = self.fields[f"units-{n}"] = _units(_("Units of SKU %(n)s") % nth)
            units.widget.attrs["placeholder"] = _("Units")
            self.fields[f"lot-{n}"] = _code(_("Lot of SKU %(n)s") % nth, 64)

    def rows(self) -> Iterator[tuple[BoundField, BoundField, BoundField]]:
        for n in range(ROWS):
            yield self[f"sku-{n}"], self[f"units-{n}"], self[f"lot-{n}"]

    def clean_expected_on(self) -> date | None:
        said: date | None = self.cleaned_data["expected_on"]
        if said and said < timezone.localdate():
            raise forms.ValidationError(_("That day is over. Give a day from today on."))
        return said

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("source") and said.get("source") == said.get("target"):
            self.add_error("target", gettext("Choose another location."))
        named = 0
        for n in range(ROWS):
            sku, units = said.get(f"sku-{n}"), said.get(f"units-{n}")
            named += bool(sku and units)
            if sku and not units and f"units-{n}" in said:
                self.add_error(f"units-{n}", gettext("Say how many."))
            if units and not sku:
                self.add_error(f"sku-{n}", gettext("Say which SKU."))
        if not named and not self.errors:
            self.add_error("sku-0", gettext("Name at least one SKU."))
        return said

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What is asked for, as the service takes it."""
        said = self.cleaned_data
        return [
            {"sku": said[f"sku-{n}"], "quantity": said[f"units-{n}"], "lot": said[f"lot-{n}"]}
            for n in range(ROWS)
            if said[f"sku-{n}"]
        ]


@dataclass(frozen=True)
class MovedRow:
    """A line and its fields; damaged ones are said on arrival, bins when units leave."""

    line: TransferLine
    units: BoundField
    lot: BoundField
    more: BoundField

    @property
    def is_open(self) -> bool:
        """Whether the part for what is said seldom is to be seen."""
        return any(
            str(field.value() or "0") != "0" or field.errors for field in (self.lot, self.more)
        )


class _MovedForm(_Keyed):
    """Units by line, and of which lot."""

    more = ""

    def __init__(self, *args: Any, lines: Sequence[TransferLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"units-{line.pk}"] = _units(line.sku.name, self.first(line))
            self.fields[f"lot-{line.pk}"] = _code(_("Lot, if it matters"), 64)
            self.fields[f"{self.more}-{line.pk}"] = self.further()

    def first(self, line: TransferLine) -> int:
        return 0

    def further(self) -> forms.Field:
        raise NotImplementedError

    def rows(self) -> Iterator[MovedRow]:
        for line in self.lines:
            yield MovedRow(
                line,
                self[f"units-{line.pk}"],
                self[f"lot-{line.pk}"],
                self[f"{self.more}-{line.pk}"],
            )


class ShipForm(_MovedForm):
    """What leaves now: at first all that is left."""

    more = "bin"

    expected_on = forms.DateField(
        label=_("Arrives on (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )

    def first(self, line: TransferLine) -> int:
        return line.to_ship

    def further(self) -> forms.Field:
        return _code(_("Bin, if it matters"), 32)

    @property
    def loads(self) -> list[dict[str, Any]]:
        """What leaves, as the service takes it."""
        said = self.cleaned_data
        return [
            {
                "sku": line.sku.code,
                "quantity": said[f"units-{line.pk}"],
                "bin": said[f"bin-{line.pk}"],
                "lot": said[f"lot-{line.pk}"],
            }
            for line in self.lines
            if said[f"units-{line.pk}"]
        ]


class ArrivalForm(_MovedForm):
    """What came: fit for sale, and damaged. A scanned code counts one more."""

    more = "damaged"

    code = forms.CharField(label=_("Scan a unit"), max_length=100, required=False)
    keep_over = forms.BooleanField(
        label=_("Keep the units that were not in transit"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes: dict[str, TransferLine] = {}
        for line in self.lines:
            for code in filter(None, (line.sku.code, line.sku.barcode)):
                self.codes.setdefault(code.casefold(), line)

    def further(self) -> forms.Field:
        return _units(_("Damaged"), 0)

    @property
    def counts(self) -> list[dict[str, Any]]:
        """What came, as the service takes it."""
        said = self.cleaned_data
        return [
            {
                "sku": line.sku.code,
                "good": said[f"units-{line.pk}"] or 0,
                "damaged": said[f"damaged-{line.pk}"] or 0,
                "lot": said[f"lot-{line.pk}"],
            }
            for line in self.lines
            if said[f"units-{line.pk}"] or said[f"damaged-{line.pk}"]
        ]
