"""The tea house's range, as tables: teas with their sizes, and everything around them."""

from dataclasses import dataclass

HS_TEA = {"green": "090210", "black": "090230", "other": "121190", "fruit": "081340"}


@dataclass(frozen=True)
class Kind:
    """A kind of tea: how its name goes on, what it is for customs, the tint of its picture."""

    word: str
    hs_code: str
    tint: str
    teas: tuple[tuple[str, str, str], ...]
    """Name, country of origin, price of 100 g."""


KINDS = {
    "GREEN": Kind("green tea", HS_TEA["green"], "moss", (
        ("Sencha", "JP", "6.50"), ("Gunpowder", "CN", "7.70"), ("Genmaicha", "JP", "8.90"),
        ("Dragon Well", "CN", "10.10"), ("Jasmine Pearls", "CN", "11.30"),
        ("Hojicha", "JP", "12.50"), ("Gyokuro Asahi", "JP", "24.00"), ("Bancha", "JP", "5.90"),
        ("Kukicha", "JP", "8.20"), ("Mao Feng", "CN", "9.60"), ("Bi Luo Chun", "CN", "14.80"),
        ("Moroccan Mint", "CN", "6.90"),
    )),
    "BLACK": Kind("black tea", HS_TEA["black"], "rust", (
        ("Assam", "IN", "6.50"), ("Darjeeling First Flush", "IN", "7.70"),
        ("Ceylon", "LK", "8.90"), ("Earl Grey", "LK", "10.10"), ("Lapsang", "CN", "11.30"),
        ("Keemun", "CN", "12.50"), ("English Breakfast", "LK", "6.20"),
        ("Lady Grey", "LK", "7.40"), ("Golden Yunnan", "CN", "13.90"), ("Nilgiri", "IN", "6.80"),
        ("Masala Chai", "IN", "7.20"), ("Ostfriesen Broken", "IN", "5.80"),
        ("Russian Caravan", "CN", "7.90"), ("Darjeeling Second Flush", "IN", "9.80"),
    )),
    "HERBAL": Kind("herbal tea", HS_TEA["other"], "amber", (
        ("Chamomile", "EG", "6.50"), ("Peppermint", "EG", "7.70"), ("Rooibos", "ZA", "8.90"),
        ("Lemongrass", "TH", "10.10"), ("Nettle", "BG", "11.30"), ("Fennel", "EG", "12.50"),
        ("Verbena", "FR", "9.40"), ("Linden Blossom", "BG", "9.90"), ("Honeybush", "ZA", "7.60"),
        ("Sage", "GR", "6.90"), ("Ginger and Lemon", "PE", "7.20"), ("Mountain Tea", "GR", "8.70"),
    )),
    "OOLONG": Kind("oolong tea", HS_TEA["black"], "clay", (
        ("Tie Guan Yin", "CN", "6.50"), ("Milk Oolong", "TW", "7.70"),
        ("Da Hong Pao", "CN", "8.90"), ("Oriental Beauty", "TW", "19.50"),
        ("Dong Ding", "TW", "14.20"), ("Phoenix Dan Cong", "CN", "17.80"),
    )),
    "WHITE": Kind("white tea", HS_TEA["green"], "sand", (
        ("Silver Needle", "CN", "6.50"), ("White Peony", "CN", "7.70"),
        ("Moonlight", "CN", "8.90"), ("Shou Mei", "CN", "7.10"), ("White Malawi", "MW", "12.60"),
    )),
    "PUERH": Kind("pu-erh tea", HS_TEA["black"], "graphite", (
        ("Ripe Pu-erh", "CN", "9.20"), ("Raw Pu-erh", "CN", "12.40"),
        ("Pu-erh Orange", "CN", "10.60"), ("Golden Pu-erh", "CN", "15.90"),
    )),
    "FRUIT": Kind("fruit infusion", HS_TEA["fruit"], "rose", (
        ("Orchard", "DE", "5.60"), ("Red Berries", "DE", "5.60"), ("Sea Buckthorn", "DE", "6.40"),
        ("Apple and Cinnamon", "DE", "5.90"), ("Blood Orange", "IT", "6.20"),
        ("Elderflower", "AT", "6.80"), ("Rhubarb", "NL", "6.10"), ("Quince", "TR", "7.30"),
    )),
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """A way in which a tea is packed: how many teas of each kind come in it."""

    suffix: str
    name: str
    price: str
    """Times the price of 100 g."""
    grams: int
    box: tuple[int, int, int]
    picture: str
    first: dict[str, int]


ALL = 99
SIZES = (
    Size("", "{tea}, {kind} 100 g", "1", 130, (160, 100, 60), "pouch",
         dict.fromkeys(KINDS, ALL)),
    Size("-250", "{tea}, {kind} 250 g", "2.3", 290, (220, 130, 80), "sack",
         {"GREEN": ALL, "BLACK": ALL, "HERBAL": ALL, "OOLONG": 4, "PUERH": 2, "FRUIT": ALL}),
    Size("-TIN", "{tea}, {kind} in a tin, 100 g", "1.45", 240, (75, 75, 110), "tin",
         {"GREEN": 6, "BLACK": 6, "HERBAL": 4, "OOLONG": 3, "WHITE": 3, "PUERH": 1}),
    Size("-BAG", "{tea}, 20 tea bags", "0.85", 90, (150, 80, 70), "teabag",
         {"GREEN": 5, "BLACK": 6, "HERBAL": 6, "FRUIT": 4}),
    Size("-1KG", "{tea}, {kind} for cafés, 1 kg", "7.8", 1060, (380, 260, 110), "sack",
         {"GREEN": 5, "BLACK": 6, "HERBAL": 4, "OOLONG": 2, "FRUIT": 2}),
)  # fmt: skip


WARE = (
    # code, name, price, grams, millimetres, origin, HS code, picture
    ("POT-CAST-08", "Cast iron teapot 0.8 l", "54.00", 1650, (190, 170, 140), "JP", "732393", "ironpot-graphite"),
    ("POT-GLASS-12", "Glass teapot 1.2 l", "29.50", 720, (210, 150, 150), "CZ", "701349", "glasspot-sky"),
    ("POT-CLAY-05", "Clay teapot 0.5 l", "38.00", 430, (160, 120, 100), "CN", "691200", "teapot-clay"),
    ("POT-PORC-10", "Porcelain teapot 1.0 l", "42.00", 810, (220, 150, 150), "PT", "691110", "teapot-bone"),
    ("CUP-MOON-S", "Moon cup, small", "9.50", 180, (80, 80, 70), "PT", "691110", "cup-bone"),
    ("CUP-MOON-L", "Moon cup, large", "12.50", 290, (100, 100, 90), "PT", "691110", "cup-bone"),
    ("CUP-GLASS-2", "Double-wall glasses, set of 2", "19.90", 320, (180, 95, 110), "CZ", "701337", "glass-sky"),
    ("CUP-TRAVEL", "Travel mug 0.4 l", "24.00", 310, (75, 75, 200), "DE", "961700", "flask-graphite"),
    ("CUP-SAUCER-6", "Cups and saucers, set of 6", "72.00", 2900, (360, 260, 160), "GB", "691110", "saucer-bone"),
    ("BOWL-MATCHA", "Matcha bowl", "34.00", 380, (125, 125, 85), "JP", "691200", "bowl-sage"),
    ("WHISK-MATCHA", "Bamboo whisk", "16.50", 40, (60, 60, 110), "JP", "460219", "whisk-sand"),
    ("SCOOP-BAMBOO", "Bamboo scoop", "6.50", 15, (180, 20, 15), "JP", "460219", "scoop-sand"),
    ("STRAIN-BALL", "Tea ball", "5.90", 45, (60, 50, 50), "DE", "732393", "ball-graphite"),
    ("STRAIN-FINE", "Fine strainer", "8.90", 60, (130, 80, 40), "DE", "732393", "strainer-graphite"),
    ("FILTER-100", "Paper filters, 100", "4.90", 90, (120, 90, 40), "DE", "482320", "teabag-sand"),
    ("TIN-100", "Tea tin 100 g", "7.50", 110, (75, 75, 110), "JP", "731029", "tin-graphite"),
    ("TIN-250", "Tea tin 250 g", "10.50", 190, (95, 95, 150), "JP", "731029", "tin-graphite"),
    ("TIMER-SAND", "Sand timer, 3, 4, 5 minutes", "14.00", 150, (90, 50, 110), "DE", "910690", "timer-sand"),
    ("SCALE-POCKET", "Pocket scale 0.1 g", "22.00", 140, (130, 70, 20), "CN", "842310", "scale-graphite"),
    ("KETTLE-GOOSE", "Gooseneck kettle 0.9 l", "79.00", 1350, (300, 210, 200), "CN", "851610", "kettle-graphite"),
    ("TRAY-BAMBOO", "Bamboo tray", "31.00", 780, (400, 260, 50), "VN", "441912", "tray-sand"),
    ("TRAY-OAK", "Oak tray", "46.00", 1200, (420, 300, 40), "NL", "441990", "tray-amber"),
    ("SUGAR-BOWL", "Sugar bowl", "17.50", 260, (95, 95, 100), "PT", "691110", "jar-bone"),
    ("MILK-JUG", "Milk jug", "15.50", 230, (110, 80, 100), "PT", "691110", "jug-bone"),
    ("HONEY-ACACIA", "Acacia honey 250 g", "7.90", 420, (70, 70, 90), "HU", "040900", "honey-amber"),
    ("HONEY-LINDEN", "Linden honey 250 g", "8.20", 420, (70, 70, 90), "NL", "040900", "honey-sand"),
    ("CANDY-KANDIS", "Rock sugar 500 g", "5.20", 520, (140, 90, 50), "DE", "170199", "candy-amber"),
    ("BISCUIT-ALMOND", "Almond biscuits", "6.40", 210, (200, 90, 60), "IT", "190531", "biscuit-sand"),
    ("BOOK-TEA", "The Book of Tea", "18.00", 340, (210, 140, 20), "GB", "490199", "book-moss"),
    ("CLOTH-LINEN", "Linen tea towel", "12.00", 110, (200, 150, 15), "LT", "630260", "cloth-indigo"),
    ("COZY-WOOL", "Wool tea cozy", "27.00", 160, (260, 200, 40), "NL", "630790", "cozy-rust"),
    ("WARMER-GLASS", "Glass teapot warmer", "18.50", 410, (130, 130, 80), "CZ", "701349", "warmer-sky"),
    ("GIFT-STARTER", "Starter set: pot and cups", "89.00", 2300, (330, 250, 180), "NL", "691110", "gift-clay"),
    ("GIFT-MATCHA", "Matcha set: bowl and whisk", "52.00", 560, (200, 160, 120), "JP", "691200", "gift-moss"),
    ("GIFT-CARD", "Gift card 25", "25.00", 5, (150, 105, 2), "NL", "490900", "card-moss"),
    ("SAMPLER-12", "Sampler, 12 teas", "21.00", 260, (220, 160, 60), "NL", "090210", "sampler-amber"),
    ("MATCHA-30", "Matcha for every day 30 g", "16.90", 80, (60, 60, 80), "JP", "090210", "tin-moss"),
    ("MATCHA-CER-30", "Ceremonial matcha 30 g", "28.50", 80, (60, 60, 80), "JP", "090210", "tin-sage"),
    ("MATCHA-CER-100", "Ceremonial matcha 100 g", "84.00", 160, (80, 80, 100), "JP", "090210", "tin-sage"),
    ("MATCHA-CAFE-1KG", "Matcha for cafés 1 kg", "145.00", 1080, (300, 200, 90), "JP", "090210", "sack-sage"),
    ("GAIWAN-WHITE", "Gaiwan, white 0.15 l", "19.50", 190, (110, 110, 95), "CN", "691110", "gaiwan-bone"),
    ("GAIWAN-BLUE", "Gaiwan, blue lotus 0.15 l", "26.00", 190, (110, 110, 95), "CN", "691110", "gaiwan-indigo"),
    ("PITCHER-GLASS", "Sharing pitcher, glass 0.25 l", "14.50", 150, (110, 80, 95), "CZ", "701349", "jug-sky"),
    ("CARAFE-ICE-15", "Iced tea carafe 1.5 l", "32.00", 880, (300, 120, 120), "CZ", "701349", "jug-sky"),
    ("WHISK-STAND", "Whisk stand, stoneware", "12.50", 130, (70, 70, 75), "JP", "691200", "jar-sage"),
    ("SIEVE-MATCHA", "Matcha sieve", "9.80", 70, (140, 80, 50), "JP", "732393", "strainer-graphite"),
    ("SPOON-MEASURE", "Measuring spoon, steel", "5.50", 35, (160, 40, 20), "DE", "821599", "scoop-graphite"),
    ("CLIP-BAMBOO", "Bamboo bag clips, 4", "4.50", 30, (100, 60, 20), "VN", "441990", "scoop-sand"),
    ("THERMO-PROBE", "Tea thermometer", "13.50", 60, (150, 40, 20), "DE", "902519", "timer-graphite"),
    ("TIMER-DIGITAL", "Brewing timer, digital", "11.90", 70, (70, 70, 25), "CN", "910690", "timer-graphite"),
    ("KETTLE-STOVE-12", "Stovetop kettle 1.2 l", "48.00", 980, (240, 190, 190), "PT", "732393", "kettle-rust"),
    ("KETTLE-TEMP-17", "Temperature kettle 1.7 l", "96.00", 1620, (260, 230, 220), "CN", "851610", "kettle-bone"),
    ("TRAY-GONGFU", "Gongfu tray with drain", "68.00", 1900, (430, 290, 70), "CN", "441912", "tray-clay"),
    ("TRAY-SLATE", "Slate serving board", "24.00", 1450, (320, 220, 10), "PT", "680300", "tray-graphite"),
    ("HONEY-HEATHER", "Heather honey 250 g", "9.60", 420, (70, 70, 90), "NL", "040900", "honey-rust"),
    ("HONEY-CHESTNUT", "Chestnut honey 250 g", "9.20", 420, (70, 70, 90), "IT", "040900", "honey-clay"),
    ("CANDY-STICKS", "Rock sugar sticks, 10", "4.80", 140, (170, 90, 20), "DE", "170199", "candy-sand"),
    ("CANDY-GINGER", "Candied ginger 150 g", "5.90", 170, (140, 100, 40), "TH", "200600", "candy-amber"),
    ("BISCUIT-OAT", "Oat biscuits", "5.80", 230, (200, 90, 60), "GB", "190531", "biscuit-amber"),
    ("BISCUIT-MATCHA", "Matcha shortbread", "7.20", 190, (200, 90, 60), "NL", "190531", "biscuit-sage"),
    ("BISCUIT-LEMON", "Lemon madeleines", "6.90", 240, (220, 110, 60), "FR", "190590", "biscuit-sand"),
    ("CHOCO-EARLGREY", "Chocolate with Earl Grey 80 g", "4.90", 90, (160, 80, 10), "BE", "180632", "choco-clay"),
    ("CHOCO-MATCHA", "White chocolate with matcha 80 g", "5.20", 90, (160, 80, 10), "BE", "180632", "choco-sage"),
    ("BOOK-JOURNEY", "A Journey in Leaves", "29.00", 780, (260, 200, 25), "GB", "490199", "book-rust"),
    ("BOOK-BREW", "Brewing, step by step", "14.50", 260, (190, 130, 15), "NL", "490199", "book-sky"),
    ("BOOK-TASTING", "Tasting notebook", "9.90", 180, (190, 130, 12), "NL", "482010", "book-indigo"),
    ("CLOTH-TABLE", "Linen table runner", "34.00", 320, (300, 220, 30), "LT", "630253", "cloth-sand"),
    ("CLOTH-CHAKIN", "Hemp cloth for matcha", "7.90", 30, (150, 110, 10), "JP", "630790", "cloth-bone"),
    ("COZY-QUILT", "Quilted tea cozy", "22.00", 150, (260, 200, 50), "PT", "630790", "cozy-indigo"),
    ("CANDLE-TEA-30", "Tealights, 30", "6.90", 420, (230, 190, 30), "PL", "340600", "candle-sand"),
    ("CANDLE-BEES", "Beeswax candle", "12.90", 240, (70, 70, 140), "DE", "340600", "candle-amber"),
    ("WARMER-IRON", "Cast iron warmer", "26.00", 920, (140, 140, 70), "JP", "732393", "warmer-graphite"),
    ("COASTER-CORK-4", "Cork coasters, 4", "8.50", 90, (110, 110, 30), "PT", "450390", "saucer-sand"),
    ("COASTER-IRON-2", "Cast iron trivets, 2", "18.50", 640, (150, 150, 20), "JP", "732393", "saucer-graphite"),
    ("GIFT-CARD-10", "Gift card 10", "10.00", 5, (150, 105, 2), "NL", "490900", "card-sand"),
    ("GIFT-CARD-50", "Gift card 50", "50.00", 5, (150, 105, 2), "NL", "490900", "card-rust"),
    ("GIFT-CARD-100", "Gift card 100", "100.00", 5, (150, 105, 2), "NL", "490900", "card-indigo"),
    ("GIFT-BREAKFAST", "Breakfast box: tea, honey, biscuits", "32.00", 900, (300, 220, 110), "NL", "090230", "gift-amber"),
    ("GIFT-OFFICE", "Office box: 6 teas and 2 mugs", "64.00", 1850, (360, 280, 140), "NL", "090230", "gift-indigo"),
    ("GIFT-GONGFU", "Gongfu set: gaiwan, pitcher, 4 cups", "98.00", 1700, (340, 260, 150), "CN", "691110", "gift-rust"),
    ("GIFT-EVENING", "Evening box: 4 herbal teas", "27.50", 620, (260, 200, 90), "NL", "121190", "gift-plum"),
    ("GIFT-NEWHOME", "New home: kettle and teapot", "119.00", 2700, (400, 320, 240), "NL", "851610", "gift-graphite"),
    ("GIFT-WINTER", "Winter box: chai, candle, chocolate", "36.50", 780, (280, 220, 110), "NL", "090230", "gift-rose"),
    ("CALENDAR-24", "Advent calendar, 24 teas", "34.90", 680, (420, 320, 40), "NL", "090230", "sampler-rust"),
    ("SAMPLER-GREEN", "Sampler, 8 green teas", "18.50", 210, (200, 150, 60), "NL", "090210", "sampler-moss"),
    ("SAMPLER-HERBAL", "Sampler, 8 herbal teas", "16.50", 210, (200, 150, 60), "NL", "121190", "sampler-amber"),
    ("SAMPLER-OOLONG", "Sampler, 6 oolong teas", "24.50", 190, (200, 150, 60), "NL", "090230", "sampler-clay"),
    ("SAMPLER-EXPORT", "Dutch canal sampler, 12 teas", "26.00", 320, (240, 180, 60), "NL", "090230", "sampler-indigo"),
    ("DISPLAY-COUNTER", "Counter display, wood, 8 tins", "75.00", 3100, (420, 300, 260), "NL", "441990", "tray-amber"),
    ("BAGS-EMPTY-500", "Tea bags to fill, 500", "19.00", 420, (260, 180, 80), "DE", "482320", "teabag-bone"),
)  # fmt: skip


@dataclass(frozen=True)
class Family:
    """Ware in several colours (or glazes): a SKU for each."""

    code: str
    name: str
    price: str
    grams: int
    box: tuple[int, int, int]
    origin: str
    hs_code: str
    picture: str
    colors: tuple[str, ...]
    """Words that are also the tints of the pictures, in `COLORS`."""


COLORS = {
    "BLACK": ("black", "graphite"),
    "MOSS": ("moss", "moss"),
    "RUST": ("rust", "rust"),
    "INDIGO": ("indigo", "indigo"),
    "CLAY": ("clay", "clay"),
    "SAND": ("sand", "sand"),
    "SAGE": ("sage", "sage"),
    "PLUM": ("plum", "plum"),
    "ROSE": ("rose", "rose"),
    "SKY": ("sky blue", "sky"),
    "WHITE": ("white", "bone"),
    "AMBER": ("amber", "amber"),
}
IRON = ("BLACK", "MOSS", "RUST", "INDIGO")
GLAZES = ("SAGE", "SAND", "INDIGO", "ROSE", "PLUM", "WHITE")
FAMILIES = (
    Family("POT-CAST-06", "Cast iron teapot 0.6 l", "46.00", 1300, (170, 150, 125), "JP", "732393", "ironpot", IRON),
    Family("POT-CAST-11", "Cast iron teapot 1.1 l", "68.00", 2150, (215, 190, 160), "JP", "732393", "ironpot", IRON),
    Family("POT-CLAY-03", "Clay teapot 0.3 l", "31.00", 310, (140, 105, 90), "CN", "691200", "teapot", ("CLAY", "RUST", "SAND")),
    Family("POT-PORC-07", "Porcelain teapot 0.7 l", "36.00", 640, (200, 135, 130), "PT", "691110", "teapot", GLAZES),
    Family("POT-PORC-14", "Porcelain teapot 1.4 l", "52.00", 1080, (250, 170, 170), "PT", "691110", "teapot", ("WHITE", "SAGE", "INDIGO")),
    Family("POT-GLASS", "Glass teapot with infuser 0.6 l", "24.50", 460, (170, 120, 130), "CZ", "701349", "glasspot", ("SKY", "AMBER")),
    Family("CUP-GLAZE", "Tea cup 0.2 l", "8.90", 210, (90, 90, 75), "PT", "691200", "cup", GLAZES),
    Family("MUG-DAILY", "Everyday mug 0.35 l", "13.50", 380, (125, 90, 100), "PT", "691200", "mug", (*GLAZES, "MOSS", "RUST")),
    Family("MUG-INFUSER", "Mug with infuser and lid 0.4 l", "19.50", 470, (130, 95, 115), "PT", "691200", "mug", ("SAGE", "INDIGO", "CLAY")),
    Family("CUP-TRAVEL-05", "Travel mug 0.5 l", "27.00", 350, (75, 75, 230), "DE", "961700", "flask", ("BLACK", "MOSS", "SAND", "ROSE")),
    Family("FLASK-INFUSE", "Infuser flask 0.45 l", "31.00", 390, (75, 75, 240), "DE", "961700", "flask", ("SKY", "INDIGO")),
    Family("BOWL-CHA", "Matcha bowl, glazed", "37.00", 400, (125, 125, 85), "JP", "691200", "bowl", ("BLACK", "INDIGO", "RUST", "WHITE")),
    Family("TIN-WASHI-100", "Tea tin with paper cover 100 g", "9.20", 115, (75, 75, 110), "JP", "731029", "tin", ("MOSS", "ROSE", "INDIGO", "AMBER")),
    Family("TIN-500", "Tea tin 500 g", "14.50", 280, (115, 115, 190), "DE", "731029", "tin", ("BLACK", "SAND", "SAGE")),
    Family("KETTLE-GOOSE-12", "Gooseneck kettle 1.2 l", "89.00", 1500, (310, 220, 210), "CN", "851610", "kettle", ("BLACK", "WHITE", "SAGE")),
    Family("CLOTH-WAFFLE", "Waffle tea towel", "9.80", 95, (200, 150, 15), "PT", "630260", "cloth", ("SAND", "SAGE", "RUST")),
    Family("COZY-FELT", "Felt tea cozy", "24.00", 140, (260, 200, 40), "NL", "630790", "cozy", ("MOSS", "PLUM", "SAND")),
)  # fmt: skip
