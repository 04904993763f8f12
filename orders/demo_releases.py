"""Something that is not out yet, ordered all the same."""

from datetime import timedelta

from oms.catalog.models import Sku
from oms.catalog.services import set_release_date
from oms.core.demo import DESK, SLUG, Demo
from orders.demo_kits import place_basket
from orders.models import Order

NEW, DAYS = "GIFT-EVENING", 21
BASKETS: tuple[tuple[float, int, dict[str, int]], ...] = (
    # days ago, person, basket
    (1.4, 4, {NEW: 1}),
    (0.6, 12, {NEW: 2, "TEA-GREEN-1": 1}),
)


def releases(demo: Demo) -> None:
    """Say when it comes out, and order it; only where nobody ordered it before."""
    if Order.objects.filter(channel__slug=SLUG, external_id="R-1").exists():
        return
    if Sku.objects.filter(code=NEW, release_on=None).exists():
        day = (demo.now + timedelta(days=DAYS)).date()
        set_release_date(sku=NEW, release_on=day, by=DESK, at=demo.now - timedelta(days=2))
    for nth, (days, person, basket) in enumerate(BASKETS, start=1):
        place_basket(f"R-{nth}", basket, person=person, at=demo.now - timedelta(days=days))
