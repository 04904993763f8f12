"""An order change in words: what is different, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms.core.display import money_text
from oms.customers.addresses import Address
from orders.rules.changes import Action
from orders.rules.effects import Effects
from orders.rules.kits import whole_kits
from orders.states import ChangeType

LETTERS = {
    "order_changed": gettext_lazy("“Your order is changed”"),
    "order_cancelled": gettext_lazy("“Your order is cancelled”"),
    "refund_succeeded": gettext_lazy("“Your refund”"),
}


@dataclass(frozen=True)
class Difference:
    """One thing that is different."""

    what: str
    before: str
    after: str


def differences(
    actions: Sequence[Mapping[str, Any]], before: Mapping[str, Any], currency: str
) -> list[Difference]:
    """Tell what `actions` make of an order that was `before` (see `as_asked`)."""
    return [_difference(Action.of_json(each), before, currency) for each in actions]


def _difference(action: Action, before: Mapping[str, Any], currency: str) -> Difference:
    line = _line(action, before)
    name = line["name"] if line else action.sku
    if action.type == ChangeType.SET_ADDRESS:
        kept = before["ship_to"] if not line else line["ship_to"] or before["ship_to"]
        what = _("Address of {name}").format(name=name) if line else _("Address")
        return Difference(what, _place(Address(**kept)), _place(action.address))
    if action.type == ChangeType.SET_SERVICE:
        return Difference(_("Service"), before["service"] or _("none"), action.service or _("none"))
    if action.type == ChangeType.SET_CHARGES:
        return Difference(
            _("Shipping and discount"),
            _charges(before.get("shipping"), before["discount"], currency),
            _charges(str(action.unit_price or 0), str(action.discount or 0), currency),
        )
    if action.type == ChangeType.SET_PRICE and line:
        return Difference(
            _("{name}, each").format(name=name),
            money_text(Decimal(line["unit_price"]), currency),
            money_text(action.unit_price or Decimal(0), currency),
        )
    units = str(line["quantity"] - line.get("cancelled", 0)) if line else "0"
    if action.type == ChangeType.ADD_LINE:
        units = "0"
    after = "0" if action.type == ChangeType.REMOVE_LINE else str(action.quantity)
    return Difference(name, units, after)


def _charges(shipping: str | None, discount: str, currency: str) -> str:
    shown = [money_text(Decimal(amount or 0), currency) for amount in (shipping, discount)]
    return _("{shipping}, {discount} off").format(shipping=shown[0], discount=shown[1])


def _line(action: Action, before: Mapping[str, Any]) -> dict[str, Any] | None:
    if action.type == ChangeType.ADD_LINE:
        return None
    for kit, asked in before.get("kits", {}).items():
        lines = [line for line in before["lines"] if str(line.get("kit") or "") == kit]
        if not lines or asked["sku"] != action.sku or not asked["quantity"]:
            continue
        if action.line in (None, before["lines"].index(lines[0]) + 1):
            cancelled = _whole(lines, asked)
            return {**asked, "ship_to": lines[0]["ship_to"], "cancelled": cancelled}
    for position, line in enumerate(before["lines"], start=1):
        if action.line == position or (action.line is None and line["sku"] == action.sku):
            return dict(line)
    return None


def _whole(lines: Sequence[Mapping[str, Any]], kit: Mapping[str, Any]) -> int:
    """How many kits were cancelled whole."""
    return whole_kits([(line["cancelled"], line["quantity"] // kit["quantity"]) for line in lines])


def _place(address: Address | None) -> str:
    return ", ".join([*address.lines, address.country]) if address else ""


def letter_names(effects: Effects) -> list[str]:
    """The letters that would go, as people know them."""
    return [str(LETTERS.get(name, name.replace("_", " "))) for name in effects.letters]
