"""How much one person may correct alone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import AdjustmentLimit
from inventory.selectors.valuing import unit_values


@dataclass(frozen=True)
class Over:
    """A correction that is worth more than its limit."""

    value: Decimal
    limit: Decimal
    currency: str


def above_limit(units: Mapping[int, int]) -> Over | None:
    """Return what makes a correction of so many units by SKU id too much for one person.

    Units count as their amount, whether found or missing, at what they are worth in their
    currency. Without a limit in that currency, or a value, no second person is needed.
    """
    limits = dict(AdjustmentLimit.objects.values_list("currency", "amount"))
    if not limits:
        return None
    values = unit_values(units)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for sku_id, count in units.items():
        if sku_id in values:
            sums[values[sku_id].currency] += abs(count) * values[sku_id].amount
    over = [
        Over(value, limits[currency], currency)
        for currency, value in sorted(sums.items())
        if currency in limits and value > limits[currency]
    ]
    return over[0] if over else None
