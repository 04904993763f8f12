"""What the tea house sells."""

import zlib
from collections.abc import Iterator
from decimal import Decimal

from oms.catalog.demo_range import COLORS, FAMILIES, KINDS, SIZES, WARE, Kind, Size
from oms.catalog.models import Sku
from oms.core.demo import Demo

BARCODES = "2087"
"""How the barcodes of the demo begin: numbers for use within one house (20 to 29)."""
FIVE_CENTS = Decimal("0.05")


def products(demo: Demo) -> None:
    """The whole range, with pictures; SKUs that are there stay as they are."""
    rows = [*_teas(), *_ware(), *_families()]
    for row in rows:
        row.barcode = barcode(row.code)
        row.currency = "EUR"
    Sku.objects.bulk_create(rows, ignore_conflicts=True)


def barcode(code: str, begins: str = BARCODES) -> str:
    """Return the EAN-13 of a SKU of the demo, the same at every run."""
    digits = f"{begins}{zlib.crc32(code.encode()) % 10**8:08}"
    total = sum(int(digit) * (3 if nth % 2 else 1) for nth, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def _teas() -> Iterator[Sku]:
    for code, kind in KINDS.items():
        for size in SIZES:
            for nth in range(min(len(kind.teas), size.first.get(code, 0))):
                yield _tea(code, kind, size, nth)


def _tea(code: str, kind: Kind, size: Size, nth: int) -> Sku:
    name, origin, price = kind.teas[nth]
    asked = Decimal(price) * Decimal(size.price)
    return _sku(
        f"TEA-{code}-{nth + 1}{size.suffix}",
        size.name.format(tea=name, kind=kind.word),
        (asked / FIVE_CENTS).quantize(Decimal(1)) * FIVE_CENTS,
        size.grams,
        size.box,
        origin,
        kind.hs_code,
        f"{size.picture}-{kind.tint}",
    )


def _ware() -> Iterator[Sku]:
    for code, name, price, grams, box, origin, hs_code, picture in WARE:
        yield _sku(code, name, Decimal(price), grams, box, origin, hs_code, picture)


def _families() -> Iterator[Sku]:
    for family in FAMILIES:
        for color in family.colors:
            word, tint = COLORS[color]
            yield _sku(
                f"{family.code}-{color}",
                f"{family.name}, {word}",
                Decimal(family.price),
                family.grams,
                family.box,
                family.origin,
                family.hs_code,
                f"{family.picture}-{tint}",
            )


def _sku(
    code: str,
    name: str,
    price: Decimal,
    grams: int,
    box: tuple[int, int, int],
    origin: str,
    hs_code: str,
    picture: str,
) -> Sku:
    length, width, height = box
    return Sku(
        code=code,
        name=name,
        price=price,
        weight_g=grams,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        country_of_origin=origin,
        hs_code=hs_code,
        picture=picture,
    )
