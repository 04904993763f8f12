"""How long stock lasts."""

from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


def days_of_cover(units: int, sold: int, window_days: int) -> Decimal | None:
    """Return for how many days `units` last at the pace of the window; None without a pace."""
    if sold <= 0:
        return None
    return (Decimal(max(0, units)) * window_days / sold).quantize(TENTH, ROUND_HALF_UP)
