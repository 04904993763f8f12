"""What staff may ask of suppliers, and know of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.forms.stock import MOST_UNITS
from inventory.models import ReplenishmentLine, Supplier
from inventory.selectors import LineView

CODE = r"^[^/]+$"
NUMBER = {"class": "form-control text-end", "inputmode": "numeric"}


class EditForm(forms.Form):
    """How many units of each line are asked for; 0 takes a line off. A SKU may be added."""

    note = forms.CharField(
        label=_("Note to the supplier (optional)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    add_sku = forms.CharField(label=_("Add a SKU (optional)"), max_length=64, required=False)
    add_quantity = forms.IntegerField(
        label=_("Units of it"), min_value=1, max_value=MOST_UNITS, required=False
    )

    def __init__(self, *args: Any, lines: Sequence[LineView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for each in lines:
            self.fields[f"units-{each.line.pk}"] = forms.IntegerField(
                label=each.line.sku.name,
                min_value=0,
                max_value=MOST_UNITS,
                initial=each.line.quantity,
                widget=forms.NumberInput(attrs=NUMBER),
            )

    def rows(self) -> Iterator[tuple[ReplenishmentLine, Any]]:
        for each in self.lines:
            yield each.line, self[f"units-{each.line.pk}"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("add_sku") and not said.get("add_quantity") and "add_quantity" in said:
            self.add_error("add_quantity", gettext("Say how many."))
        if said.get("add_quantity") and not said.get("add_sku"):
            self.add_error("add_sku", gettext("Say which SKU."))
        return said

    @property
    def quantities(self) -> dict[str, int]:
        """Units by SKU, as the service asks for them."""
        said = self.cleaned_data
        found = {each.line.sku.code: said[f"units-{each.line.pk}"] for each in self.lines}
        if code := said["add_sku"].strip():
            found[code] = said["add_quantity"]
        return found


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200)


def _currency(value: str) -> None:
    if value not in list_currencies():
        raise forms.ValidationError(_("Give a currency such as EUR."))


class SupplierForm(forms.ModelForm):  # type: ignore[type-arg]
    """What we know of a supplier. The code is its identity and stays."""

    class Meta:
        model = Supplier
        fields = (
            "code",
            "name",
            "email",
            "language",
            "currency",
            "lead_time_days",
            "is_active",
        )
        labels = {
            "code": _("Code"),
            "name": _("Name"),
            "email": _("E-mail address"),
            "language": _("Language of our letters"),
            "currency": _("Currency"),
            "lead_time_days": _("Days from order to arrival"),
            "is_active": _("We buy from them"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].validators.append(_currency)
        self.fields["code"].validators.append(RegexValidator(CODE, _("Without a slash.")))
        self.fields["language"].validators.append(
            RegexValidator(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$", _("A code such as en or nl."))
        )
        self.fields["lead_time_days"].max_value = 3650  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["code"]


class SupplyForm(forms.Form):
    """What a supplier sells a SKU for."""

    sku = forms.CharField(label=_("SKU"), max_length=64)
    supplier_sku = forms.CharField(
        label=_("The supplier's number of it"), max_length=64, required=False
    )
    cost = forms.DecimalField(
        label=_("Cost of a unit"),
        min_value=0,
        max_digits=15,
        decimal_places=6,
        required=False,
    )
    currency = forms.CharField(
        label=_("Currency of the cost"),
        max_length=3,
        required=False,
        validators=[_currency],
    )
    lead_time_days = forms.IntegerField(
        label=_("Days to arrival, if other than usual"),
        min_value=0,
        max_value=3650,
        required=False,
    )
    minimum_quantity = forms.IntegerField(
        label=_("Units ordered at least"), min_value=1, max_value=MOST_UNITS, initial=1
    )
    pack_size = forms.IntegerField(
        label=_("Units in a pack"), min_value=1, max_value=MOST_UNITS, initial=1
    )
    is_preferred = forms.BooleanField(
        label=_("Order from this supplier first"), required=False, initial=False
    )
