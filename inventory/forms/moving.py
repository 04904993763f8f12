"""What is asked when units are moved, held, set free or scrapped, and of zones, bins and lots."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.forms.stock import MOST_UNITS
from inventory.states import StockState, ZoneKind

HOLDS = [
    (StockState.DAMAGED.value, _("Damaged")),
    (StockState.QUALITY_CONTROL.value, _("Quality control")),
    (StockState.QUARANTINE.value, _("Quarantine")),
]
MOVABLE = [state.value for state in StockState if state != StockState.PICKED]


class UnitsForm(forms.Form):
    """Units of one SKU that lie together: where, of which lot, in which state."""

    location = forms.CharField(max_length=16, widget=forms.HiddenInput)
    bin = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)
    lot = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=[(s, s) for s in MOVABLE], widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    quantity = forms.IntegerField(
        label=_("Units"),
        min_value=1,
        max_value=MOST_UNITS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex

    @property
    def said(self) -> dict[str, Any]:
        """What the service asks for."""
        return dict(self.cleaned_data)


class MoveForm(UnitsForm):
    to_bin = forms.CharField(label=_("To bin"), max_length=32)

    @property
    def said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said["from_bin"] = said.pop("bin")
        return said


class HoldForm(UnitsForm):
    hold = forms.ChoiceField(label=_("Hold as"), choices=HOLDS)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    @property
    def said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said["was"], said["state"] = said["state"], said.pop("hold")
        return said


class FreeForm(UnitsForm):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ScrapForm(UnitsForm):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ZoneForm(forms.Form):
    """A part of a location and what its bins are for."""

    code = forms.CharField(label=_("Code"), max_length=16)
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("What for"), choices=ZoneKind.choices)
    position = forms.IntegerField(
        label=_("Turn in the walk"),
        min_value=0,
        max_value=MOST_UNITS,
        initial=0,
        help_text=_("Zones are walked by this number, the lowest first."),
    )


class BinForm(forms.Form):
    """A bin: its label, its zone, and its turn there."""

    code = forms.CharField(label=_("Code on the label"), max_length=32)
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    position = forms.IntegerField(
        label=_("Turn in the zone"),
        min_value=0,
        max_value=MOST_UNITS,
        initial=0,
        help_text=_("Bins are walked by this number, the lowest first."),
    )

    def __init__(self, *args: Any, zones: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zone"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("None")), *zones]


class KnownBinForm(BinForm):
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        help_text=_("Only an empty bin is retired or gets another code."),
    )


class BlockForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class UnblockForm(BlockForm):
    free_units = forms.BooleanField(
        label=_("Set its quarantined units free"), required=False, initial=True
    )
