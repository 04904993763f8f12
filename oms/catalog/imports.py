"""Bringing in products, one row per SKU, and what kits are made of."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from oms.catalog.models import Sku
from oms.catalog.selectors import kit_table
from oms.catalog.services import MOST_OF_ONE, set_kit, set_release_date
from oms.core import columns as column
from oms.core.errors import Refusal
from oms.core.exports import Cell
from oms.core.imports import BadRow, Context, Importer, Outcome, Row, together, twins, upsert
from oms.core.models import User


class Products(Importer):
    """SKUs by code. A barcode belongs to one SKU."""

    title = _("Products")
    page = "inventory:stock"
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
        "release_on": column.day,
    }
    required = ("sku", "name")

    def table(self, user: User) -> Iterable[Sequence[Cell]]:
        yield list(self.columns)
        names = ["code" if name == "sku" else name for name in self.columns]
        yield from Sku.objects.order_by("code").values_list(*names).iterator()

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
                {name: value for name, value in row.values.items() if name not in APART},
            )
            for row in kept
        ]
        outcome = Outcome(upsert(Sku, wanted, key="code"), bad)
        _move_releases(kept, context)
        return outcome


APART = {"sku", "release_on"}


def _move_releases(rows: Sequence[Row], context: Context) -> None:
    """Release dates that differ are moved, so that those who wait are told."""
    days = {row["sku"]: row["release_on"] for row in rows if "release_on" in row.values}
    known = dict(Sku.objects.filter(code__in=days).values_list("code", "release_on"))
    for sku, day in days.items():
        if known.get(sku) != day:
            set_release_date(sku=sku, release_on=day, by=context.by, at=context.at)


class Kits(Importer):
    """What kits are made of, a row for each component: the rows of a kit are all of it."""

    title = _("Kits")
    permission = "catalog.keep_kits"
    page = "inventory:kits"
    columns = {
        "kit": column.text(64),
        "component": column.text(64),
        "quantity": column.units(1, MOST_OF_ONE),
    }
    required = ("kit", "component", "quantity")
    whole_by = ("kit",)

    def table(self, user: User) -> Iterable[Sequence[Cell]]:
        return kit_table()

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        outcome = Outcome()
        for code, group in together(rows, "kit").items():
            _, again = twins(group, "component")
            if again:
                outcome.bad += again
                continue
            components = {row["component"]: row["quantity"] for row in group}
            try:
                with transaction.atomic():
                    changed = set_kit(
                        sku=code[0], components=components, by=context.by, at=context.at
                    )
            except Refusal as refusal:
                outcome.bad.append(_because(refusal, group))
            else:
                outcome.counts["changed" if changed else "unchanged"] += 1
        return outcome


def _because(refusal: Refusal, group: Sequence[Row]) -> BadRow:
    """Say on the row it concerns why a kit was not taken in."""
    skus = getattr(refusal, "skus", ())
    for row in group:
        if row["component"] in skus and row["component"] != row["kit"]:
            return row.bad("component", str(refusal))
    return group[0].bad("kit", str(refusal))


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
