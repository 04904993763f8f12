"""What people in the warehouse may say, checked for shape."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.models import FulfillmentOrderLine
from fulfillment.states import PROBLEMS, ShipmentStatus

REASON = 200
HEAVIEST_KG = Decimal(1000)


class UnitsForm(forms.Form):
    """How many units of each line."""

    def __init__(self, *args: Any, lines: Sequence[FulfillmentOrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            most = self.most(line)
            self.fields[f"units_{line.pk}"] = forms.IntegerField(
                label=f"{line.order_line.name}, {line.sku.code}",
                min_value=0,
                max_value=most,
                initial=self.first(line),
                error_messages={"max_value": _("At most %(limit_value)s are left.")},
                help_text=_("of {n}").format(n=most),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        self.order_fields([f"units_{line.pk}" for line in lines])

    def most(self, line: FulfillmentOrderLine) -> int:
        return line.quantity

    def first(self, line: FulfillmentOrderLine) -> int:
        return 0

    @property
    def counted(self) -> list[tuple[str, int]]:
        """SKU and units of each line, those without units left out."""
        found = [(line.sku.code, self.cleaned_data[f"units_{line.pk}"]) for line in self.lines]
        return [(sku, units) for sku, units in found if units]


class ShortPickForm(UnitsForm):
    """How many units were found, and why not all."""

    reason = forms.ChoiceField(
        label=_("Why the rest is not there"),
        choices=[(key, problem.label) for key, problem in PROBLEMS.items()],
    )

    def most(self, line: FulfillmentOrderLine) -> int:
        return line.quantity - line.picked

    def first(self, line: FulfillmentOrderLine) -> int:
        return self.most(line)


class SplitForm(UnitsForm):
    """How many units of each line become work of their own."""


class RejectForm(forms.Form):
    """Why this location does not serve the work."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[(key, problem.label) for key, problem in PROBLEMS.items()],
        initial="no_capacity",
        help_text=_("“Damaged” and “Not where it should be” take the units off the books here."),
    )


class HoldWorkForm(forms.Form):
    """Why this work waits."""

    reason = forms.CharField(
        label=_("Why"), max_length=REASON, help_text=_("Colleagues read this on the work.")
    )


class MoveForm(forms.Form):
    """Where the work is to be done instead."""

    location = forms.ChoiceField(label=_("Location"))
    reason = forms.CharField(label=_("Why"), max_length=REASON, required=False)

    def __init__(self, *args: Any, locations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["location"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = list(locations)


class PackageForm(forms.Form):
    """The box a package goes in, and what the scale says."""

    box = forms.CharField(max_length=32, required=False)
    weight = forms.DecimalField(
        label=_("Weight"),
        min_value=Decimal(0),
        max_value=HEAVIEST_KG,
        max_digits=7,
        decimal_places=3,
        required=False,
        localize=False,
    )

    @property
    def weight_g(self) -> int | None:
        kilograms = self.cleaned_data["weight"]
        return None if kilograms is None else int(kilograms * 1000)


class ShipForm(forms.Form):
    """Who takes the packages."""

    carrier = forms.CharField(
        label=_("Carrier"),
        max_length=64,
        required=False,
        help_text=_("Such as DHL, PostNL, UPS. Nothing named: our standard service."),
    )
    service = forms.CharField(label=_("Service"), max_length=64, required=False)
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )


class TrackingForm(forms.Form):
    """What a carrier says about a shipment, put down by hand."""

    status = forms.ChoiceField(
        label=_("What happened"),
        choices=[each for each in ShipmentStatus.choices if each[0] != ShipmentStatus.SHIPPED],
    )
    location = forms.CharField(label=_("Where"), max_length=100, required=False)
    message = forms.CharField(label=_("In words"), max_length=300, required=False)
