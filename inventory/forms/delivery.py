"""What goods-in counts of a delivery."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.forms.stock import MOST_UNITS
from inventory.models import ReplenishmentLine
from inventory.states import RejectReason

NUMBER = {"class": "form-control text-end", "inputmode": "numeric"}


@dataclass(frozen=True)
class Row:
    """A line and its fields."""

    line: ReplenishmentLine
    units: BoundField
    rejected: BoundField
    reason: BoundField

    @property
    def is_open(self) -> bool:
        """Whether the part for rejected units is to be seen."""
        said = str(self.rejected.value() or 0)
        return said != "0" or bool(self.rejected.errors or self.reason.errors)


class DeliveryForm(forms.Form):
    """Units in hand by SKU: to take in, and to reject. A scanned code counts one more."""

    code = forms.CharField(label=_("Scan a unit"), max_length=64, required=False)
    reference = forms.CharField(
        label=_("Number on their papers (optional)"), max_length=64, required=False
    )
    keep_over = forms.BooleanField(
        label=_("Keep the units that nobody asked for"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[ReplenishmentLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["key"].initial = uuid.uuid4().hex
        self.codes: dict[str, ReplenishmentLine] = {}
        for line in lines:
            for code in (line.sku.code, line.sku.barcode, line.supplier_sku):
                if code:
                    self.codes.setdefault(code.casefold(), line)
            self.fields[f"units-{line.pk}"] = self._count(line.sku.name)
            self.fields[f"rejected-{line.pk}"] = self._count(_("Not taken in"))
            self.fields[f"reason-{line.pk}"] = forms.ChoiceField(
                label=_("Why"),
                choices=[("", _("Choose a reason")), *RejectReason.choices],
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def _count(self, label: Any) -> forms.IntegerField:
        return forms.IntegerField(
            label=label,
            min_value=0,
            max_value=MOST_UNITS,
            required=False,
            initial=0,
            widget=forms.NumberInput(attrs=NUMBER),
        )

    def rows(self) -> Iterator[Row]:
        for line in self.lines:
            yield Row(
                line,
                self[f"units-{line.pk}"],
                self[f"rejected-{line.pk}"],
                self[f"reason-{line.pk}"],
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for line in self.lines:
            if said.get(f"rejected-{line.pk}") and not said.get(f"reason-{line.pk}"):
                self.add_error(f"reason-{line.pk}", gettext("Say why they are not taken in."))
        return said

    @property
    def counts(self) -> list[dict[str, Any]]:
        """What was counted, as the service asks for it."""
        said = self.cleaned_data
        found = [
            {
                "sku": line.sku.code,
                "accepted": said.get(f"units-{line.pk}") or 0,
                "rejected": said.get(f"rejected-{line.pk}") or 0,
                "reason": said.get(f"reason-{line.pk}") or "",
            }
            for line in self.lines
        ]
        return [each for each in found if each["accepted"] or each["rejected"]]
