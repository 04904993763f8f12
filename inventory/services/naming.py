"""What a caller names by code."""

from inventory.errors import LocationNotFound
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
