"""What to count today: what sells most is counted most often."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oms.core import sql

LOOKED_BACK = timedelta(days=90)
CADENCE = {"A": 30, "B": 90, "C": 365}
"""Days from one count of a place to the next, by class."""

PLAN = """
WITH asked AS (
    SELECT %s::bigint AS location, %s::timestamptz AS since, %s::int[] AS cadence,
           %s::timestamptz AS today, %s::int AS most
), worth AS (
    SELECT s.id AS level_id, s.sku_id, coalesce(p.cost, k.price, 0) AS value,
           CASE WHEN p.cost IS NOT NULL THEN coalesce(nullif(p.currency, ''), u.currency)
                ELSE k.currency END AS currency
    FROM inventory_stocklevel s
    JOIN catalog_sku k ON k.id = s.sku_id
    LEFT JOIN inventory_suppliersku p ON p.sku_id = s.sku_id AND p.is_preferred
    LEFT JOIN inventory_supplier u ON u.id = p.supplier_id
    WHERE s.location_id = (SELECT location FROM asked)
), sold AS (
    SELECT w.level_id, w.currency, coalesce(sum(-m.on_hand_delta), 0) * w.value AS value
    FROM worth w
    LEFT JOIN inventory_movement m
      ON m.level_id = w.level_id AND m.kind = 'ship' AND m.happened_at >= (SELECT since FROM asked)
    GROUP BY w.level_id, w.currency, w.value
), ranked AS (
    SELECT level_id, value,
           sum(value) OVER (PARTITION BY currency) AS total,
           sum(value) OVER (PARTITION BY currency ORDER BY value DESC, level_id) - value AS above
    FROM sold
), classed AS (
    SELECT level_id, value, CASE
        WHEN value = 0 THEN 'C' WHEN above < total * 0.80 THEN 'A'
        WHEN above < total * 0.95 THEN 'B' ELSE 'C' END AS class
    FROM ranked
), lying AS (
    SELECT q.level_id, q.bin, sum(q.quantity) AS units
    FROM inventory_quant q JOIN worth w ON w.level_id = q.level_id
    WHERE q.state = 'available'
    GROUP BY q.level_id, q.bin
), planned AS (
    SELECT l.level_id, l.bin, c.class, c.value, (
        SELECT max(n.counted_at) FROM inventory_countline n
        JOIN inventory_stockcount d ON d.id = n.count_id
        WHERE n.level_id = l.level_id AND n.bin = l.bin AND d.status = 'approved'
    ) AS counted_at
    FROM lying l JOIN classed c ON c.level_id = l.level_id
    WHERE NOT EXISTS (
        SELECT FROM inventory_countline n
        WHERE n.level_id = l.level_id AND n.bin = l.bin AND n.is_open
    )
)
SELECT k.code, k.name, p.bin, p.class, p.counted_at,
       p.counted_at + make_interval(days => days.until[ascii(p.class) - 64]) AS due_at,
       count(*) OVER () AS due
FROM planned p
CROSS JOIN (SELECT cadence AS until FROM asked) days
JOIN inventory_stocklevel s ON s.id = p.level_id
JOIN catalog_sku k ON k.id = s.sku_id
WHERE p.counted_at IS NULL
   OR p.counted_at + make_interval(days => days.until[ascii(p.class) - 64])
      <= (SELECT today FROM asked)
ORDER BY due_at NULLS FIRST, p.class, p.value DESC, p.bin, k.code
LIMIT (SELECT most FROM asked)
"""


@dataclass(frozen=True)
class Due:
    """A SKU in a bin that is to be counted again; `counted_at` is None where it never was."""

    sku: str
    name: str
    bin: str
    abc: str
    counted_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True)
class Plan:
    """The places that are due longest, and how many are due in all."""

    places: list[Due]
    due: int


def counting_plan(*, location_id: int, at: datetime, most: int) -> Plan:
    """Return what to count at a location today, the longest due first. One query.

    SKUs are classed by the value shipped there in ninety days, each currency apart: A makes the
    first 80 % of it, B the next 15 %, C the rest. What is being counted is left out.
    """
    rows = sql.run(PLAN, [location_id, at - LOOKED_BACK, list(CADENCE.values()), at, most])
    return Plan([Due(*row[:6]) for row in rows], rows[0][6] if rows else 0)
