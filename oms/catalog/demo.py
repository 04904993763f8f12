"""What the tea house sells."""

from decimal import Decimal

from oms.catalog.models import Sku
from oms.core.demo import Demo

TEAS = {
    "GREEN": ("Sencha", "Gunpowder", "Genmaicha", "Dragon Well", "Jasmine Pearls", "Hojicha"),
    "BLACK": ("Assam", "Darjeeling First Flush", "Ceylon", "Earl Grey", "Lapsang", "Keemun"),
    "HERBAL": ("Chamomile", "Peppermint", "Rooibos", "Lemongrass", "Nettle", "Fennel"),
    "OOLONG": ("Tie Guan Yin", "Milk Oolong", "Da Hong Pao"),
    "WHITE": ("Silver Needle", "White Peony", "Moonlight"),
}
ORIGIN = {"GREEN": "JP", "BLACK": "IN", "HERBAL": "EG", "OOLONG": "TW", "WHITE": "CN"}
WARE = (
    # code, name, price, grams, millimetres, origin, HS code
    ("POT-CAST-08", "Cast iron teapot 0.8 l", "54.00", 1650, (190, 170, 140), "JP", "732393"),
    ("POT-GLASS-12", "Glass teapot 1.2 l", "29.50", 720, (210, 150, 150), "CZ", "701349"),
    ("POT-CLAY-05", "Clay teapot 0.5 l", "38.00", 430, (160, 120, 100), "CN", "691200"),
    ("POT-PORC-10", "Porcelain teapot 1.0 l", "42.00", 810, (220, 150, 150), "PT", "691110"),
    ("CUP-MOON-S", "Moon cup, small", "9.50", 180, (80, 80, 70), "PT", "691110"),
    ("CUP-MOON-L", "Moon cup, large", "12.50", 290, (100, 100, 90), "PT", "691110"),
    ("CUP-GLASS-2", "Double-wall glasses, set of 2", "19.90", 320, (180, 95, 110), "CZ", "701337"),
    ("CUP-TRAVEL", "Travel mug 0.4 l", "24.00", 310, (75, 75, 200), "DE", "961700"),
    ("CUP-SAUCER-6", "Cups and saucers, set of 6", "72.00", 2900, (360, 260, 160), "GB", "691110"),
    ("BOWL-MATCHA", "Matcha bowl", "34.00", 380, (125, 125, 85), "JP", "691200"),
    ("WHISK-MATCHA", "Bamboo whisk", "16.50", 40, (60, 60, 110), "JP", "460219"),
    ("SCOOP-BAMBOO", "Bamboo scoop", "6.50", 15, (180, 20, 15), "JP", "460219"),
    ("STRAIN-BALL", "Tea ball", "5.90", 45, (60, 50, 50), "DE", "732393"),
    ("STRAIN-FINE", "Fine strainer", "8.90", 60, (130, 80, 40), "DE", "732393"),
    ("FILTER-100", "Paper filters, 100", "4.90", 90, (120, 90, 40), "DE", "482320"),
    ("TIN-100", "Tea tin 100 g", "7.50", 110, (75, 75, 110), "JP", "731029"),
    ("TIN-250", "Tea tin 250 g", "10.50", 190, (95, 95, 150), "JP", "731029"),
    ("TIMER-SAND", "Sand timer, 3, 4, 5 minutes", "14.00", 150, (90, 50, 110), "DE", "910690"),
    ("SCALE-POCKET", "Pocket scale 0.1 g", "22.00", 140, (130, 70, 20), "CN", "842310"),
    ("KETTLE-GOOSE", "Gooseneck kettle 0.9 l", "79.00", 1350, (300, 210, 200), "CN", "851610"),
    ("TRAY-BAMBOO", "Bamboo tray", "31.00", 780, (400, 260, 50), "VN", "441912"),
    ("TRAY-OAK", "Oak tray", "46.00", 1200, (420, 300, 40), "NL", "441990"),
    ("SUGAR-BOWL", "Sugar bowl", "17.50", 260, (95, 95, 100), "PT", "691110"),
    ("MILK-JUG", "Milk jug", "15.50", 230, (110, 80, 100), "PT", "691110"),
    ("HONEY-ACACIA", "Acacia honey 250 g", "7.90", 420, (70, 70, 90), "HU", "040900"),
    ("HONEY-LINDEN", "Linden honey 250 g", "8.20", 420, (70, 70, 90), "NL", "040900"),
    ("CANDY-KANDIS", "Rock sugar 500 g", "5.20", 520, (140, 90, 50), "DE", "170199"),
    ("BISCUIT-ALMOND", "Almond biscuits", "6.40", 210, (200, 90, 60), "IT", "190531"),
    ("BOOK-TEA", "The Book of Tea", "18.00", 340, (210, 140, 20), "GB", "490199"),
    ("CLOTH-LINEN", "Linen tea towel", "12.00", 110, (200, 150, 15), "LT", "630260"),
    ("COZY-WOOL", "Wool tea cozy", "27.00", 160, (260, 200, 40), "NL", "630790"),
    ("WARMER-GLASS", "Glass teapot warmer", "18.50", 410, (130, 130, 80), "CZ", "701349"),
    ("GIFT-STARTER", "Starter set: pot and cups", "89.00", 2300, (330, 250, 180), "NL", "691110"),
    ("GIFT-MATCHA", "Matcha set: bowl and whisk", "52.00", 560, (200, 160, 120), "JP", "691200"),
    ("GIFT-CARD", "Gift card 25", "25.00", 5, (150, 105, 2), "NL", "490900"),
    ("SAMPLER-12", "Sampler, 12 teas", "21.00", 260, (220, 160, 60), "NL", "090210"),
)  # fmt: skip


def products(demo: Demo) -> None:
    """60 SKUs with barcodes, weights and dimensions; those that are there stay as they are."""
    rows = [_tea(kind, nth, name) for kind, names in TEAS.items() for nth, name in enumerate(names)]
    for code, name, price, grams, (length, width, height), origin, hs_code in WARE:
        rows.append(
            Sku(
                code=code,
                name=name,
                price=Decimal(price),
                currency="EUR",
                weight_g=grams,
                length_mm=length,
                width_mm=width,
                height_mm=height,
                country_of_origin=origin,
                hs_code=hs_code,
            )
        )
    for nth, row in enumerate(rows):
        row.barcode = _ean13(f"871234500{nth:03}")
    Sku.objects.bulk_create(rows, ignore_conflicts=True)


def _tea(kind: str, nth: int, name: str) -> Sku:
    return Sku(
        code=f"TEA-{kind}-{nth + 1}",
        name=f"{name}, {kind.lower()} tea 100 g",
        price=Decimal("6.50") + nth * Decimal("1.20"),
        currency="EUR",
        weight_g=130,
        length_mm=160,
        width_mm=100,
        height_mm=60,
        country_of_origin=ORIGIN[kind],
        hs_code="090210" if kind in {"GREEN", "WHITE"} else "090230",
    )


def _ean13(digits: str) -> str:
    """Return the twelve digits with their check digit."""
    total = sum(int(digit) * (3 if nth % 2 else 1) for nth, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
