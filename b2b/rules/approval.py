"""When a second person has to agree."""

from collections.abc import Iterable
from decimal import Decimal

LARGEST_DISCOUNT = Decimal(15)
"""Percent below the company's usual price that a rep may give alone."""


def limit_exceeded(
    total: Decimal, *, spending_limit: Decimal | None, approval_limit: Decimal | None
) -> Decimal | None:
    """Return the limit that `total` is over (the lower one), or None."""
    limits = [limit for limit in (spending_limit, approval_limit) if limit is not None]
    lowest = min(limits, default=None)
    return lowest if lowest is not None and total > lowest else None


def discount_to_approve(discounts: Iterable[Decimal]) -> Decimal | None:
    """Return the largest of these discounts when a rep may not give it alone, or None."""
    largest = max(discounts, default=Decimal(0))
    return largest if largest > LARGEST_DISCOUNT else None
