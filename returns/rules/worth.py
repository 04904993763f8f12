"""What units that came back are worth."""

from decimal import Decimal

from oms.core.money import units_share


def worth(*, paid: Decimal, units: int, of: int, settled_before: int, currency: str) -> Decimal:
    """Return what `units` of a line of `of` units are worth, `settled_before` came back earlier.

    Returned units are counted from the end of the line and cancelled ones from its start, so
    that every sequence of both adds up to exactly what was paid for the line.
    """
    return units_share(paid, units, of, currency, after=of - settled_before - units)
