"""Bringing in products: one row per SKU."""

from collections.abc import Sequence
from typing import Any

from oms.catalog.models import Sku
from oms.core import cells
from oms.core.imports import Context, Importer, Outcome, Row, twins, upsert


class Products(Importer):
    """SKUs by code. A barcode belongs to one SKU."""

    columns = {
        "sku": cells.text(64),
        "name": cells.text(200),
        "barcode": cells.text(64),
        "price": cells.amount,
        "currency": cells.currency,
        "weight_g": cells.whole(),
        "length_mm": cells.whole(),
        "width_mm": cells.whole(),
        "height_mm": cells.whole(),
        "country_of_origin": cells.country,
        "hs_code": cells.text(16),
        "tracking": cells.choice(Sku.Tracking.values),
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
