from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from inventory.errors import LocationNotFound, SupplierNotFound
from inventory.events import StockRulesChanged, SupplierChanged
from inventory.models import Location, StockLevel, Supplier, SupplierSku
from inventory.services.levels import ensure_levels
from inventory.services.naming import sku_named
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock, lock_one
from oms.core.services import service


@service
def save_supplier(*, code: str, fields: Mapping[str, Any], by: Actor, at: datetime) -> Supplier:
    """Know a supplier, or something new of one; `fields` are those of the model.

    Locks: Supplier.
    Publishes: SupplierChanged.
    """
    found = lock(Supplier.objects.filter(code=code))
    supplier = found[0] if found else Supplier(code=code)
    changes = _changes(supplier, fields)
    if changes or not found:
        supplier.save()
        _tell(supplier, changes, by, at)
    return supplier


@service
def save_supply(
    *,
    supplier: str,
    sku: str,
    by: Actor,
    at: datetime,
    supplier_sku: str = "",
    cost: Decimal | None = None,
    currency: str = "",
    lead_time_days: int | None = None,
    minimum_quantity: int = 1,
    pack_size: int = 1,
    is_preferred: bool = False,
) -> SupplierSku:
    """Know what a supplier sells a SKU for. The first supplier of a SKU is the preferred one.

    Raises: SupplierNotFound, UnknownSku, KitHasNoStock.
    Locks: Supplier.
    Publishes: SupplierChanged.
    """
    found = lock_one(
        Supplier.objects.filter(code=supplier), missing=SupplierNotFound(supplier=supplier)
    )
    unit = sku_named(sku)
    others = SupplierSku.objects.filter(sku=unit, is_preferred=True).exclude(supplier=found)
    supply = SupplierSku.objects.filter(supplier=found, sku=unit).first()
    supply = supply or SupplierSku(supplier=found, sku=unit)
    fields = {
        "supplier_sku": supplier_sku,
        "cost": cost,
        "currency": currency,
        "lead_time_days": lead_time_days,
        "minimum_quantity": minimum_quantity,
        "pack_size": pack_size,
        "is_preferred": is_preferred or not others.exists(),
    }
    changes = _changes(supply, fields)
    if changes or supply.pk is None:
        if supply.is_preferred:
            others.update(is_preferred=False)
        supply.save()
        _tell(found, {"sku": sku, **changes}, by, at)
    return supply


@service
def set_reorder_rules(
    *,
    location: str,
    sku: str,
    reorder_point: int,
    reorder_up_to: int,
    safety_stock: int,
    by: Actor,
    at: datetime,
) -> StockLevel:
    """Say when more of a SKU is ordered for a location, and up to what.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock.
    Locks: StockLevel.
    Publishes: StockRulesChanged.
    """
    place = Location.objects.filter(code=location).first()
    if place is None:
        raise LocationNotFound(location=location)
    unit = sku_named(sku)
    level_id = ensure_levels([(place.pk, unit.pk)])[place.pk, unit.pk]
    [level] = lock(StockLevel.objects.filter(pk=level_id))
    rules = {
        "reorder_point": reorder_point,
        "reorder_up_to": reorder_up_to,
        "safety_stock": safety_stock,
    }
    if _changes(level, rules):
        level.save(update_fields=list(rules))
        publish(
            StockRulesChanged(
                thread=sku, subject=sku, by=by, at=at, sku=sku, location=location, **rules
            )
        )
    return level


def _changes(row: Supplier | SupplierSku | StockLevel, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Set these fields; return those that say something new, as plain values."""
    news = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in news.items():
        setattr(row, name, value)
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in news.items()
    }


def _tell(supplier: Supplier, changes: Mapping[str, Any], by: Actor, at: datetime) -> None:
    code = supplier.code
    publish(SupplierChanged(thread=code, subject=code, by=by, at=at, changes=dict(changes)))
