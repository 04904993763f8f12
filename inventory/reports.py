"""Numbers about stock, for alerts and reports.

`stock_cover` reads the levels and the last weeks of the ledger (its BRIN index on time), never all
of it: 0.4 s for 80,000 levels and 1,000,000 movements.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from inventory.rules.cover import days_of_cover
from inventory.selectors.inbound import inbound
from inventory.selectors.stock import serving_locations
from inventory.states import LocationKind
from oms.core import sql

WINDOW_DAYS = 28

COVER = """
WITH coming AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS c(location_id, sku_id, units)
), left_here AS (
    SELECT level_id, -sum(on_hand_delta)::int AS units
    FROM inventory_movement
    WHERE kind = 'ship' AND happened_at >= %s AND happened_at < %s
    GROUP BY level_id
), measured AS (
    SELECT s.code AS sku, s.name, p.code AS location, p.name AS place,
           l.on_hand, l.reserved, l.held,
           l.on_hand - l.reserved - l.held AS available, l.reorder_point,
           coalesce(c.units, 0) AS coming, coalesce(m.units, 0) AS sold,
           coalesce(u.lead_time_days, v.lead_time_days) AS lead_time_days,
           coalesce(v.name, '') AS supplier
    FROM inventory_stocklevel l
    JOIN inventory_location p ON p.id = l.location_id
    JOIN catalog_sku s ON s.id = l.sku_id
    LEFT JOIN coming c ON c.location_id = l.location_id AND c.sku_id = l.sku_id
    LEFT JOIN left_here m ON m.level_id = l.id
    LEFT JOIN inventory_suppliersku u ON u.sku_id = l.sku_id AND u.is_preferred
    LEFT JOIN inventory_supplier v ON v.id = u.supplier_id AND v.is_active
    WHERE p.is_active AND p.kind <> %s
      AND (%s::bigint[] IS NULL OR l.location_id = ANY(%s::bigint[]))
      AND (l.reorder_point > 0 OR coalesce(m.units, 0) > 0)
)
SELECT sku, name, location, place, on_hand, reserved, held, reorder_point, coming, sold,
       lead_time_days, supplier, %s::int
FROM measured
WHERE NOT %s
   OR (reorder_point > 0 AND available + coming <= reorder_point)
   OR (sold >= %s AND lead_time_days IS NOT NULL
       AND (available + coming)::bigint * %s < sold::bigint * lead_time_days)
ORDER BY sku, location
"""


@dataclass(frozen=True)
class StockCover:
    """What lies of a SKU at a location, and how long that lasts at the pace of `window_days`."""

    sku: str
    name: str
    location: str
    place: str
    on_hand: int
    reserved: int
    held: int
    reorder_point: int
    coming: int
    sold: int
    lead_time_days: int | None
    supplier: str
    window_days: int

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved - self.held

    @property
    def cover_days(self) -> Decimal | None:
        """How many days what is free and coming lasts; None where nothing was sold."""
        return days_of_cover(self.available + self.coming, self.sold, self.window_days)


def stock_cover(
    *,
    at: datetime,
    only_low: bool = False,
    least_sold: int = 3,
    window_days: int = WINDOW_DAYS,
    location_ids: Sequence[int] | None = None,
) -> list[StockCover]:
    """Return levels with a reorder point or recent sales, by SKU and location.

    `only_low` keeps those that are low: free and coming units are at the reorder point or below,
    or they are gone before a delivery ordered now could be here (known from `least_sold` units on,
    where a preferred supplier has a lead time). Two queries.
    """
    places, skus, units = _coming()
    places_asked = None if location_ids is None else list(location_ids)
    rows = sql.run(
        COVER,
        [
            places,
            skus,
            units,
            at - timedelta(days=window_days),
            at,
            str(LocationKind.SUPPLIER),
            places_asked,
            places_asked,
            window_days,
            only_low,
            least_sold,
            window_days,
        ],
    )
    return [StockCover(*row) for row in rows]


def _coming() -> tuple[list[int], list[int], list[int]]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    for each in inbound():
        found[each.location_id, each.sku_id] += each.units
    return [key[0] for key in found], [key[1] for key in found], list(found.values())


WEEKS = """
SELECT s.code, p.code, date_trunc('week', m.happened_at AT TIME ZONE 'UTC')::date,
       -sum(m.on_hand_delta)::int
FROM inventory_movement m
JOIN inventory_stocklevel l ON l.id = m.level_id
JOIN catalog_sku s ON s.id = l.sku_id
JOIN inventory_location p ON p.id = l.location_id
WHERE m.kind = 'ship' AND m.happened_at >= %s AND m.happened_at < %s
  AND s.code = ANY(%s)
GROUP BY 1, 2, 3
"""


def shipped_by_week(
    *, skus: Sequence[str], at: datetime, weeks: int = 12
) -> dict[tuple[str, str], list[tuple[date, int]]]:
    """Return units that left by week, by SKU and location code, empty weeks too. One query."""
    this_week = at.date() - timedelta(days=at.weekday())
    days = [this_week - timedelta(weeks=n) for n in range(weeks - 1, -1, -1)]
    start = at - timedelta(days=at.weekday(), weeks=weeks - 1)
    start = start.replace(hour=0, minute=0, second=0, microsecond=0)
    found: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    for sku, location, week, units in sql.run(WEEKS, [start, at, sorted(set(skus))]):
        found[sku, location][week] = units
    return {key: [(day, by_week.get(day, 0)) for day in days] for key, by_week in found.items()}


STANDING = """
SELECT s.code, s.name, coalesce(sum(l.on_hand), 0)::int, coalesce(sum(l.reserved), 0)::int,
       coalesce(sum(l.held), 0)::int,
       coalesce(s.price, 0), s.currency
FROM catalog_sku s
LEFT JOIN (inventory_stocklevel l
           JOIN inventory_location p ON p.id = l.location_id AND p.is_active AND p.kind <> %s)
       ON l.sku_id = s.id
WHERE s.code = ANY(%s)
GROUP BY s.id
"""


@dataclass(frozen=True)
class Standing:
    """Units of a SKU over all locations that serve, and what they are worth at its base price."""

    sku: str
    name: str
    on_hand: int
    reserved: int
    held: int
    price: Decimal
    currency: str

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved - self.held

    @property
    def value(self) -> Decimal:
        return self.on_hand * self.price


def standing_stock(skus: Sequence[str]) -> dict[str, Standing]:
    """Return what lies of these SKUs, by code. One query."""
    rows = sql.run(STANDING, [str(LocationKind.SUPPLIER), sorted(set(skus))])
    return {row[0]: Standing(*row) for row in rows}


def location_codes(location_ids: Sequence[int]) -> list[str]:
    """Return the codes of these locations, as far as they serve. No query."""
    wanted = set(location_ids)
    return [place.code for place in serving_locations() if place.pk in wanted]
