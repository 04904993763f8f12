"""What a unit is worth."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import SupplierSku
from oms.catalog.models import Sku


@dataclass(frozen=True)
class Value:
    amount: Decimal
    currency: str


def unit_values(sku_ids: Collection[int]) -> dict[int, Value]:
    """Return what a unit of each SKU costs at its preferred supplier, else its own price; those
    without either are left out. Two queries."""
    found = {
        sku.pk: Value(sku.price, sku.currency)
        for sku in Sku.objects.filter(pk__in=sku_ids, price__isnull=False).exclude(currency="")
        if sku.price is not None
    }
    supplies = SupplierSku.objects.filter(sku_id__in=sku_ids, is_preferred=True)
    for supply in supplies.select_related("supplier"):
        currency = supply.currency or supply.supplier.currency
        if supply.cost is not None and currency:
            found[supply.sku_id] = Value(supply.cost, currency)
    return found
