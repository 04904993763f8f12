"""What stands, as the files that bring it in."""

from collections.abc import Iterator, Sequence

from inventory.models import Location, Supplier
from oms.core import sql
from oms.core.exports import Cell

STOCK = """
SELECT p.code, s.code, coalesce(q.units, 0), coalesce(q.bin, l.bin), coalesce(q.lot, ''),
       lot.expires_on, l.safety_stock, l.reorder_point
FROM inventory_stocklevel l
JOIN inventory_location p ON p.id = l.location_id
JOIN catalog_sku s ON s.id = l.sku_id
LEFT JOIN (
    SELECT level_id, bin, lot, sum(quantity)::int AS units
    FROM inventory_quant GROUP BY level_id, bin, lot
) q ON q.level_id = l.id
LEFT JOIN inventory_lot lot ON lot.sku_id = l.sku_id AND lot.code = q.lot
WHERE %s::bigint[] IS NULL OR p.id = ANY(%s)
ORDER BY p.code, s.code, q.bin IS DISTINCT FROM l.bin, q.bin, q.lot
"""


def location_table(
    location_ids: Sequence[int] | None, columns: Sequence[str]
) -> Iterator[Sequence[Cell]]:
    """Yield locations; these alone, or with None all."""
    yield list(columns)
    rows = Location.objects.order_by("code")
    if location_ids is not None:
        rows = rows.filter(pk__in=location_ids)
    yield from rows.values_list(*columns).iterator()


def stock_table(location_ids: Sequence[int] | None) -> Iterator[Sequence[Cell]]:
    """Yield what lies at these locations (None: all) by bin and lot, whatever its state; the bin
    of the level comes first."""
    yield [
        "location",
        "sku",
        "on_hand",
        "bin",
        "lot",
        "expires_on",
        "safety_stock",
        "reorder_point",
    ]
    places = None if location_ids is None else list(location_ids)
    yield from sql.run(STOCK, [places, places])


def supplier_table() -> Iterator[Sequence[Cell]]:
    """Yield suppliers by what they supply, a preferred SKU before the others of its kind; a row
    without a SKU says what the supplier's usual terms are."""
    yield [
        "code",
        "name",
        "email",
        "sku",
        "supplier_sku",
        "cost",
        "currency",
        "lead_time_days",
        "minimum_quantity",
        "pack_size",
    ]
    for code, name, email, currency, days in Supplier.objects.order_by("code").values_list(
        "code", "name", "email", "currency", "lead_time_days"
    ):
        yield [code, name, email, "", "", None, currency, days, None, None]
    rows = sql.run(
        "SELECT s.code, s.name, s.email, u.code, p.supplier_sku, p.cost, p.currency, "
        "p.lead_time_days, p.minimum_quantity, p.pack_size FROM inventory_suppliersku p "
        "JOIN inventory_supplier s ON s.id = p.supplier_id JOIN catalog_sku u ON u.id = p.sku_id "
        "ORDER BY NOT p.is_preferred, u.code, s.code"
    )
    yield from rows
