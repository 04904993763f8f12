"""What a caller names by code."""

from collections.abc import Iterable

from inventory.errors import LocationNotFound
from inventory.events import Units
from inventory.models import Location
from oms.catalog.errors import KitHasNoStock, UnknownSku
from oms.catalog.models import Sku
from oms.catalog.selectors import SkuRef


def location_named(code: str) -> Location:
    """Return the location; raises LocationNotFound."""
    place = Location.objects.filter(code=code).first()
    if place is None:
        raise LocationNotFound(location=code)
    return place


def sku_named(code: str) -> Sku:
    """Return a SKU that can lie somewhere; raises UnknownSku, KitHasNoStock."""
    unit = Sku.objects.filter(code=code).first()
    if unit is None:
        raise UnknownSku(skus=[code])
    refuse_kits([unit])
    return unit


def refuse_kits(units: Iterable[Sku | SkuRef]) -> None:
    """Raises: KitHasNoStock."""
    if kits := sorted({unit.code for unit in units if unit.is_kit}):
        raise KitHasNoStock(skus=kits)


def units_of(place: Location, unit: Sku, level_id: int, quantity: int) -> Units:
    """Return the units of a fact."""
    return Units(
        sku=unit.code,
        location=place.code,
        quantity=quantity,
        level_id=level_id,
        sku_id=unit.pk,
        location_id=place.pk,
    )
