"""What staff may say of kits, checked for shape."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms.catalog.services import MOST_COMPONENTS, MOST_OF_ONE

MORE_ROWS = 4
TEXT = {"class": "form-control", "autocomplete": "off", "autocapitalize": "off"}
NUMBER = {"class": "form-control text-end", "inputmode": "numeric"}


class KitForm(forms.Form):
    """A SKU and what one kit of it holds; rows left empty say nothing."""

    sku = forms.CharField(
        label=gettext_lazy("Sold as"),
        max_length=64,
        help_text=gettext_lazy("A SKU of the catalog that nothing lies under yet."),
        widget=forms.TextInput(attrs={**TEXT, "list": "known-skus"}),
    )

    def __init__(
        self, data: Any = None, *, sku: str = "", components: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(data, initial={"sku": sku})
        if sku:
            self.fields["sku"].disabled = True
        known = list((components or {}).items())
        self.count = min(len(known) + MORE_ROWS, MOST_COMPONENTS)
        for n in range(self.count):
            code, units = known[n] if n < len(known) else ("", None)
            nth = {"n": n + 1}
            self.fields[f"component-{n}"] = forms.CharField(
                label=_("Component %(n)s, SKU") % nth,
                max_length=64,
                required=False,
                initial=code,
                widget=forms.TextInput(
                    attrs={**TEXT, "list": "known-skus", "placeholder": _("SKU")}
                ),
            )
            self.fields[f"units-{n}"] = forms.IntegerField(
                label=_("Component %(n)s, units in a kit") % nth,
                min_value=1,
                max_value=MOST_OF_ONE,
                required=False,
                initial=units,
                widget=forms.NumberInput(attrs={**NUMBER, "placeholder": _("Units")}),
            )

    def rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        return ((self[f"component-{n}"], self[f"units-{n}"]) for n in range(self.count))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        found: dict[str, int] = {}
        for n in range(self.count):
            code, units = said.get(f"component-{n}"), said.get(f"units-{n}")
            if code and code in found:
                self.add_error(f"component-{n}", _("It stands above already."))
            elif code:
                found[code] = units or 1
            elif units:
                self.add_error(f"component-{n}", _("Which SKU?"))
        if not self.errors and not found:
            self.add_error(None, _("Name at least one component."))
        said["components"] = found
        return said
