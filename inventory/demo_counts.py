"""What the tea house counted: one approved, one that somebody should look into, one to do."""

from datetime import timedelta

from inventory import services
from inventory.models import Quant, StockCount
from inventory.states import StockState
from oms.core.actors import Actor
from oms.core.demo import Demo, hand_at

LEAD = Actor("user", "otto")
PLENTY = 12


def counts(demo: Demo) -> None:
    """A shelf in Leipzig, two in Rotterdam. Only where nothing was ever counted."""
    if StockCount.objects.exists():
        return
    began = demo.now - timedelta(days=3)
    approved = _counted("LEJ", 3, demo, days_ago=3, missing=1)
    if approved:
        services.approve_count(number=approved, by=LEAD, at=began + timedelta(hours=3))
    _counted("ROT", 4, demo, days_ago=1, missing=2)
    if bins := _bins("ROT", 2):
        services.request_count(
            location="ROT",
            bins=bins,
            note="Before the market on Saturday",
            by=LEAD,
            at=demo.now - timedelta(hours=2),
        )


def _bins(location: str, most: int) -> list[str]:
    """Bins with a good many free units of one SKU, in which nobody counts just now."""
    busy = StockCount.objects.filter(location__code=location).values("bins__code")
    lying = Quant.objects.filter(
        level__location__code=location, state=StockState.AVAILABLE, quantity__gte=PLENTY
    ).exclude(bin__in=["", *busy.values_list("bins__code", flat=True)])
    return list(lying.order_by("bin").values_list("bin", flat=True).distinct()[:most])


def _counted(location: str, most: int, demo: Demo, *, days_ago: int, missing: int) -> str:
    """Count some bins and hand the count in; the last one lacks units. Return its number."""
    bins = _bins(location, most)
    if not bins:
        return ""
    at, by = demo.now - timedelta(days=days_ago), hand_at(location)
    number = services.request_count(location=location, bins=bins, by=LEAD, at=at).number
    for nth, code in enumerate(bins, start=1):
        lying = Quant.objects.filter(
            level__location__code=location, bin=code, state=StockState.AVAILABLE
        )
        found = [
            services.Found(each.level.sku.code, each.quantity, each.lot)
            for each in lying.select_related("level__sku").order_by("-quantity", "id")
        ]
        if nth == len(bins):
            first = found[0]
            found[0] = services.Found(first.sku, first.units - missing, first.lot)
        later = at + timedelta(minutes=10 * nth)
        services.record_count(number=number, bin=code, found=found, is_done=True, by=by, at=later)
    services.finish_count(number=number, by=by, at=at + timedelta(hours=1))
    return number
