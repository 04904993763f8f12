"""What buyers may say, checked for shape."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from b2b.forms import NUMBER, amount, day
from b2b.models import CompanyAddress, QuoteLine
from b2b.states import BuyerRole
from oms.customers.addresses import Address


def _not_over(on: date | None) -> date | None:
    if on is not None and on < timezone.localdate():
        raise forms.ValidationError(_now("That day is over."))
    return on


def _place(places: Sequence[CompanyAddress]) -> forms.ChoiceField:
    """Return the choice among a company's addresses, by their labels."""
    return forms.ChoiceField(
        label=_("Ship to"),
        choices=[(each.label, f"{each.label}, {each.address.city}") for each in places],
        required=bool(places),
    )


class ReviewForm(forms.Form):
    """What is said of an order around its lines."""

    po_number = forms.CharField(
        label=_("Your order number"),
        max_length=64,
        required=False,
        help_text=_("It stands on our confirmation and invoice."),
    )
    requested_on = day(_("Wanted by"))
    note = forms.CharField(
        label=_("Note to us"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, places: Sequence[CompanyAddress], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.label: place.address for place in places}
        self.fields["ship_to"] = _place(places)
        self.order_fields(["ship_to"])

    def clean_requested_on(self) -> date | None:
        return _not_over(self.cleaned_data["requested_on"])

    @property
    def address(self) -> Address | None:
        return self.places.get(self.cleaned_data["ship_to"])


class RequestForm(forms.Form):
    """What is said of a quote request around its lines."""

    needed_by = day(_("Needed by"))
    note = forms.CharField(
        label=_("What we should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_needed_by(self) -> date | None:
        return _not_over(self.cleaned_data["needed_by"])


class TakeOfferForm(forms.Form):
    """How much of an offer is taken, where it goes and under which number."""

    def __init__(
        self,
        *args: Any,
        lines: Sequence[QuoteLine],
        places: Sequence[CompanyAddress],
        currency: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.currency = lines, currency
        self.places = {place.label: place.address for place in places}
        for line in lines:
            self.fields[f"units-{line.position}"] = forms.IntegerField(
                label=line.name,
                min_value=0,
                max_value=line.quantity,
                initial=line.quantity,
                widget=forms.NumberInput(attrs=NUMBER),
            )
        self.fields["ship_to"] = _place(places)
        self.fields["po_number"] = forms.CharField(
            label=_("Your order number"), max_length=64, required=False
        )

    def rows(self) -> list[dict[str, Any]]:
        return [{"line": line, "field": self[f"units-{line.position}"]} for line in self.lines]

    def head(self) -> list[Any]:
        return [self["ship_to"], self["po_number"]]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        return {
            "quantities": {line.position: said[f"units-{line.position}"] for line in self.lines},
            "ship_to": self.places.get(said["ship_to"]),
            "po_number": said["po_number"],
        }


class PersonForm(forms.Form):
    """What a person of the company may do."""

    role = forms.ChoiceField(label=_("May"), choices=BuyerRole.choices)
    spending_limit = amount(
        _("Orders without asking up to"),
        required=False,
        help_text=_("Blank: without limit. Above it somebody else of the company has to agree."),
    )


class PersonChangeForm(PersonForm):
    """The same, and whether they may do anything at all."""

    is_active = forms.BooleanField(required=False, label=_("May sign in and order"))


class InviteForm(PersonForm):
    """The same for somebody who has no sign-in yet."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), max_length=150)
    field_order = ("name", "email", "role", "spending_limit")
