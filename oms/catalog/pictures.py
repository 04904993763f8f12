"""The drawings of SKUs: a shape of `static/oms/products.svg`, and the tint it is drawn in."""

SHAPES = frozenset({
    "pouch", "sack", "tin", "teabag", "teapot", "ironpot", "glasspot", "cup", "mug", "glass",
    "flask", "saucer", "bowl", "gaiwan", "whisk", "scoop", "ball", "strainer", "timer", "scale",
    "kettle", "tray", "jar", "jug", "honey", "candy", "biscuit", "choco", "book", "cloth", "cozy",
    "warmer", "candle", "gift", "card", "sampler",
})  # fmt: skip
TINTS = frozenset({
    "moss", "sage", "amber", "rust", "clay", "sand", "indigo", "sky", "plum", "rose", "graphite",
    "bone",
})  # fmt: skip
NO_PICTURE = ("none", "none")


def drawing(picture: str) -> tuple[str, str]:
    """Return shape and tint of `teapot-moss`; those of a plain parcel when there is no such."""
    shape, _, tint = picture.partition("-")
    return (shape, tint) if shape in SHAPES and tint in TINTS else NO_PICTURE
