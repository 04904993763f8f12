"""What one shipment of an order costs, so that all its invoices add up to what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms.core.money import ZERO, units_share


@dataclass(frozen=True)
class ShippedLine:
    """Units of one order line that left now; `invoiced` of it left and were charged before."""

    line_id: int
    quantity: int
    ordered: int
    cancelled: int
    invoiced: int
    paid_amount: Decimal
    tax_amount: Decimal


@dataclass(frozen=True)
class ChargedLine:
    line_id: int
    quantity: int
    amount: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Charge:
    """`other` is what belongs to no line: shipping first, the rest of the order last."""

    lines: list[ChargedLine]
    other: Decimal

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), self.other)


def charge(
    lines: Sequence[ShippedLine],
    *,
    order_level: Decimal,
    due: Decimal,
    invoiced_before: Decimal,
    is_first: bool,
    is_last: bool,
    currency: str,
) -> Charge:
    """Return what is charged for `lines`.

    A line's units are shared from its end: cancelled units took theirs from its beginning. The
    first invoice carries `order_level`; the last one closes the order to the cent. No invoice
    goes beyond what is due.
    """
    charged = [
        ChargedLine(
            line.line_id,
            line.quantity,
            _share(line.paid_amount, line, currency),
            _share(line.tax_amount, line, currency),
        )
        for line in lines
    ]
    goods = sum((line.amount for line in charged), ZERO)
    left = due - invoiced_before
    if is_last:
        return Charge(charged, left - goods)
    other = order_level if is_first else ZERO
    return Charge(charged, min(other, left - goods))


def _share(amount: Decimal, line: ShippedLine, currency: str) -> Decimal:
    rest = line.ordered - line.invoiced - line.quantity
    return units_share(amount, line.quantity, line.ordered, currency, after=max(rest, 0))
