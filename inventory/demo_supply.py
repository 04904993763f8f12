"""Who the tea house buys from, and what is on its way."""

from datetime import timedelta

from inventory import selectors, services
from inventory.imports import Suppliers
from inventory.models import ReplenishmentOrder, Supplier
from inventory.services import Answer, Count, Part
from inventory.states import ReplenishmentStatus
from oms.catalog.demo import BARCODES
from oms.catalog.models import Sku
from oms.core.demo import BY, Demo
from oms.core.imports import Context, Row

SUPPLIERS = {
    # code: name, days to arrival, pack, share of the price, how its SKUs begin
    "SHIZUOKA": ("Shizuoka Leaf Co-op", 21, 12, 45,
                 ("TEA-GREEN", "MATCHA", "BOWL-", "WHISK", "SCOOP", "SIEVE", "GIFT-MATCHA", "TIN-",
                  "POT-CAST")),
    "WUYI": ("Wuyi Mountain Tea Company", 24, 10, 42, ("TEA-OOLONG", "TEA-PUERH", "GAIWAN")),
    "NILGIRI": ("Nilgiri Estates", 18, 20, 40, ("TEA-BLACK",)),
    "DELTA": ("Delta Herbs", 9, 10, 40, ("TEA-HERBAL", "TEA-FRUIT")),
    "PORTO": ("Porto Porcelain", 12, 6, 50,
              ("POT-PORC", "POT-CLAY", "CUP-GLAZE", "CUP-MOON", "CUP-SAUCER", "MUG", "SUGAR",
               "MILK", "GIFT-STARTER", "COZY-QUILT", "CLOTH-WAFFLE")),
    "BOHEMIA": ("Bohemia Glassworks", 14, 6, 48,
                ("POT-GLASS", "CUP-GLASS", "WARMER-GLASS", "PITCHER", "CARAFE")),
    "SPOUT": ("Copper and Spout", 7, 4, 55,
              ("KETTLE", "WARMER-IRON", "SCALE", "TIMER", "THERMO", "FLASK", "CUP-TRAVEL")),
    "MARKT": ("Markt Wholesale", 3, 6, 60,
              ("STRAIN", "FILTER", "HONEY", "CANDY", "CLOTH-LINEN", "TRAY", "BISCUIT", "CHOCO",
               "CANDLE", "BAGS")),
}  # fmt: skip
"""Nobody supplies the white teas: they run low on the list of those without a supplier."""


def supply(demo: Demo) -> None:
    """Suppliers with prices and packs; orders at every step of theirs. Only where none is known."""
    if Supplier.objects.exists():
        return
    _know_suppliers(demo)
    asked = demo.now - timedelta(days=9)
    services.propose_replenishment(by=BY, at=asked)
    _buy("SPOUT", "LEJ", demo, until="received")
    _buy("SPOUT", "ROT", demo, until="sent")
    _buy("SHIZUOKA", "ROT", demo, until="committed")
    _buy("SHIZUOKA", "LEJ", demo, until="approved")
    _buy("MARKT", "ROT", demo, until="complete")
    _buy("NILGIRI", "LEJ", demo, until="closed")
    _buy("NILGIRI", "EWR", demo, until="cancelled")


def _know_suppliers(demo: Demo) -> None:
    rows = []
    for code, (name, days, pack, share, begins) in SUPPLIERS.items():
        about = {"code": code, "name": name, "email": f"orders@{code.lower()}.example"}
        rows.append({**about, "currency": "EUR", "lead_time_days": days})
        for sku in Sku.objects.filter(barcode__startswith=BARCODES).order_by("code"):
            if sku.code.startswith(begins) and sku.price:
                rows.append(
                    {
                        **about,
                        "sku": sku.code,
                        "supplier_sku": f"{code[:2]}-{sku.barcode[-4:]}",
                        "cost": (sku.price * share / 100).quantize(sku.price),
                        "currency": "EUR",
                        "pack_size": pack,
                    }
                )
    Suppliers().write(
        [Row(line, values) for line, values in enumerate(rows, start=2)],
        Context(channel="", by=BY, at=demo.now),
    )


def _buy(supplier: str, location: str, demo: Demo, *, until: str) -> None:
    """Lead the proposal of a supplier for a location so far."""
    proposals = ReplenishmentOrder.objects.filter(
        supplier__code=supplier, location__code=location, status="proposed"
    )
    order = proposals.first()
    if order is None:
        return
    number, begun = order.number, demo.now - timedelta(days=8)
    services.approve_replenishment(number=number, by=BY, at=begun)
    if until == "approved":
        return
    services.send_replenishment(number=number, by=BY, at=begun + timedelta(minutes=5))
    if until == "sent":
        return
    if until == "cancelled":
        reason = "The estate sells nothing before the harvest"
        services.cancel_replenishment(
            number=number, reason=reason, by=BY, at=demo.now - timedelta(days=5)
        )
        return
    _answer(order, demo)
    if until == "committed":
        return
    _receive(order, demo, whole=until == "complete")
    if until == "closed":
        reason = "The rest of the lot was blended already"
        services.close_replenishment(number=number, reason=reason, by=BY, at=demo.now)


def _receive(order: ReplenishmentOrder, demo: Demo, *, whole: bool) -> None:
    """Take in everything, or half of the first line with a broken unit."""
    lines = list(order.lines.select_related("sku").order_by("sku__code"))
    counts = [Count(line.sku.code, line.quantity) for line in lines]
    if not whole:
        counts = [Count(lines[0].sku.code, max(1, lines[0].quantity // 2), 1, "damaged")]
    services.receive_replenishment(
        number=order.number,
        counts=counts,
        key=f"demo:{order.number}",
        reference="CS-4471",
        by=BY,
        at=demo.now - timedelta(days=1),
    )


def _answer(order: ReplenishmentOrder, demo: Demo) -> None:
    """Half comes soon, the rest a week later."""
    today = demo.now.date()
    answers = []
    for line in order.lines.select_related("sku"):
        soon = line.quantity // 2
        parts = [Part(soon, today + timedelta(days=5))] if soon else []
        parts.append(Part(line.quantity - soon, today + timedelta(days=12)))
        answers.append(Answer(line.sku.code, parts))
    services.commit_replenishment(
        number=order.number,
        answers=answers,
        by=BY,
        at=demo.now - timedelta(days=6),
    )


def links(demo: Demo) -> None:
    """Say where a supplier answers what was asked of it."""
    sent = ReplenishmentOrder.objects.filter(
        status__in=[ReplenishmentStatus.SENT, ReplenishmentStatus.ACKNOWLEDGED]
    )
    if order := sent.select_related("supplier").order_by("id").first():
        who = f"{order.number}, as {order.supplier.name}" if order.supplier else order.number
        demo.links.append((f"Replenishment order {who}", selectors.supplier_url(order)))
