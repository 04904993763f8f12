"""Stock on its way between the tea house's locations."""

from datetime import timedelta

from django.db.models import F

from inventory import services
from inventory.models import StockLevel, Transfer
from inventory.services import Came, Wanted
from oms.core.demo import BY, Demo

PLENTY = 30


def transfers(demo: Demo) -> None:
    """One asked for, one in transit, one that came in part. Only where none is known."""
    if Transfer.objects.exists():
        return
    _send("EWR", demo, until="requested", skus=slice(0, 2))
    _send("LEJ", demo, until="shipped", skus=slice(2, 5))
    _send("EWR", demo, until="received", skus=slice(5, 7))


def _send(target: str, demo: Demo, *, until: str, skus: slice) -> None:
    """Send a few units of what Rotterdam has plenty of, so far."""
    plenty = StockLevel.objects.filter(
        location__code="ROT",
        sku__tracking="none",
        on_hand__gte=F("reserved") + F("held") + F("safety_stock") + PLENTY,
    )
    codes = list(plenty.order_by("sku__code").values_list("sku__code", flat=True)[skus])
    if not codes:
        return
    begun, key = demo.now - timedelta(days=2), f"demo:{target}:{until}"
    made = services.request_transfer(
        source="ROT",
        target=target,
        lines=[Wanted(code, 4) for code in codes],
        expected_on=(demo.now + timedelta(days=3)).date(),
        note="For the weekend market" if until == "requested" else "",
        key=key,
        by=BY,
        at=begun,
    )
    if until == "requested":
        return
    services.ship_transfer(
        number=made.number, key=f"{key}:ship", by=BY, at=begun + timedelta(hours=3)
    )
    if until == "shipped":
        return
    services.receive_transfer(
        number=made.number,
        counts=[Came(codes[0], 2, damaged=1)],
        key=f"{key}:in",
        by=BY,
        at=demo.now - timedelta(hours=2),
    )
