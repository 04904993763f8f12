"""What people in the warehouse may say, checked for shape."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS as DAYS
from django.utils.translation import gettext_lazy as _

from fulfillment.models import FulfillmentOrderLine
from fulfillment.rules.carriage import Choice
from fulfillment.states import PROBLEMS, ShipmentStatus

REASON = 200
HEAVIEST_KG = Decimal(1000)
WEEKDAYS = [DAYS[day] for day in range(7)]


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


class RejectForm(UnitsForm):
    """Which units this location does not serve, and why: all of them, unless said otherwise."""

    def __init__(self, *args: Any, lines: Sequence[FulfillmentOrderLine], **kwargs: Any) -> None:
        super().__init__(*args, lines=lines, **kwargs)
        for line in lines:
            self.fields[f"units_{line.pk}"].required = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for line in self.lines:
            if said.get(f"units_{line.pk}") is None:
                said[f"units_{line.pk}"] = line.quantity
        return said

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[(key, problem.label) for key, problem in PROBLEMS.items()],
        initial="no_capacity",
        help_text=_(
            "“Damaged” and “Not where it should be” take the units off the books here. “None of it "
            "is here at all” keeps all that is free of it here from being sold until somebody has "
            "looked."
        ),
    )

    def first(self, line: FulfillmentOrderLine) -> int:
        return line.quantity

    @property
    def is_all(self) -> bool:
        return sum(units for _, units in self.counted) == sum(each.quantity for each in self.lines)


class MergeForm(forms.Form):
    """Which other work of the order becomes part of this one."""

    other = forms.ChoiceField(label=_("Work to take in"))

    def __init__(self, *args: Any, works: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = list(works)


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

    weight_reason = forms.CharField(max_length=REASON, required=False)

    @property
    def weight_g(self) -> int | None:
        kilograms = self.cleaned_data["weight"]
        return None if kilograms is None else int(kilograms * 1000)


OTHER = "other"


class ShipForm(forms.Form):
    """Who takes the packages: a service that goes there, or another carrier by name."""

    option = forms.ChoiceField(label=_("Service"), required=False)
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Why not the suggested one"),
        max_length=REASON,
        required=False,
        help_text=_("Only when you take another one."),
    )
    carrier = forms.CharField(
        label=_("Carrier"),
        max_length=64,
        required=False,
        help_text=_("Only for one that is not listed, with its tracking number."),
    )
    service = forms.CharField(label=_("Its service"), max_length=64, required=False)

    def __init__(self, *args: Any, choice: Choice, asks_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggested = choice.best.service.code if choice.best else ""
        self.asks_why = asks_why and bool(choice.best)
        field = self.fields["option"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [
            (each.service.code, each.service.label) for each in choice.options if each.is_possible
        ] + [(OTHER, _("Another carrier"))]
        if not self.asks_why:
            del self.fields["reason"]

    @property
    def chosen(self) -> str:
        """The option that stands chosen on the page."""
        if self.is_bound:
            return str(self.data.get("option", "")) or OTHER
        return self.suggested or OTHER

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        named = bool(said.get("carrier") or said.get("service"))
        taken = said.get("option") or (OTHER if named else self.suggested)
        if self.asks_why and taken != self.suggested and not said.get("reason"):
            self.add_error("reason", _("Say why another service takes it."))
        if taken == OTHER and not said.get("tracking_number"):
            self.add_error("tracking_number", _("Another carrier needs a tracking number."))
        return said

    @property
    def named(self) -> dict[str, str]:
        """What the service is told."""
        said = self.cleaned_data
        named = {name: said.get(name, "") for name in ("carrier", "service", "tracking_number")}
        if (option := said.get("option", "")) not in ("", OTHER):
            named |= {"carrier": "", "service": option}
        return {**named, "reason": said.get("reason", "")}


class HandOverForm(forms.Form):
    """What the customer shows at the counter."""

    code = forms.CharField(
        label=_("Code from the letter"),
        max_length=12,
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
    proof = forms.CharField(
        label=_("Without the code: how you know them"),
        max_length=REASON,
        required=False,
        help_text=_("Such as: passport, name as on the order."),
    )


class ServiceForm(forms.Form):
    """How a service of a carrier works."""

    carrier = forms.CharField(label=_("Carrier"), max_length=64, help_text=_("Such as PostNL."))
    name = forms.CharField(
        label=_("Service"), max_length=64, help_text=_("As the carrier calls it.")
    )
    code = forms.SlugField(
        label=_("Code"),
        max_length=48,
        help_text=_("Names it in files and on the API, such as postnl-parcel."),
    )
    methods = forms.CharField(
        label=_("Customers ask for it as"),
        max_length=200,
        required=False,
        help_text=_("The words of channels, with commas: standard, express."),
    )
    transit_days = forms.IntegerField(
        label=_("Days on the way"),
        min_value=0,
        max_value=120,
        initial=2,
        help_text=_("Working days of the carrier, where a rate says nothing else."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("The carrier works on"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
    )
    cutoff_time = forms.TimeField(
        label=_("Cut-off"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Where it is another than that of the location."),
    )
    max_weight_g = forms.IntegerField(
        label=_("Heaviest parcel, grams"), min_value=1, max_value=99_999_999, required=False
    )
    max_length_mm = forms.IntegerField(
        label=_("Longest side, millimetres"), min_value=1, max_value=100_000, required=False
    )
    cm3_per_kg = forms.IntegerField(
        label=_("Cubic centimetres that count as a kilogram"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("The divisor of the dimensional weight, often 5000."),
    )
    fuel_percent = forms.DecimalField(
        label=_("Fuel surcharge, percent"),
        min_value=Decimal(0),
        max_digits=5,
        decimal_places=2,
        required=False,
    )
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False, initial=True)

    def __init__(self, *args: Any, keeps_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if keeps_code:
            del self.fields["code"]

    @property
    def words(self) -> tuple[str, ...]:
        """The methods, one by one."""
        said = (word.strip() for word in self.cleaned_data["methods"].split(","))
        return tuple(word for word in said if word)


class RateForm(forms.Form):
    """One rate, as a row of a file; the importer judges it."""

    country = forms.CharField(
        label=_("To country"), max_length=2, initial="*", help_text=_("Two letters; * for others.")
    )
    postal_from = forms.CharField(label=_("Postal codes from"), max_length=12, required=False)
    postal_to = forms.CharField(label=_("Postal codes to"), max_length=12, required=False)
    origin = forms.CharField(
        label=_("From"),
        max_length=16,
        required=False,
        help_text=_("The code of a location, or a country; empty for anywhere."),
    )
    up_to_weight_g = forms.CharField(label=_("Up to, grams"), max_length=9)
    amount = forms.CharField(label=_("Amount"), max_length=18)
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="EUR")
    per_kg = forms.CharField(
        label=_("For each kilogram above"),
        max_length=18,
        required=False,
        help_text=_("Counts on the heaviest rate of a zone."),
    )
    transit_days = forms.CharField(label=_("Days on the way"), max_length=3, required=False)
    valid_from = forms.CharField(
        label=_("First day"), max_length=10, required=False, help_text=_("Such as 2027-01-01.")
    )
    valid_until = forms.CharField(label=_("Last day"), max_length=10, required=False)


class BoxForm(forms.Form):
    """A box on the packing table: inner lengths."""

    code = forms.CharField(label=_("Name"), max_length=32, help_text=_("Such as M."))
    length_mm = forms.IntegerField(label=_("Length, mm"), min_value=1, max_value=10_000)
    width_mm = forms.IntegerField(label=_("Width, mm"), min_value=1, max_value=10_000)
    height_mm = forms.IntegerField(label=_("Height, mm"), min_value=1, max_value=10_000)
    weight_g = forms.IntegerField(
        label=_("Own weight, grams"), min_value=0, max_value=100_000, initial=0
    )
    max_weight_g = forms.IntegerField(
        label=_("Holds at most, grams"), min_value=1, max_value=1_000_000, required=False
    )
    is_active = forms.BooleanField(label=_("On the packing table"), required=False, initial=True)


class TrackingForm(forms.Form):
    """What a carrier says about a shipment, put down by hand."""

    status = forms.ChoiceField(
        label=_("What happened"),
        choices=[each for each in ShipmentStatus.choices if each[0] != ShipmentStatus.SHIPPED],
    )
    location = forms.CharField(label=_("Where"), max_length=100, required=False)
    message = forms.CharField(label=_("In words"), max_length=300, required=False)
