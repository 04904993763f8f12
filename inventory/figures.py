"""What is low, for the report of it."""

from collections import defaultdict

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.reports import StockCover, stock_cover
from oms.core.reports import Asked, Key, Measure, Report, Row

SKU = Key("sku", _("SKU"), lambda path: F("sku__code"))
LOCATION = Key("location", _("Location"), lambda path: F("location__code"))


def low_stock(asked: Asked) -> list[Row]:
    """Return what is low now: put together by SKU over its low locations, or by location."""
    found: dict[str, list[StockCover]] = defaultdict(list)
    for level in stock_cover(at=timezone.now(), only_low=True):
        found[level.sku if asked.key is SKU else level.location].append(level)
    return [
        {
            "key": key,
            "levels": len(levels),
            "on_hand": sum(level.on_hand for level in levels),
            "available": sum(level.available for level in levels),
            "coming": sum(level.coming for level in levels),
            "reorder_point": sum(level.reorder_point for level in levels),
            "missing": sum(
                max(0, level.reorder_point - level.available - level.coming) for level in levels
            ),
        }
        for key, levels in found.items()
    ]


LOW_STOCK = Report(
    title=_("Low stock"),
    about=_(
        "As it stands now: where free and coming units are at the reorder point or below, or will "
        "be gone before a delivery ordered today could be here."
    ),
    keys=(SKU, LOCATION),
    measures=(
        Measure("levels", _("Low levels")),
        Measure("on_hand", _("On hand")),
        Measure("available", _("Available")),
        Measure("coming", _("Coming")),
        Measure("reorder_point", _("Reorder point")),
        Measure("missing", _("Missing to it")),
    ),
    figures=low_stock,
    chart=("missing",),
    dated=False,
)
