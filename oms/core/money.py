"""Amounts: decimals in one currency per document, rounded in one place.

Exponents are those of ISO 4217 (as kept by CLDR): JPY 0, EUR 2, BHD 3.
"""

import functools
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision, list_currencies

ZERO = Decimal(0)


@functools.cache
def exponent(currency: str) -> int:
    """Return how many decimals amounts of `currency` have. `ValueError` for an unknown one."""
    if currency not in list_currencies():
        raise ValueError(f"{currency!r} is not a currency")
    return get_currency_precision(currency)


@functools.cache
def smallest(currency: str) -> Decimal:
    """Return the smallest amount of `currency`, such as 0.01."""
    return Decimal(1).scaleb(-exponent(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's own exponent."""
    return amount.quantize(smallest(currency), ROUND_HALF_UP)


def text(amount: Decimal, currency: str) -> str:
    """Return `amount` as the API writes it: a string with the currency's own decimals."""
    return f"{rounded(amount, currency):f}"


def split(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Split `amount` in proportion to `weights`; the parts add up to it exactly.

    Largest remainder: every part is rounded towards zero, and the smallest units left over go to
    the parts that lost most, earlier ones first. Weights of nothing share equally.
    """
    if not weights or not amount:
        return [rounded(ZERO, currency)] * len(weights)
    total = sum(weights, ZERO)
    shares = (
        [Decimal(w) / total for w in weights]
        if total
        else [Decimal(1) / len(weights)] * len(weights)
    )
    unit = smallest(currency)
    exact = [amount * share for share in shares]
    parts = [each.quantize(unit, ROUND_DOWN) for each in exact]
    left = int((rounded(amount, currency) - sum(parts, ZERO)) / unit)
    by_loss = sorted(range(len(parts)), key=lambda n: (-abs(exact[n] - parts[n]), n))
    for n in range(abs(left)):
        parts[by_loss[n % len(parts)]] += unit if left > 0 else -unit
    return parts


def units_share(amount: Decimal, units: int, of: int, currency: str, *, after: int = 0) -> Decimal:
    """Return what `units` of a line of `of` units are worth, `after` others were settled before.

    Shares are differences of rounded running sums, so that any sequence of parts adds up to
    `amount` exactly.
    """
    upto = rounded(amount * (after + units) / of, currency)
    return upto - rounded(amount * after / of, currency)
