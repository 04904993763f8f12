"""Bringing in places, and what lies there."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Lot, StockLevel, Supplier, SupplierSku
from inventory.selectors import forget_serving_locations, visible_location_ids
from inventory.selectors.tables import location_table, stock_table, supplier_table
from inventory.services import Counted, count_stock
from inventory.services.levels import ensure_levels
from inventory.states import LocationKind
from oms.catalog.models import Sku
from oms.core import columns as column
from oms.core.exports import Cell
from oms.core.imports import Context, Importer, Outcome, Row, chunks, twins, upsert
from oms.core.models import User

SETTINGS = ("bin", "safety_stock", "reorder_point")


class Locations(Importer):
    """Locations by code."""

    title = _("Locations")
    page = "inventory:stock"
    columns = {
        "code": column.text(16),
        "name": column.text(100),
        "country": column.country,
        "kind": column.choice(LocationKind.values),
        "line1": column.text(200),
        "city": column.text(100),
        "region": column.text(100),
        "postal_code": column.text(20),
        "latitude": column.degrees(90),
        "longitude": column.degrees(180),
        "time_zone": column.time_zone,
        "daily_capacity": column.units(),
        "cutoff_time": column.time_of_day,
    }
    required = ("code", "name", "country")

    def table(self, user: User) -> Iterable[Sequence[Cell]]:
        return location_table(visible_location_ids(user), list(self.columns))

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        kept, bad = twins(rows, "code")
        wanted: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for row in kept:
            if (row.get("latitude") is None) != (row.get("longitude") is None):
                bad.append(row.bad("latitude", "latitude and longitude come together"))
                continue
            values = {name: value for name, value in row.values.items() if name != "code"}
            wanted.append(({"code": row["code"]}, values))
        counts = upsert(Location, wanted, key="code")
        forget_serving_locations()
        return Outcome(counts, bad)


class Stock(Importer):
    """Stock levels by location and SKU: `on_hand` is what lies there now, by lot where lots are
    named. The ledger gets the difference, so the same file twice changes nothing."""

    title = _("Stock")
    page = "inventory:stock"
    hints = (
        _("on_hand is what lies there now, held and picked units too."),
        _("Where bins or lots are named, one that is not named is empty."),
    )
    columns = {
        "location": column.text(16),
        "sku": column.text(64),
        "on_hand": column.units(),
        "bin": column.text(32),
        "lot": column.text(64),
        "expires_on": column.day,
        "safety_stock": column.units(),
        "reorder_point": column.units(),
    }
    required = ("location", "sku", "on_hand")

    def table(self, user: User) -> Iterable[Sequence[Cell]]:
        return stock_table(visible_location_ids(user))

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        outcome = Outcome()
        kept, outcome.bad = twins(rows, "location", "sku", "bin", "lot")
        places = Location.objects.in_bulk({row["location"] for row in kept}, field_name="code")
        skus = Sku.objects.in_bulk({row["sku"] for row in kept}, field_name="code")
        levels: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in kept:
            if row["location"] not in places:
                outcome.bad.append(row.bad("location", f"there is no location {row['location']}"))
            elif row["sku"] not in skus:
                outcome.bad.append(row.bad("sku", f"there is no SKU {row['sku']}"))
            elif skus[row["sku"]].is_kit:
                outcome.bad.append(row.bad("sku", f"{row['sku']} is a kit: name its components"))
            elif row.get("expires_on") and not row.get("lot"):
                outcome.bad.append(row.bad("expires_on", "only a lot expires: name it"))
            else:
                levels[row["location"], row["sku"]].append(row)
        _remember_lots(levels, skus)
        for some in chunks(list(levels)):
            part = {key: levels[key] for key in some}
            self._write(part, places, skus, context, outcome)
        return outcome

    def _write(
        self,
        wanted: dict[tuple[str, str], list[Row]],
        places: dict[str, Location],
        skus: dict[str, Sku],
        context: Context,
        outcome: Outcome,
    ) -> None:
        pairs = {(places[at].pk, skus[sku].pk): (at, sku) for at, sku in wanted}
        ids = ensure_levels(list(pairs))
        levels = StockLevel.objects.in_bulk(ids.values())
        counts: list[Counted] = []
        settled: list[StockLevel] = []
        for pair, (at, sku) in pairs.items():
            rows, level = wanted[at, sku], levels[ids[pair]]
            on_hand = sum(row["on_hand"] for row in rows)
            if on_hand < (spoken_for := level.reserved + level.held):
                reason = f"{spoken_for} are promised to orders or held: fewer cannot lie there"
                outcome.bad += [row.bad("on_hand", reason) for row in rows]
                continue
            if _settle(level, rows[0]):
                settled.append(level)
            counts.append(
                Counted(
                    level=level,
                    sku=skus[sku],
                    location=places[at],
                    units=_by_shelf(rows),
                )
            )
        StockLevel.objects.bulk_create(
            settled, update_conflicts=True, unique_fields=["pk"], update_fields=SETTINGS
        )
        moved = count_stock(
            counts=counts,
            reference="import:stock",
            reason="Stock import",
            by=context.by,
            at=context.at,
        )
        changed = moved | {level.pk for level in settled}
        outcome.counts += Counter(
            "changed" if count.level.pk in changed else "unchanged" for count in counts
        )


def _settle(level: StockLevel, row: Row) -> bool:
    """Take over bin, safety stock and reorder point of the level's first row; say if any is new."""
    news = {
        name: row[name]
        for name in SETTINGS
        if name in row.values and row[name] != getattr(level, name)
    }
    for name, value in news.items():
        setattr(level, name, value)
    return bool(news)


def _by_shelf(rows: Sequence[Row]) -> dict[tuple[str, str], int]:
    """Return the units by lot and bin."""
    return {(row.get("lot", ""), row.get("bin", "")): row["on_hand"] for row in rows}


def _remember_lots(levels: dict[tuple[str, str], list[Row]], skus: dict[str, Sku]) -> None:
    expiry: dict[tuple[int, str], date | None] = {}
    for (_place, sku), rows in levels.items():
        for row in rows:
            if lot := row.get("lot"):
                identity = skus[sku].pk, lot
                expiry[identity] = row.get("expires_on") or expiry.get(identity)
    lots = [
        Lot(sku_id=sku_id, code=code, expires_on=expires_on)
        for (sku_id, code), expires_on in sorted(expiry.items())
    ]
    dated = [lot for lot in lots if lot.expires_on]
    undated = [lot for lot in lots if not lot.expires_on]
    Lot.objects.bulk_create(undated, ignore_conflicts=True)
    Lot.objects.bulk_create(
        dated,
        update_conflicts=True,
        unique_fields=["sku", "code"],
        update_fields=["expires_on"],
    )


OF_SUPPLIER = ("name", "email")
OF_SUPPLY = ("supplier_sku", "cost", "currency", "lead_time_days", "minimum_quantity", "pack_size")


class Suppliers(Importer):
    """Suppliers by code, and what each supplies by SKU: a row for each of them.

    A row without a SKU says something of the supplier itself: its usual currency and lead time.
    The first supplier of a SKU is the preferred one.
    """

    title = _("Suppliers and what they supply")
    permission = "inventory.change_supplier"
    page = "inventory:suppliers"
    columns = {
        "code": column.text(32),
        "name": column.text(200),
        "email": column.email,
        "sku": column.text(64),
        "supplier_sku": column.text(64),
        "cost": column.price,
        "currency": column.currency,
        "lead_time_days": column.units(most=3650),
        "minimum_quantity": column.units(least=1),
        "pack_size": column.units(least=1),
    }
    required = ("code", "name")

    def table(self, user: User) -> Iterable[Sequence[Cell]]:
        return supplier_table()

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        kept, bad = twins(rows, "code", "sku")
        skus = Sku.objects.in_bulk(
            {row["sku"] for row in kept if row.get("sku")}, field_name="code"
        )
        good: list[Row] = []
        for row in kept:
            if "/" in row["code"]:
                bad.append(row.bad("code", "a code has no slash"))
            elif row.get("sku") and row["sku"] not in skus:
                bad.append(row.bad("sku", f"there is no SKU {row['sku']}"))
            elif row.get("sku") and skus[row["sku"]].is_kit:
                bad.append(row.bad("sku", f"{row['sku']} is a kit: name its components"))
            else:
                good.append(row)
        counts = upsert(Supplier, _suppliers(good), key="code")
        known = Supplier.objects.in_bulk({row["code"] for row in good}, field_name="code")
        by_code: dict[str, list[Row]] = defaultdict(list)
        for row in good:
            if row.get("sku"):
                by_code[row["code"]].append(row)
        for code, some in by_code.items():
            counts += _supply(known[code], some, skus)
        return Outcome(counts, bad)


def _suppliers(rows: Sequence[Row]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What the rows say of the suppliers themselves, the first row that says it."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        names = OF_SUPPLIER if row.get("sku") else (*OF_SUPPLIER, "currency", "lead_time_days")
        values = found.setdefault(row["code"], {})
        for name in names:
            if name in row.values:
                values.setdefault(name, row[name])
    return [({"code": code}, values) for code, values in found.items()]


def _supply(supplier: Supplier, rows: Sequence[Row], skus: dict[str, Sku]) -> Counter[str]:
    pks = [skus[row["sku"]].pk for row in rows]
    preferred = SupplierSku.objects.filter(sku_id__in=pks, is_preferred=True)
    taken = set(preferred.values_list("sku_id", flat=True))
    wanted = [
        (
            {"supplier_id": supplier.pk, "sku_id": skus[row["sku"]].pk},
            {name: row[name] for name in OF_SUPPLY if name in row.values},
        )
        for row in rows
    ]
    known = SupplierSku.objects.filter(supplier=supplier)
    counts = upsert(SupplierSku, wanted, key="sku_id", known=known)
    known.filter(sku_id__in=[pk for pk in pks if pk not in taken]).update(is_preferred=True)
    return counts
