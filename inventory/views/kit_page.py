"""A kit in place of a SKU that lies somewhere: what it is made of and can be made of."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inventory.selectors import kits, serving_locations
from oms.catalog.models import Sku


def show_kit(request: HttpRequest, kit: Sku, location_ids: Sequence[int] | None) -> HttpResponse:
    """Show a kit's components and how many each location can make of them."""
    [row] = kits.kit_rows([kit], location_ids)
    components = [(each, row.offer.of[each.component.code]) for each in row.components]
    names = {place.code: place.name for place in serving_locations()}
    shelves = [(names.get(shelf.location, shelf.location), shelf) for shelf in row.offer.shelves]
    context = {"sku": kit, "row": row, "components": components, "shelves": shelves}
    context["edits"] = kits.kit_edits(kit.code)
    return render(request, "inventory/kit.html", context)
