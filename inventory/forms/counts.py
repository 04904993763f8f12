"""What is to be counted, and what was."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.forms.stock import MOST_UNITS, _AtLocation

MOST_NAMED = 200


class ListField(forms.CharField):
    """Codes, one a line or with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
            required=False,
            max_length=MOST_NAMED * 40,
            **kwargs,
        )

    def clean(self, value: Any) -> list[str]:
        said = super().clean(value)
        found = [each.strip() for each in re.split(r"[,\n]", said)]
        codes = list(dict.fromkeys(each for each in found if each))
        if len(codes) > MOST_NAMED:
            raise forms.ValidationError(_("Name 200 at most."))
        return codes


class NewCountForm(_AtLocation):
    """Where to go, and what to count there."""

    bins = ListField(label=_("Bins"), help_text=_("One a line. All that lies there is counted."))
    skus = ListField(
        label=_("SKUs"),
        help_text=_("One a line. With bins: only these in them. Without: wherever they lie."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    is_blind = forms.BooleanField(
        label=_("Blind: who counts does not see what the books expect"),
        required=False,
        initial=True,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("bins") and not said.get("skus"):
            self.add_error("bins", _("Name at least one bin or SKU."))
        return said


class FoundForm(forms.Form):
    """Units of one SKU that lie in the bin; no lot: the one that is known there."""

    sku = forms.CharField(label=_("SKU or barcode"), max_length=64)
    lot = forms.CharField(label=_("Lot"), max_length=64, required=False)
    units = forms.IntegerField(label=_("Units"), min_value=0, max_value=MOST_UNITS - 1)


class NoteForm(forms.Form):
    """Why, where somebody wants to say it."""

    note = forms.CharField(label=_("Reason"), max_length=200, required=False)
