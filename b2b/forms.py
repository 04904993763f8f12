"""What staff may say of business customers and their documents, checked for shape."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from b2b.models import Company, PriceList, PurchaseOrderLine, QuoteLine
from b2b.selectors import sales_reps
from b2b.states import AddressKind, BuyerRole
from oms.customers.addresses import Address

NUMBER = {"class": "form-control text-end", "inputmode": "numeric"}
AMOUNT = {"class": "form-control text-end", "inputmode": "decimal"}


def amount(label: Any, *, required: bool = True, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, min_value=0, max_digits=15, decimal_places=3, **kwargs
    )


def day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class NothingForm(forms.Form):
    """Nothing is asked: the act needs no word."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class CompanyForm(forms.Form):
    """Who a company is, and on what terms it buys."""

    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        label=_("Code"),
        max_length=32,
        help_text=_("Short, for lists and files. It stays for ever."),
        error_messages={"invalid": _("Letters, digits, dots and dashes.")},
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    tax_id = forms.CharField(label=_("Tax number"), max_length=40, required=False)
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        initial="EUR",
        error_messages={"invalid": _("Three letters, such as EUR.")},
    )
    terms_days = forms.IntegerField(label=_("Days to pay"), min_value=0, max_value=365, initial=30)
    approval_limit_amount = amount(
        _("A second person approves above"),
        required=False,
        help_text=_("Blank: nobody has to."),
    )
    price_list = forms.ModelChoiceField(
        queryset=PriceList.objects.filter(is_active=True).order_by("name"),
        to_field_name="code",
        required=False,
        empty_label=_("Catalog prices"),
        label=_("Price list"),
    )
    sales_rep = forms.ModelChoiceField(
        queryset=sales_reps(),
        to_field_name="username",
        required=False,
        empty_label=_("Nobody"),
        label=_("Sales rep"),
    )
    auto_accept = forms.BooleanField(
        required=False,
        initial=True,
        label=_("Accept purchase orders that raise no question by themselves"),
    )
    ship_complete = forms.BooleanField(
        required=False, label=_("Ship only when everything can leave together")
    )

    def plain(self) -> dict[str, Any]:
        """What was said, with codes and names in place of rows."""
        said = dict(self.cleaned_data)
        said["price_list"] = said["price_list"].code if said["price_list"] else ""
        said["sales_rep"] = said["sales_rep"].username if said["sales_rep"] else ""
        return said


class CompanyChangeForm(CompanyForm):
    """The same without what stays for ever."""

    is_active = forms.BooleanField(required=False, label=_("May order"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"], self.fields["currency"]


class AddressForm(forms.Form):
    """A place of a company."""

    kind = forms.ChoiceField(label=_("For"), choices=AddressKind.choices)
    label = forms.CharField(label=_("Known as"), max_length=100)
    name = forms.CharField(label=_("Name on the parcel"), max_length=200)
    line1 = forms.CharField(label=_("Street and number"), max_length=200)
    line2 = forms.CharField(label=_("Second line"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100)
    region = forms.CharField(label=_("Region"), max_length=100, required=False)
    country = forms.RegexField(
        r"^[A-Z]{2}$",
        label=_("Country"),
        error_messages={"invalid": _("Two letters, such as NL.")},
    )
    is_default = forms.BooleanField(required=False, label=_("Use it unless another is named"))

    @property
    def address(self) -> Address:
        names = ("name", "line1", "line2", "postal_code", "city", "region", "country")
        return Address(**{name: self.cleaned_data[name] for name in names})


class BuyerForm(forms.Form):
    """Who buys for a company, and how much."""

    user = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        help_text=_("An administrator makes sign-ins, without a role of ours."),
    )
    role = forms.ChoiceField(label=_("May"), choices=BuyerRole.choices)
    spending_limit = amount(_("Spends without asking up to"), required=False)


class CreditForm(forms.Form):
    """How much a company may owe."""

    limit = amount(_("Credit limit"), required=False, help_text=_("Blank: nothing is checked."))
    is_blocked = forms.BooleanField(required=False, label=_("Hold every order, whatever is owed"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class PriceListForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=100)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), initial="EUR")


class PriceForm(forms.Form):
    """A price from a quantity on, for every company of the list or for one."""

    sku = forms.CharField(label=_("SKU"), max_length=64)
    min_quantity = forms.IntegerField(
        label=_("From units"), min_value=1, max_value=1_000_000, initial=1
    )
    unit_price = forms.DecimalField(
        label=_("Price each"), min_value=0, max_digits=15, decimal_places=6
    )
    company = forms.CharField(label=_("Only for company"), max_length=32, required=False)
    valid_from = day(_("From"))
    valid_until = day(_("Until, itself included"))


class PresentForm(forms.Form):
    valid_until = day(_("Valid until"), help_text=_("30 days from today if left empty."))


class PaymentForm(forms.Form):
    """Money that came in. The same reference is recorded once."""

    amount = amount(_("Amount"))
    reference = forms.CharField(
        label=_("Reference"), max_length=100, help_text=_("As on the bank statement.")
    )
    received_on = day(_("Received on"))


class CreditNoteForm(forms.Form):
    amount = amount(_("Amount"))
    reason = forms.CharField(label=_("Reason, for the company"), max_length=300)


class AcceptQuoteForm(forms.Form):
    """How many units of each line the company takes."""

    po_number = forms.CharField(
        label=_("Their purchase order number"), max_length=64, required=False
    )

    def __init__(self, *args: Any, lines: Sequence[QuoteLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"units-{line.position}"] = forms.IntegerField(
                label=_("Units of {name}, {sku}").format(name=line.name, sku=line.sku.code),
                min_value=0,
                max_value=line.quantity,
                initial=line.quantity,
                widget=forms.NumberInput(attrs=NUMBER),
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        units = {
            int(name.partition("-")[2]): said.pop(name)
            for name in [name for name in said if name.startswith("units-")]
        }
        return {**said, "quantities": units}


class AnswersForm(forms.Form):
    """What we answer to each line of a purchase order."""

    def __init__(self, *args: Any, lines: Sequence[PurchaseOrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            at = line.position
            self.fields[f"quantity-{at}"] = forms.IntegerField(
                label=_("Units of {sku}").format(sku=line.sku_code),
                min_value=0,
                max_value=line.quantity,
                initial=line.quantity,
                widget=forms.NumberInput(attrs=NUMBER),
            )
            self.fields[f"unit_price-{at}"] = forms.DecimalField(
                label=_("Price each"),
                min_value=0,
                max_digits=15,
                decimal_places=6,
                required=False,
                initial=_short(line.unit_price),
                widget=forms.TextInput(attrs=AMOUNT),
            )
            self.fields[f"expected_on-{at}"] = day(_("Expected on"))
            self.fields[f"reason-{at}"] = forms.CharField(
                label=_("Word to them"), max_length=300, required=False
            )
            for name in ("expected_on", "reason"):
                self.fields[f"{name}-{at}"].widget.attrs["class"] = "form-control"

    def rows(self) -> list[dict[str, Any]]:
        names = ("quantity", "unit_price", "expected_on", "reason")
        return [
            {"line": line, **{name: self[f"{name}-{line.position}"] for name in names}}
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        return {"answers": [self._answer(said, line) for line in self.lines]}

    def _answer(self, said: dict[str, Any], line: PurchaseOrderLine) -> dict[str, Any]:
        at = line.position
        price = said[f"unit_price-{at}"]
        return {
            "position": at,
            "quantity": said[f"quantity-{at}"],
            "unit_price": None if price is None or price == line.unit_price else price,
            "expected_on": said[f"expected_on-{at}"],
            "reason": said[f"reason-{at}"],
        }


def _short(price: Decimal) -> str:
    """A price without the zeros that nobody wrote."""
    text = f"{price.normalize():f}"
    return text if "." in text and len(text.partition(".")[2]) > 1 else f"{price:.2f}"


def initial_of(company: Company) -> dict[str, Any]:
    """What the form says of a company now."""
    names = ("name", "email", "phone", "tax_id", "terms_days", "approval_limit_amount")
    flags = ("auto_accept", "ship_complete", "is_active")
    return {
        **{name: getattr(company, name) for name in (*names, *flags)},
        "price_list": company.price_list.code if company.price_list else None,
        "sales_rep": company.sales_rep.username if company.sales_rep else None,
    }
