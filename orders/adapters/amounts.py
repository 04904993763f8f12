"""Amounts as channels write them, and line totals put as a price for one unit."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation

from oms.core.money import ZERO, exponent, smallest
from orders.adapters.messages import Unreadable

LARGEST = Decimal("999999999999")
FINEST = Decimal("0.000001")


def currency(value: object) -> str:
    """Return an ISO 4217 code.

    Raises: Unreadable.
    """
    code = str(value).strip().upper() if isinstance(value, str) else ""
    try:
        exponent(code)
    except ValueError:
        raise Unreadable(f"It names no known currency: {str(value)[:20]!r}.") from None
    return code


def amount(value: object, named: str = "An amount") -> Decimal:
    """Return an amount as stated, in text or as a number. Nothing, or empty text, is nothing.

    Raises: Unreadable.
    """
    if value is None or value == "":
        return ZERO
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Unreadable(f"{named} is not a number: {str(value)[:40]!r}.")
    written = str(value).strip()
    try:
        if not written.isascii() or "_" in written:
            raise InvalidOperation
        found = Decimal(written)
    except InvalidOperation:
        raise Unreadable(f"{named} is not a number: {written[:40]!r}.") from None
    if not found.is_finite() or abs(found) > LARGEST:
        raise Unreadable(f"{named} is out of all bounds: {written[:40]!r}.")
    return found


def quantity(value: object, named: str = "A quantity") -> int:
    """Return whole units, none or more.

    Raises: Unreadable.
    """
    found = amount(value, named)
    if found < 0 or found != int(found) or found > 99_999:
        raise Unreadable(f"{named} is not a number of units: {str(value)[:40]!r}.")
    return int(found)


def per_unit(total: Decimal, units: int, code: str) -> tuple[Decimal, Decimal]:
    """Return a price for one unit, and what is to be taken off the line besides.

    units * price - off, rounded half up, is `total` exactly, though `total` cannot always be
    divided by the units within six decimals.
    """
    return shared_out(total, units, smallest(code))


def shared_out(total: Decimal, units: int, finest: Decimal) -> tuple[Decimal, Decimal]:
    """Return the same where the currency is not known, but the finest amount of it.

    Never half a finest amount is left over: a line that is given away would round to less than
    nothing.
    """
    total = total.quantize(finest, ROUND_HALF_UP)
    rounding = ROUND_CEILING if total >= 0 else ROUND_FLOOR
    price = (total / units).quantize(FINEST, rounding)
    if abs(price * units) % finest * 2 == finest:
        price += FINEST if total >= 0 else -FINEST
    return price, (price * units).quantize(finest, ROUND_HALF_UP) - total
