"""What an order costs: every line rounded half up, the rest in the currency's own decimals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms.core.money import ZERO, exponent, rounded, split
from orders.errors import AmountDoesNotFit
from orders.rules.wanted import NewOrder

LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class Price:
    """`lines` are totals with discount and tax; `paid` are they less the order's discount."""

    lines: list[Decimal]
    paid: list[Decimal]
    total: Decimal


def price(wanted: NewOrder) -> Price:
    """Return what `wanted` costs.

    Raises: AmountDoesNotFit, naming the amount, for decimals the currency does not have, for a
    line or an order below nothing, and for a total beyond 10¹².
    """
    currency, places = wanted.currency, exponent(wanted.currency)

    def fits(amount: Decimal, pointer: str) -> Decimal:
        if _decimals(amount) > places and _decimals(amount.normalize()) > places:
            raise AmountDoesNotFit(
                pointer=pointer,
                amount=str(amount),
                currency=currency,
                reason=f"has more than {places} decimals",
            )
        return amount

    def not_below_nothing(amount: Decimal, pointer: str) -> Decimal:
        if amount < 0:
            raise AmountDoesNotFit(
                pointer=pointer,
                amount=str(amount),
                currency=currency,
                reason="is less than nothing",
            )
        return amount

    lines = []
    for number, line in enumerate(wanted.lines):
        at = f"/lines/{number}"
        goods = line.quantity * line.unit_price - fits(line.discount, f"{at}/discount")
        not_below_nothing(goods, f"{at}/discount")
        lines.append(rounded(goods + fits(line.tax, f"{at}/tax"), currency))

    fits(wanted.discount, "/discount")
    shipping = fits(wanted.shipping_amount, "/shipping/amount") + fits(
        wanted.shipping_tax, "/shipping/tax"
    )
    for number, payment in enumerate(wanted.payments):
        fits(payment.amount, f"/payments/{number}/amount")
    goods = sum(lines, ZERO)
    if wanted.discount > goods:
        total = goods + shipping - wanted.discount
        not_below_nothing(total, "/discount")
    total = goods + shipping - wanted.discount
    if total > LARGEST:
        raise AmountDoesNotFit(
            pointer="/lines", amount=str(total), currency=currency, reason="is too large"
        )
    return Price(lines, less_discount(lines, wanted.discount, currency), total)


def _decimals(amount: Decimal) -> int:
    return -int(amount.as_tuple().exponent)


def less_discount(lines: Sequence[Decimal], discount: Decimal, currency: str) -> list[Decimal]:
    """Return the totals of lines less their shares of the order's discount."""
    shares = split(min(discount, sum(lines, ZERO)), lines, currency)
    return [line - share for line, share in zip(lines, shares, strict=True)]
