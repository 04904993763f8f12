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
from inventory.states import RejectReason, StockState
from oms.catalog.models import Sku

NUMBER = {"class": "form-control text-end", "inputmode": "numeric"}


@dataclass(frozen=True)
class Row:
    """A line and its fields."""

    line: ReplenishmentLine
    units: BoundField
    rejected: BoundField
    reason: BoundField
    keep: BoundField
    lot: BoundField
    expires_on: BoundField

    @property
    def is_tracked(self) -> bool:
        """Whether the lot or serial number has to be named."""
        return self.line.sku.tracking != Sku.Tracking.NONE

    @property
    def is_open(self) -> bool:
        """Whether the part for rejected units is to be seen."""
        said = str(self.rejected.value() or 0)
        return said != "0" or bool(self.rejected.errors or self.reason.errors)


class DeliveryForm(forms.Form):
    """Units in hand by SKU: to take in, and to reject or keep as damaged. A scanned code counts
    one more. Tracked SKUs name their lot."""

    code = forms.CharField(label=_("Scan a unit"), max_length=100, required=False)
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
            self.fields[f"keep-{line.pk}"] = forms.BooleanField(
                label=_("Keep them as damaged"),
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
            self.fields[f"lot-{line.pk}"] = forms.CharField(
                label=_("Lot or serial number"),
                max_length=64 if line.sku.tracking != Sku.Tracking.SERIAL else 2000,
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
            )
            self.fields[f"expires_on-{line.pk}"] = forms.DateField(
                label=_("Expires on"),
                required=False,
                widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}),
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
                self[f"keep-{line.pk}"],
                self[f"lot-{line.pk}"],
                self[f"expires_on-{line.pk}"],
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        is_scan = bool((said.get("code") or "").strip())
        for line in self.lines:
            units, rejected, reason, keep = (
                said.get(f"{name}-{line.pk}") or 0
                for name in ("units", "rejected", "reason", "keep")
            )
            if rejected and not reason and not keep:
                self.add_error(f"reason-{line.pk}", gettext("Say why they are not taken in."))
            if is_scan or line.sku.tracking == Sku.Tracking.NONE:
                continue
            comes = units + (rejected if keep else 0)
            lots = self._lots_of(line)
            if comes and not lots:
                self.add_error(f"lot-{line.pk}", gettext("Name the lot or serial number."))
            elif comes and line.sku.tracking == Sku.Tracking.SERIAL and len(lots) != comes:
                text = gettext("Name {n} serial numbers, with commas between them.")
                self.add_error(f"lot-{line.pk}", text.format(n=comes))
        return said

    def _lots_of(self, line: ReplenishmentLine) -> list[str]:
        """The lot of a line, or its serial numbers: those of damaged units stand last."""
        said = (self.cleaned_data.get(f"lot-{line.pk}") or "").strip()
        if line.sku.tracking == Sku.Tracking.SERIAL:
            return [each.strip()[:64] for each in said.split(",") if each.strip()]
        return [said[:64]] if said else []

    @property
    def counts(self) -> list[dict[str, Any]]:
        """What was counted, as the service asks for it."""
        found: list[dict[str, Any]] = []
        for line in self.lines:
            found += self._counts_of(line)
        return [each for each in found if each.get("accepted") or each.get("rejected")]

    def _counts_of(self, line: ReplenishmentLine) -> list[dict[str, Any]]:
        said = self.cleaned_data
        units, rejected = (said.get(f"{name}-{line.pk}") or 0 for name in ("units", "rejected"))
        states = [StockState.AVAILABLE] * units
        if said.get(f"keep-{line.pk}"):
            states += [StockState.DAMAGED] * rejected
            rejected = 0
        found = [{"sku": line.sku.code, "rejected": rejected, "reason": said[f"reason-{line.pk}"]}]
        lots = self._lots_of(line)
        expires_on = said.get(f"expires_on-{line.pk}") if lots else None
        if line.sku.tracking == Sku.Tracking.SERIAL:
            taken = [(lot, state, 1) for lot, state in zip(lots, states, strict=False)]
        else:
            lot = lots[0] if lots else ""
            taken = [(lot, state, states.count(state)) for state in dict.fromkeys(states)]
        found += [
            {
                "sku": line.sku.code,
                "accepted": count,
                "lot": lot,
                "expires_on": expires_on,
                "state": state,
            }
            for lot, state, count in taken
        ]
        return found
