"""What a channel charges for a line, put as a price for one unit that comes to the same."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from oms.core.money import ZERO, rounded, smallest
from orders.adapters.amounts import FINEST


@dataclass(frozen=True)
class Charged:
    """Units with a price of up to six decimals; `discount` and `tax` fit the currency.

    quantity * unit_price - discount + tax, rounded half up, is what was charged, and what is
    taken off is never more than the goods.
    """

    unit_price: Decimal
    discount: Decimal
    tax: Decimal


def charged(
    *, quantity: int, total: Decimal, tax: Decimal, discount: Decimal, currency: str
) -> Charged:
    """Return how `quantity` units that cost `total` in all, tax in it and discount off it, are
    priced. A price that does not divide is taken up to the sixth decimal; what that makes too much
    for very many units joins the discount, as does all of what is free."""
    tax, discount = rounded(tax, currency), max(ZERO, rounded(discount, currency))
    goods = rounded(total, currency) - tax
    if goods < 0:
        tax, goods = tax + goods, ZERO
    unit_price = ((goods + discount) / quantity).quantize(FINEST, ROUND_CEILING)
    if not goods:
        unit_price = unit_price.quantize(smallest(currency), ROUND_CEILING)
        return Charged(unit_price, quantity * unit_price, tax)
    beyond = rounded(quantity * unit_price - discount + tax, currency) - goods - tax
    return Charged(unit_price, discount + beyond, tax)
