"""Bringing in products: one row per SKU."""

from collections.abc import Sequence
from typing import Any

from oms.catalog.models import Sku
from oms.core import columns as column
from oms.core.imports import BadRow, Context, Importer, Outcome, Row, twins, upsert


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
        while clashes := _clashes(kept):
            bad += clashes
            lines = {clash.line for clash in clashes}
            kept = [row for row in kept if row.line not in lines]
        _let_go(kept)
        wanted: list[tuple[dict[str, Any], dict[str, Any]]] = [
            (
                {"code": row["sku"]},
                {name: value for name, value in row.values.items() if name != "sku"},
            )
            for row in kept
        ]
        return Outcome(upsert(Sku, wanted, key="code"), bad)


def _barcodes(rows: Sequence[Row]) -> dict[str, str]:
    return {row["sku"]: row["barcode"] for row in rows if "barcode" in row.values}


def _clashes(rows: Sequence[Row]) -> list[BadRow]:
    """Return the rows whose barcode is another SKU's, unless that one gives it up in this file."""
    given = _barcodes(rows)
    known = Sku.objects.filter(barcode__in=given.values()).values_list("barcode", "code")
    taken = {barcode: code for barcode, code in known if given.get(code, barcode) == barcode}
    return [
        row.bad("barcode", f"{row['barcode']} is the barcode of {owner}")
        for row in rows
        if "barcode" in row.values
        and (owner := taken.setdefault(row["barcode"], row["sku"])) != row["sku"]
    ]


def _let_go(rows: Sequence[Row]) -> None:
    """Take away the barcodes that change, so that two SKUs may swap theirs."""
    given = _barcodes(rows)
    known = Sku.objects.filter(code__in=given).exclude(barcode="").values_list("code", "barcode")
    changing = [code for code, barcode in known if given[code] != barcode]
    Sku.objects.filter(code__in=changing).update(barcode="")
