"""Bringing in products: one row per SKU."""

from collections.abc import Sequence
from typing import Any

from oms.catalog.models import Sku
from oms.core import columns as column
from oms.core.imports import Context, Importer, Outcome, Row, twins, upsert


class Products(Importer):
    """SKUs by code. A barcode belongs to one SKU."""

    columns = {
        "sku": column.text(64),
        "name": column.text(200),
        "barcode": column.text(64),
        "price": column.price,
        "currency": column.currency,
        "weight_g": column.units(),
        "length_mm": column.units(),
        "width_mm": column.units(),
        "height_mm": column.units(),
        "country_of_origin": column.country,
        "hs_code": column.text(16),
        "tracking": column.choice(Sku.Tracking.values),
    }
    required = ("sku", "name")

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        kept, bad = twins(rows, "sku")
        taken = _barcodes_taken(kept)
        good: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for row in kept:
            barcode = row.get("barcode")
            if barcode and (owner := taken.setdefault(barcode, row["sku"])) != row["sku"]:
                bad.append(row.bad("barcode", f"{barcode} is the barcode of {owner}."))
            else:
                values = {name: value for name, value in row.values.items() if name != "sku"}
                good.append(({"code": row["sku"]}, values))
        return Outcome(upsert(Sku, good, key="code"), bad)


def _barcodes_taken(rows: Sequence[Row]) -> dict[str, str]:
    """Return whose each barcode is; one that its owner gives up in this file is free."""
    wanted = {row["barcode"] for row in rows if row.get("barcode")}
    given = {row["sku"]: row["barcode"] for row in rows if row.get("barcode")}
    known = Sku.objects.filter(barcode__in=wanted).values_list("barcode", "code")
    return {barcode: code for barcode, code in known if given.get(code, barcode) == barcode}
