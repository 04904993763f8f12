"""What a caller names by code."""

from inventory.errors import LocationNotFound
from inventory.events import Units
from inventory.models import Location
from oms.catalog.errors import UnknownSku
from oms.catalog.models import Sku


def location_named(code: str) -> Location:
    """Return the location; raises LocationNotFound."""
    place = Location.objects.filter(code=code).first()
    if place is None:
        raise LocationNotFound(location=code)
    return place


def sku_named(code: str) -> Sku:
    """Return the SKU; raises UnknownSku."""
    unit = Sku.objects.filter(code=code).first()
    if unit is None:
        raise UnknownSku(skus=[code])
    return unit


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
