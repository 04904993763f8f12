"""The form in which a sales rep writes down an order that came by phone or in person."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal
from oms.core.money import ZERO, exponent
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.rules.wanted import NewLine, NewOrder

LINES = 8
MOST_LINES = 200


def new_identity() -> tuple[str, str]:
    """Return what makes an entry one order, however often it is sent: a number and a moment."""
    return f"desk-{uuid.uuid4().hex[:12]}", timezone.now().isoformat()


class OrderEntryForm(forms.Form):
    """Who orders, from which channel, and where it goes."""

    channel = forms.ModelChoiceField(
        queryset=Channel.objects.filter(is_active=True).order_by("name"),
        to_field_name="slug",
        empty_label=None,
        label=_("Channel"),
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, initial="EUR")
    name = forms.CharField(label=_("Customer"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    line1 = forms.CharField(label=_("Street and number"), max_length=200)
    line2 = forms.CharField(label=_("Address, second line"), required=False, max_length=200)
    postal_code = forms.CharField(label=_("Postal code"), required=False, max_length=20)
    city = forms.CharField(label=_("City"), max_length=100)
    region = forms.CharField(label=_("Region"), required=False, max_length=100)
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Country"),
        help_text=_("Two letters, such as NL."),
        error_messages={"invalid": _("Give the country as two letters, such as NL.")},
    )
    shipping_amount = forms.DecimalField(
        label=_("Shipping"), required=False, min_value=0, max_digits=15, decimal_places=3
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    external_id = forms.RegexField(r"^desk-[0-9a-f]{12}$", widget=forms.HiddenInput)
    placed_at = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        try:
            exponent(currency)
        except ValueError as error:
            raise ValidationError(_("This is no currency. Use its code, such as EUR.")) from error
        return currency

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_placed_at(self) -> datetime:
        given = parse_datetime(self.cleaned_data["placed_at"])
        if given is None or timezone.is_naive(given):
            raise ValidationError(_("Open this form anew."))
        return given

    @property
    def principal(self) -> ChannelPrincipal:
        channel: Channel = self.cleaned_data["channel"]
        return channel.confirmed

    def wanted(self, lines: tuple[NewLine, ...]) -> NewOrder:
        """Return the order as asked for, with these lines."""
        said = self.cleaned_data
        return NewOrder(
            external_id=said["external_id"],
            placed_at=said["placed_at"],
            currency=said["currency"],
            customer=CustomerDetails(name=said["name"], email=said["email"], phone=said["phone"]),
            ship_to=Address(
                name=said["name"],
                line1=said["line1"],
                line2=said["line2"],
                city=said["city"],
                region=said["region"],
                postal_code=said["postal_code"],
                country=said["country"],
                phone=said["phone"],
            ),
            lines=lines,
            shipping_amount=said["shipping_amount"] or ZERO,
            notes=said["notes"],
        )


class LineEntryForm(forms.Form):
    """One line: a SKU, how many, and a price where the catalog's is not meant."""

    sku = forms.CharField(label=_("SKU"), max_length=64, required=False)
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=1_000_000, required=False
    )
    unit_price = forms.DecimalField(
        label=_("Price each"), min_value=0, max_digits=15, decimal_places=6, required=False
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors or not any(value is not None and value != "" for value in said.values()):
            return said
        if not said.get("sku"):
            self.add_error("sku", _("Which SKU?"))
        if said.get("quantity") is None:
            self.add_error("quantity", _("How many?"))
        return said

    @property
    def is_empty(self) -> bool:
        return not self.cleaned_data.get("sku")


class LineEntries(forms.BaseFormSet):  # type: ignore[type-arg]
    forms: list[LineEntryForm]

    def clean(self) -> None:
        """Find every SKU, in one query, and the price of those without one."""
        super().clean()
        filled = [form for form in self.forms if form.is_valid() and not form.is_empty]
        if any(self.errors):
            return
        if not filled:
            raise ValidationError(_("An order needs at least one line."))
        codes = {form.cleaned_data["sku"] for form in filled}
        known = {sku.code: sku for sku in Sku.objects.filter(code__in=codes)}
        for form in filled:
            sku = known.get(form.cleaned_data["sku"])
            if sku is None:
                form.add_error("sku", _("There is no such SKU in the catalog."))
            elif form.cleaned_data.get("unit_price") is None:
                if sku.price is None:
                    form.add_error("unit_price", _("The catalog has no price for it: give one."))
                else:
                    form.cleaned_data["unit_price"] = sku.price
        if any(form.errors for form in filled):
            raise ValidationError(_("Some lines need your attention."))

    def lines(self) -> tuple[NewLine, ...]:
        return tuple(
            NewLine(
                sku=form.cleaned_data["sku"],
                quantity=form.cleaned_data["quantity"],
                unit_price=cast(Decimal, form.cleaned_data["unit_price"]),
            )
            for form in self.forms
            if not form.is_empty
        )


_LineEntries = forms.formset_factory(
    LineEntryForm,
    formset=LineEntries,
    extra=LINES,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
    validate_max=True,
)


def line_entries(data: QueryDict | None = None, *, kept: Sequence[Any] = ()) -> LineEntries:
    """Return the lines as sent in `data`, or, to write on, those of `kept` or empty ones."""
    entries = _LineEntries(data, initial=list(kept) or None)
    if kept:
        entries.extra = 0
    return cast(LineEntries, entries)
