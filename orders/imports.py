"""Bringing in orders: one row per line, grouped by the channel's order id.

An open order is placed like any other: routed, reserved, confirmed. One that is `completed` or
`cancelled` is history: it is kept with its amounts and units, moves no stock and tells nobody. A
completed one counts as paid and delivered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from oms.channels.models import Channel
from oms.core import columns as column
from oms.core.errors import Refusal
from oms.core.imports import (
    BadRow,
    Context,
    Importer,
    Outcome,
    Row,
    chunks,
    disagreements,
    together,
)
from oms.core.money import ZERO
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.errors import AmountDoesNotFit, DuplicateOrderDiffers
from orders.imports_known import ALSO_CALLED, KNOWN_FILES
from orders.rules.pricing import price
from orders.rules.wanted import NewLine, NewOrder, NewPayment
from orders.services import place_orders
from orders.services.recording import PAST
from orders.states import OrderStatus

OF_THE_LINE = ("external_id", "sku", "quantity", "unit_price", "tax", "discount")
AT_ONCE = 500
SMALLEST = Decimal("0.000001")
STATUSES = (OrderStatus.OPEN, *PAST)


class Orders(Importer):
    """Orders by the channel's order id. The same order again is known; another one is refused."""

    title = _("Orders")
    page = "orders:list"
    hints = (
        _("Open orders are placed as if they came now; completed and cancelled ones are history."),
    )
    columns = {
        "external_id": column.text(100),
        "placed_at": column.moment,
        "currency": column.currency,
        "name": column.text(200),
        "country": column.country,
        "sku": column.text(64),
        "quantity": column.units(1, 99_999),
        "unit_price": column.price,
        "email": column.email,
        "line1": column.text(200),
        "line2": column.text(200),
        "city": column.text(100),
        "region": column.text(100),
        "postal_code": column.text(20),
        "tax": column.amount,
        "discount": column.amount,
        "shipping_amount": column.amount,
        "status": column.choice(STATUSES),
    }
    required = (
        "external_id",
        "placed_at",
        "currency",
        "name",
        "country",
        "sku",
        "quantity",
        "unit_price",
    )
    needs_channel = True
    whole_by = parts_by = ("external_id",)
    at_once = 500
    extra_columns = {"line_amount": column.price, "line_shipping": column.amount}
    of_the_row = (*OF_THE_LINE, *extra_columns)
    instead = {"unit_price": "line_amount"}
    also_called = ALSO_CALLED
    known_files = KNOWN_FILES

    def complete(self, group: Sequence[dict[str, str]]) -> None:
        """Share what others say of whole lines: a unit's price, the shipping of the order."""
        shipping = [said.pop("line_shipping") for said in group if said.get("line_shipping")]
        if shipping:
            total = str(sum(map(_amount, shipping)))
            for said in group:
                said["shipping_amount"] = total
        for said in group:
            if amount := said.pop("line_amount", ""):
                units = _amount(said.get("quantity", ""))
                if not units:
                    raise ValueError("it is shared out among the units, and there are none")
                said["unit_price"] = f"{(_amount(amount) / units).quantize(SMALLEST):f}"

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        outcome = Outcome()
        channel = Channel.objects.get(slug=context.channel).confirmed
        asked: list[_Asked] = []
        for group in together(rows, *self.whole_by).values():
            if bad := disagreements(group, of_the_row=OF_THE_LINE, what="order"):
                outcome.bad += bad
                continue
            try:
                asked.append(_asked(group))
            except Refusal as refusal:
                outcome.bad.append(_because(refusal, group))
        for some in chunks(asked, AT_ONCE):
            placed = place_orders(
                wanted=[each.wanted for each in some],
                endings={each.wanted.external_id: each.ending for each in some if each.ending},
                channel=channel,
                by=context.by,
                at=context.at,
            )
            for each, found in zip(some, placed, strict=True):
                if isinstance(found, Refusal):
                    outcome.bad.append(_because(found, each.group))
                else:
                    outcome.counts["added" if found.is_new else "known"] += 1
        return outcome


@dataclass(frozen=True)
class _Asked:
    """An order of a file, the rows that say so, and how it ended, if it did."""

    group: Sequence[Row]
    wanted: NewOrder
    ending: str


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"{text[:40]!r} is not a number") from None


def _asked(group: Sequence[Row]) -> _Asked:
    said: dict[str, Any] = {}
    for row in group:
        said = {**row.values, **said}
    status = said.get("status", OrderStatus.OPEN)
    return _Asked(group, _wanted(group, said), status if status in PAST else "")


def _wanted(group: Sequence[Row], said: dict[str, Any]) -> NewOrder:
    def order(payments: tuple[NewPayment, ...]) -> NewOrder:
        return NewOrder(
            external_id=said["external_id"],
            placed_at=said["placed_at"],
            currency=said["currency"],
            customer=CustomerDetails(name=said["name"], email=said.get("email", "")),
            ship_to=Address(
                name=said["name"],
                line1=said.get("line1", ""),
                line2=said.get("line2", ""),
                city=said.get("city", ""),
                region=said.get("region", ""),
                postal_code=said.get("postal_code", ""),
                country=said["country"],
            ),
            lines=tuple(
                NewLine(
                    sku=row["sku"],
                    quantity=row["quantity"],
                    unit_price=row["unit_price"],
                    tax=row.get("tax", ZERO),
                    discount=row.get("discount", ZERO),
                )
                for row in group
            ),
            shipping_amount=said.get("shipping_amount", ZERO),
            payments=payments,
        )

    if said.get("status") != OrderStatus.COMPLETED:
        return order(())
    total: Decimal = price(order(())).total
    paid = NewPayment(method="imported", status="captured", amount=total)
    return order((paid,) if total else ())


def _because(refusal: Refusal, group: Sequence[Row]) -> BadRow:
    """Say on the row it concerns why an order was not taken."""
    first = group[0]
    if isinstance(refusal, DuplicateOrderDiffers):
        found = refusal.differences
        shown = "; ".join(
            f"{each['field']}: {each['ours']} here, {each['sent']} in the file"
            for each in found[:3]
        )
        more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
        return first.bad("external_id", f"{refusal} {shown}{more}.")
    if isinstance(refusal, AmountDoesNotFit) and refusal.pointer.startswith("/lines/"):
        _, _, number, *column = refusal.pointer.split("/")
        row = group[int(number)] if number.isdigit() else first
        return row.bad(column[0] if column else "unit_price", str(refusal))
    skus = getattr(refusal, "skus", None) or [getattr(refusal, "sku", None)]
    row = next((row for row in group if row["sku"] in skus), first)
    return row.bad("sku" if row["sku"] in skus else "external_id", str(refusal))
