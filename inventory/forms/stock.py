"""What staff may ask of stock, checked for shape."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_UNITS = 1_000_000


class _AtLocation(forms.Form):
    location = forms.ChoiceField(label=_("Location"))

    def __init__(self, *args: Any, locations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["location"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(locations)


class AdjustForm(_AtLocation):
    """How far off the books are at one location, and why."""

    quantity_delta = forms.IntegerField(
        label=_("Units found more, or fewer (minus)"),
        min_value=-MOST_UNITS,
        max_value=MOST_UNITS,
        help_text=_("3 for three found, -2 for two missing. Reserved units cannot be taken away."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean_quantity_delta(self) -> int:
        delta = int(self.cleaned_data["quantity_delta"])
        if delta == 0:
            raise forms.ValidationError(_("Nothing would change. Give the difference."))
        return delta


class ReceiveForm(_AtLocation):
    """Units that came in at one location."""

    quantity = forms.IntegerField(label=_("Units that came in"), min_value=1, max_value=MOST_UNITS)
    reference = forms.CharField(
        label=_("Delivery note or other reference"), max_length=64, required=False
    )
    bin = forms.CharField(label=_("Bin"), max_length=32, required=False)


class ReorderForm(_AtLocation):
    """When more of a SKU is ordered for a location, and up to what."""

    reorder_point = forms.IntegerField(
        label=_("Order when left with"),
        min_value=0,
        max_value=MOST_UNITS,
        help_text=_("Counted are units on hand and coming, less those promised and waited for."),
    )
    reorder_up_to = forms.IntegerField(
        label=_("Order up to"),
        min_value=0,
        max_value=MOST_UNITS,
        help_text=_("0: up to the figure above."),
    )
    safety_stock = forms.IntegerField(
        label=_("Safety stock"),
        min_value=0,
        max_value=MOST_UNITS,
        help_text=_("Units that orders are not promised."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        up_to = said.get("reorder_up_to")
        if up_to and up_to < said.get("reorder_point", 0):
            self.add_error("reorder_up_to", _("Not below the figure at which is ordered."))
        return said
