"""What staff and customers may ask of a subscription, checked for shape."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal
from oms.core.money import ZERO, exponent
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.rules.contracts import NewSubscription, PaymentAccount, WantedLine
from orders.rules.schedule import MOST_EVERY
from orders.selectors.subscriptions import Line
from orders.states import PricePolicy, RhythmUnit

NEW_LINES = 3
ONCE = [("always", _("From now on")), ("once", _("The next delivery only"))]
REASON = 200


def _date(**attrs: str) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


class PauseForm(forms.Form):
    """Until when nothing comes."""

    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=_date(),
        help_text=_("Leave it empty to pause until somebody resumes it."),
    )


class StaffPauseForm(PauseForm):
    reason = forms.CharField(label=_("Why"), max_length=REASON, required=False)


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=REASON)


class CustomerEndForm(forms.Form):
    """The same, as a customer asks for it: no reason is owed."""

    reason = forms.CharField(label=_("Would you tell us why?"), max_length=REASON, required=False)


class OnceForm(forms.Form):
    """Whether something holds once or from now on."""

    scope = forms.ChoiceField(
        label=_("For how long"), choices=ONCE, initial="always", widget=forms.RadioSelect
    )

    @property
    def once(self) -> bool:
        return bool(self.cleaned_data["scope"] == "once")


class ContentForm(OnceForm):
    """What comes: how many of each SKU, and room for other ones."""

    def __init__(
        self, *args: Any, lines: Sequence[Line], more: int = NEW_LINES, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.more = list(lines), more
        for line in self.lines:
            self.fields[f"quantity-{line.position}"] = forms.IntegerField(
                label=line.sku.name,
                min_value=0,
                max_value=99_999,
                initial=line.quantity,
                required=False,
                widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
            )
        for nth in range(1, more + 1):
            self.fields[f"sku-{nth}"] = forms.CharField(
                label=_("SKU"), max_length=64, required=False
            )
            self.fields[f"units-{nth}"] = forms.IntegerField(
                label=_("Quantity"), min_value=1, max_value=99_999, required=False
            )
        if not self.lines:
            del self.fields["scope"]
        self.order_fields([*(name for name in self.fields if name != "scope"), "scope"])

    @property
    def rows(self) -> list[tuple[Line, forms.BoundField]]:
        return [(line, self[f"quantity-{line.position}"]) for line in self.lines]

    @property
    def new_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"sku-{n}"], self[f"units-{n}"]) for n in range(1, self.more + 1)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for nth in range(1, self.more + 1):
            sku, units = said.get(f"sku-{nth}"), said.get(f"units-{nth}")
            if sku and units is None and f"units-{nth}" not in self.errors:
                self.add_error(f"units-{nth}", _("How many?"))
            if units and not sku and f"sku-{nth}" not in self.errors:
                self.add_error(f"sku-{nth}", _("Which SKU?"))
        codes = {said.get(f"sku-{nth}") or "" for nth in range(1, self.more + 1)} - {""}
        known = set(Sku.objects.filter(code__in=codes).values_list("code", flat=True))
        for nth in range(1, self.more + 1):
            if said.get(f"sku-{nth}") and said[f"sku-{nth}"] not in known:
                self.add_error(f"sku-{nth}", _("There is no such SKU in the catalog."))
        if not self.errors and not self.wanted:
            raise ValidationError(
                _("Something has to come: keep one unit, or cancel instead.")
                if self.lines
                else _("Something has to come: name a SKU and how many.")
            )
        return said

    @property
    def wanted(self) -> list[WantedLine]:
        said = self.cleaned_data
        kept = [
            WantedLine(
                line.sku.code,
                said[f"quantity-{line.position}"],
                unit_price=line.unit_price,
                tax_rate=line.tax_rate,
            )
            for line in self.lines
            if said.get(f"quantity-{line.position}")
        ]
        added = [
            WantedLine(said[f"sku-{nth}"], said[f"units-{nth}"])
            for nth in range(1, self.more + 1)
            if said.get(f"sku-{nth}") and said.get(f"units-{nth}")
        ]
        return [*kept, *added]


class AddressFields(forms.Form):
    """An address, part by part."""

    name = forms.CharField(label=_("Name"), max_length=200)
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

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    @property
    def address(self) -> Address:
        said = {name: value for name, value in self.cleaned_data.items() if name in PARTS}
        return Address(**said)


class AddressForm(AddressFields, OnceForm):
    """Where it goes, and for how long."""

    field_order = [
        "name", "line1", "line2", "postal_code", "city", "region", "country", "scope",
    ]  # fmt: skip


WHO = {
    "channel", "name", "email", "phone", "line1", "line2", "postal_code", "city", "region",
    "country",
}  # fmt: skip
PARTS = ("name", "line1", "line2", "postal_code", "city", "region", "country")


def parts_of(address: Address) -> dict[str, str]:
    return {name: getattr(address, name) for name in PARTS}


class RhythmForm(forms.Form):
    """How often."""

    every = forms.IntegerField(
        label=_("Every"), min_value=1, max_value=max(MOST_EVERY.values()), initial=1
    )
    unit = forms.ChoiceField(
        label=_("Days, weeks or months"), choices=RhythmUnit.choices, initial=RhythmUnit.MONTH
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and said["every"] > (most := MOST_EVERY[RhythmUnit(said["unit"])]):
            self.add_error("every", _("At most %(most)s of these.") % {"most": most})
        return said


class AccountForm(forms.Form):
    """Who is charged, and how."""

    payer = forms.CharField(
        label=_("Customer at the gateway"),
        max_length=100,
        required=False,
        help_text=_("Such as cus_… at Stripe."),
    )
    reference = forms.CharField(
        label=_("Saved card or account"),
        max_length=100,
        required=False,
        help_text=_("Such as pm_… at Stripe."),
    )
    method = forms.CharField(label=_("How it is paid"), max_length=32, initial="card")

    @property
    def account(self) -> PaymentAccount:
        said = self.cleaned_data
        return PaymentAccount(
            method=said["method"], payer=said["payer"], reference=said["reference"]
        )


class PaymentForm(forms.Form):
    """Money that came in by itself."""

    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=15, decimal_places=3)
    method = forms.CharField(label=_("How it came"), max_length=32, initial="bank")
    reference = forms.CharField(
        label=_("Reference"),
        max_length=64,
        required=False,
        help_text=_("What the bank statement says."),
    )


class NewSubscriptionForm(AddressFields, RhythmForm, AccountForm):
    """Who gets it, where and how often. The lines are a form of their own."""

    channel = forms.ModelChoiceField(
        queryset=Channel.objects.filter(is_active=True).order_by("name"),
        to_field_name="slug",
        empty_label=None,
        label=_("Channel"),
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, initial="EUR")
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    starts_on = forms.DateField(label=_("First delivery"), widget=_date())
    ends_after = forms.IntegerField(
        label=_("Ends after so many"), required=False, min_value=1, max_value=1_000
    )
    time_zone = forms.CharField(label=_("Time zone"), max_length=64, initial="Europe/Amsterdam")
    price_policy = forms.ChoiceField(label=_("Prices"), choices=PricePolicy.choices)
    tax_rate = forms.DecimalField(
        label=_("Tax, percent"), min_value=0, max_value=100, decimal_places=4, initial=0
    )
    shipping_amount = forms.DecimalField(
        label=_("Shipping"), required=False, min_value=0, max_digits=15, decimal_places=3
    )
    field_order = [
        "channel", "name", "email", "phone", "line1", "line2", "postal_code", "city", "region",
        "country", "every", "unit", "starts_on", "ends_after", "time_zone", "currency",
        "price_policy", "tax_rate", "shipping_amount", "method", "payer", "reference",
    ]  # fmt: skip

    @property
    def who(self) -> list[forms.BoundField]:
        """The fields that say who gets it, and where."""
        return [field for field in self.visible_fields() if field.name in WHO]

    @property
    def terms(self) -> list[forms.BoundField]:
        """The fields that say how often, and who pays."""
        return [field for field in self.visible_fields() if field.name not in WHO]

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        try:
            exponent(currency)
        except ValueError as error:
            raise ValidationError(_("This is no currency. Use its code, such as EUR.")) from error
        return currency

    @property
    def principal(self) -> ChannelPrincipal:
        channel: Channel = self.cleaned_data["channel"]
        return channel.confirmed

    def subscription(self, lines: Sequence[WantedLine]) -> NewSubscription:
        """Return the subscription as asked for, with these lines."""
        said = self.cleaned_data
        return NewSubscription(
            customer=CustomerDetails(name=said["name"], email=said["email"], phone=said["phone"]),
            ship_to=self.address,
            lines=tuple(
                WantedLine(line.sku, line.quantity, line.unit_price, said["tax_rate"])
                for line in lines
            ),
            currency=said["currency"],
            every=said["every"],
            unit=said["unit"],
            starts_on=said["starts_on"],
            time_zone=said["time_zone"],
            ends_after=said["ends_after"],
            price_policy=said["price_policy"],
            shipping_amount=said["shipping_amount"] or ZERO,
            account=self.account,
        )
