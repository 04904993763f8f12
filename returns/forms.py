"""What staff and customers may say of a return, checked for shape."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oms.core.money import smallest
from returns.models import ReturnLine
from returns.selectors import Returnable, Settlement
from returns.states import Condition, Disposition, Reason

NUMBER = {"class": "form-control text-end", "inputmode": "numeric"}


class FindOrderForm(forms.Form):
    """What a customer knows of an order: its number and the address it was confirmed to."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=100,
        help_text=_("It stands in the mail that confirmed your order."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The one you ordered with."),
    )


class OrderNumberForm(forms.Form):
    """Which order a colleague means."""

    order = forms.CharField(label=_("Order number"), max_length=100)


class WishForm(forms.Form):
    """How many units of each line come back, and why."""

    def __init__(self, *args: Any, lines: Sequence[Returnable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for each in lines:
            pk = each.line.pk
            self.fields[f"units-{pk}"] = forms.IntegerField(
                label=each.line.name,
                min_value=0,
                max_value=each.units,
                required=False,
                initial=0,
                widget=forms.NumberInput(attrs=NUMBER),
            )
            self.fields[f"reason-{pk}"] = forms.ChoiceField(
                label=_("Why"),
                choices=[("", _("Choose a reason")), *Reason.choices],
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.fields[f"comment-{pk}"] = forms.CharField(
                label=_("Anything we should know (optional)"),
                max_length=500,
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    def rows(self) -> Iterator[tuple[Returnable, Any, Any, Any]]:
        for each in self.lines:
            pk = each.line.pk
            yield each, self[f"units-{pk}"], self[f"reason-{pk}"], self[f"comment-{pk}"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for each in self.lines:
            pk = each.line.pk
            if said.get(f"units-{pk}") and not said.get(f"reason-{pk}"):
                self.add_error(f"reason-{pk}", gettext("Say why it comes back."))
        if not self.errors and not any(said.get(f"units-{each.line.pk}") for each in self.lines):
            raise forms.ValidationError(gettext("Say of at least one thing how many come back."))
        return said

    @property
    def wishes(self) -> list[dict[str, Any]]:
        """The chosen units, as the service asks for them."""
        said = self.cleaned_data
        return [
            {
                "sku": each.line.sku_code,
                "line_id": each.line.pk,
                "quantity": units,
                "reason": said[f"reason-{each.line.pk}"],
                "comment": said[f"comment-{each.line.pk}"],
            }
            for each in self.lines
            if (units := said.get(f"units-{each.line.pk}"))
        ]


class ApproveForm(forms.Form):
    """A word to the customer with the approval."""

    reason = forms.CharField(label=_("Message to the customer"), max_length=200, required=False)


class DeclineForm(forms.Form):
    """Why a return is turned down: the customer reads it."""

    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("The customer reads this sentence.")
    )


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class ReceiveForm(forms.Form):
    """Units that are in hand, by SKU. A scanned code counts one more."""

    code = forms.CharField(label=_("Scan a unit"), max_length=100, required=False)

    def __init__(self, *args: Any, lines: Sequence[ReturnLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.expected: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        for line in lines:
            placed = line.order_line
            sku = placed.sku_code
            self.expected[sku] = self.expected.get(sku, 0) + line.missing
            self.names[sku] = placed.name
            self.codes[sku.casefold()] = sku
            if placed.stock.barcode:
                self.codes[placed.stock.barcode.casefold()] = sku
        for sku, missing in self.expected.items():
            if missing:
                self.fields[f"units-{sku}"] = forms.IntegerField(
                    label=self.names[sku],
                    min_value=0,
                    max_value=missing,
                    required=False,
                    initial=0,
                    widget=forms.NumberInput(attrs=NUMBER),
                )

    def rows(self) -> Iterator[tuple[str, str, int, Any]]:
        for sku, missing in self.expected.items():
            if missing:
                yield sku, self.names[sku], missing, self[f"units-{sku}"]

    @property
    def units(self) -> dict[str, int]:
        return {
            sku: count
            for sku in self.expected
            if (count := self.cleaned_data.get(f"units-{sku}") or 0)
        }


class GradeForm(forms.Form):
    """Some units of one SKU, their condition and what becomes of them."""

    sku = forms.ChoiceField(label=_("What"), widget=forms.Select(attrs={"class": "form-select"}))
    quantity = forms.IntegerField(
        label=_("Units"),
        min_value=1,
        max_value=99_999,
        widget=forms.NumberInput(attrs=NUMBER),
    )
    condition = forms.ChoiceField(
        label=_("Condition"),
        choices=Condition.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    disposition = forms.ChoiceField(
        label=_("What becomes of them"),
        choices=Disposition.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, skus: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sku"].choices = list(skus)  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        """A row without units says nothing."""
        return bool(self.data.get(self.add_prefix("quantity"), "").strip()) if self.data else False


GradeFormSet = forms.formset_factory(
    GradeForm, extra=0, min_num=0, max_num=200, absolute_max=200, validate_max=True
)


class SettleForm(forms.Form):
    """What goes back for each line; what was paid for the units unless someone says otherwise."""

    def __init__(self, *args: Any, proposal: Settlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        step = smallest(proposal.currency)
        for each in proposal.lines:
            if each.units:
                self.fields[f"amount-{each.line.pk}"] = forms.DecimalField(
                    label=each.name,
                    min_value=0,
                    max_digits=15,
                    decimal_places=-int(step.as_tuple().exponent),
                    initial=each.amount.quantize(step),
                    localize=False,
                    widget=forms.NumberInput(
                        attrs={
                            "class": "form-control text-end",
                            "step": str(step),
                            "inputmode": "decimal",
                        }
                    ),
                )

    def rows(self) -> Iterator[tuple[Any, Any]]:
        for each in self.proposal.lines:
            if each.units:
                yield each, self[f"amount-{each.line.pk}"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and self.total > self.proposal.refundable:
            raise forms.ValidationError(
                gettext("Together this is more than can still be refunded for the order.")
            )
        return said

    @property
    def amounts(self) -> dict[int, Decimal]:
        """Amounts by return line."""
        return {
            each.line.pk: self.cleaned_data[f"amount-{each.line.pk}"]
            for each in self.proposal.lines
            if each.units
        }

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), Decimal(0))
