"""The kits of the tea house: put together from its range when they are packed."""

from decimal import Decimal

from oms.catalog.demo import barcode
from oms.catalog.models import Sku
from oms.catalog.services import set_kit
from oms.core.demo import BY, Demo

BARCODES = "2088"
"""Kits are no wares of the range: nothing of the demo stocks or buys what begins otherwise."""

KITS = (
    # code, name, price, picture, components
    ("KIT-MATCHA", "Everything for matcha", "66.00", "gift-sage",
     {"BOWL-MATCHA": 1, "WHISK-MATCHA": 1, "SCOOP-BAMBOO": 1, "MATCHA-30": 1}),
    ("KIT-GONGFU", "Gong fu for two", "54.00", "gift-clay",
     {"GAIWAN-WHITE": 1, "PITCHER-GLASS": 1, "CUP-MOON-S": 2, "TEA-WHITE-1": 1}),
    ("KIT-BREAKFAST", "Breakfast for two", "34.00", "gift-amber",
     {"TEA-BLACK-7": 1, "CUP-MOON-L": 2, "HONEY-ACACIA": 1}),
)  # fmt: skip


def kits(demo: Demo) -> None:
    """Kits that are not there yet; those that are stay as they are."""
    there = set(Sku.objects.filter(code__startswith="KIT-").values_list("code", flat=True))
    for code, name, price, picture, components in KITS:
        if code in there:
            continue
        Sku.objects.create(
            code=code,
            name=name,
            price=Decimal(price),
            currency="EUR",
            barcode=barcode(code, BARCODES),
            picture=picture,
        )
        set_kit(sku=code, components=components, by=BY, at=demo.now)
