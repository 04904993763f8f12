"""What staff and customers may ask to be different about an order, checked for shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oms.catalog.models import Sku
from oms.core.money import rounded, text
from oms.customers.addresses import Address
from orders.models import Order, OrderKit, OrderLine
from orders.rules.changes import Action
from orders.rules.kits import touched_kits, whole_kits
from orders.states import ChangeType

NEW_LINES = 3
SMALL = {"class": "form-control", "autocomplete": "off"}


def plain(price: Decimal, currency: str) -> str:
    """Write a price to be written over: the currency's decimals, more where it has more."""
    return text(price, currency) if price == rounded(price, currency) else f"{price.normalize():f}"


class AddressForm(forms.Form):
    """Where an order goes."""

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

    ADDRESS = ("name", "line1", "line2", "postal_code", "city", "region", "country")

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def address(self, before: Address | None = None) -> Address:
        """Return what was written, with what the form does not ask for kept from `before`."""
        said = {name: self.cleaned_data[name] for name in self.ADDRESS}
        moved = before is None or any(said[name] != getattr(before, name) for name in self.ADDRESS)
        if before is None or not moved:
            return before or Address(**said)
        return Address(**said, company=before.company, phone=before.phone)


@dataclass(frozen=True)
class Asked:
    """A line, or kits, as an order asks for it, to be written over."""

    position: int
    sku_code: str
    name: str
    asked: int
    unit_price: Decimal
    packed: int
    shipped: int
    components: Sequence[OrderLine] = ()


def asked_of(lines: Sequence[OrderLine], kits: Sequence[OrderKit]) -> list[Asked]:
    """Return what an order asks for, by position: kits in place of their components."""
    by_pk = {kit.pk: kit for kit in kits}
    found: dict[int, Asked] = {}
    for line in lines:
        if line.kit_id is None:
            found[line.position] = Asked(
                line.position,
                line.sku_code,
                line.name,
                line.asked,
                line.unit_price,
                line.packed,
                line.shipped,
            )
        elif (kit := by_pk[line.kit_id]).position not in found:
            parts = [each for each in lines if each.kit_id == kit.pk]
            found[kit.position] = Asked(
                kit.position,
                kit.sku_code,
                kit.name,
                kit.quantity - whole_kits([(each.cancelled, each.per_kit) for each in parts]),
                kit.unit_price,
                touched_kits([(each.packed, each.per_kit) for each in parts]),
                touched_kits([(each.shipped, each.per_kit) for each in parts]),
                parts,
            )
    return [found[position] for position in sorted(found)]


class ChangeForm(AddressForm):
    """An order as it is, to be written over: what differs is the change."""

    service = forms.CharField(label=_("Shipping service"), required=False, max_length=64)
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=200,
        help_text=_("Colleagues read this in the timeline."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        order: Order,
        lines: Sequence[OrderLine],
        kits: Sequence[OrderKit] = (),
    ) -> None:
        initial = {name: getattr(order.ship_to, name) for name in self.ADDRESS}
        initial["service"] = order.service
        super().__init__(data, initial=initial)
        self.order, self.lines = order, asked_of(lines, kits)
        for line in self.lines:
            self._ask_line(line)
        for nth in range(NEW_LINES):
            self._ask_new(nth)
        self.order_fields(
            [name for name in self.fields if name not in ("service", "reason", *self.ADDRESS)]
            + [*self.ADDRESS, "service", "reason"]
        )

    def _ask_line(self, line: Asked) -> None:
        self.fields[f"quantity-{line.position}"] = forms.IntegerField(
            label=_("Quantity of {name}").format(name=line.name),
            min_value=line.packed,
            max_value=99_999,
            initial=line.asked,
            widget=forms.TextInput(attrs={**SMALL, "inputmode": "numeric"}),
            error_messages={
                "min_value": _("%(limit_value)s are packed or shipped: no fewer are possible.")
            },
        )
        self.fields[f"price-{line.position}"] = forms.DecimalField(
            label=_("Price each of {name}").format(name=line.name),
            min_value=0,
            max_digits=15,
            decimal_places=6,
            initial=plain(line.unit_price, self.order.currency),
            disabled=line.shipped > 0,
            widget=forms.TextInput(attrs={**SMALL, "inputmode": "decimal"}),
        )

    def _ask_new(self, nth: int) -> None:
        n = nth + 1
        code: dict[str, Any] = {**SMALL, "list": "skus", "autocapitalize": "off"}
        code |= {"spellcheck": "false", "placeholder": _("Another SKU")}
        self.fields[f"new-sku-{nth}"] = forms.CharField(
            label=_("New line {n}, SKU").format(n=n),
            required=False,
            max_length=64,
            widget=forms.TextInput(attrs=code),
        )
        self.fields[f"new-quantity-{nth}"] = forms.IntegerField(
            label=_("New line {n}, quantity").format(n=n),
            required=False,
            min_value=1,
            max_value=99_999,
            widget=forms.TextInput(attrs={**SMALL, "inputmode": "numeric"}),
        )
        self.fields[f"new-price-{nth}"] = forms.DecimalField(
            label=_("New line {n}, price each").format(n=n),
            required=False,
            min_value=0,
            max_digits=15,
            decimal_places=6,
            widget=forms.TextInput(attrs={**SMALL, "inputmode": "decimal"}),
        )

    @property
    def rows(self) -> list[tuple[Asked, forms.BoundField, forms.BoundField]]:
        return [
            (line, self[f"quantity-{line.position}"], self[f"price-{line.position}"])
            for line in self.lines
        ]

    @property
    def new_rows(self) -> list[list[forms.BoundField]]:
        names = ("new-sku", "new-quantity", "new-price")
        return [[self[f"{name}-{nth}"] for name in names] for nth in range(NEW_LINES)]

    @property
    def address_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ADDRESS]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self._check_new(said)
        if not self.errors and not self.actions:
            self.add_error(None, _("Nothing is different yet. Change something first."))
        return said

    def _check_new(self, said: dict[str, Any]) -> None:
        codes = {nth: said.get(f"new-sku-{nth}") for nth in range(NEW_LINES)}
        known = set(
            Sku.objects.filter(code__in=filter(None, codes.values())).values_list("code", flat=True)
        )
        for nth, code in codes.items():
            if code and code not in known:
                self.add_error(f"new-sku-{nth}", _("There is no such SKU in the catalog."))
            elif said.get(f"new-quantity-{nth}") is not None and not code:
                self.add_error(f"new-sku-{nth}", _("Which SKU?"))

    @property
    def actions(self) -> list[Action]:
        """What differs from the order as it is."""
        said = self.cleaned_data
        found = [*self._line_actions(said), *self._new_actions(said)]
        if self.address(self.order.ship_to) != self.order.ship_to:
            found.append(Action(ChangeType.SET_ADDRESS, address=self.address(self.order.ship_to)))
        if said["service"] != self.order.service:
            found.append(Action(ChangeType.SET_SERVICE, service=said["service"]))
        return found

    def _line_actions(self, said: dict[str, Any]) -> list[Action]:
        found = []
        for line in self.lines:
            which: dict[str, Any] = {"sku": line.sku_code, "line": line.position}
            quantity, price = said[f"quantity-{line.position}"], said[f"price-{line.position}"]
            if quantity == 0 and line.asked:
                found.append(Action(ChangeType.REMOVE_LINE, **which))
                continue
            if price != line.unit_price:
                found.append(Action(ChangeType.SET_PRICE, **which, unit_price=price))
            if quantity != line.asked:
                found.append(Action(ChangeType.SET_QUANTITY, **which, quantity=quantity))
        return found

    def _new_actions(self, said: dict[str, Any]) -> list[Action]:
        return [
            Action(
                ChangeType.ADD_LINE,
                sku=said[f"new-sku-{nth}"],
                quantity=said[f"new-quantity-{nth}"] or 1,
                unit_price=said[f"new-price-{nth}"],
            )
            for nth in range(NEW_LINES)
            if said.get(f"new-sku-{nth}")
        ]
