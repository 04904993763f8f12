"""What is coming in: from which supplier or location, how much, by when, and who said so."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from inventory.models import StockLevel
from inventory.selectors.stock import serving_locations
from inventory.states import COMING, OPEN_TRANSFER, S
from oms.core import sql

INBOUND = """
WITH lines AS (
    SELECT l.id, l.sku_id, o.location_id, o.number, o.supplier_id, o.status, o.expected_on,
           greatest(0, l.quantity - l.received) AS missing, l.is_declined
    FROM inventory_replenishmentline l JOIN inventory_replenishmentorder o ON o.id = l.order_id
    WHERE o.status = ANY(%s) AND l.quantity > l.received
      AND (%s::bigint[] IS NULL OR l.sku_id = ANY(%s::bigint[]))
), committed AS (
    SELECT c.id, c.line_id, c.expected_on, c.quantity - c.received AS units
    FROM inventory_commitment c JOIN lines l ON l.id = c.line_id
    WHERE c.withdrawn_at IS NULL AND c.quantity > c.received
)
SELECT l.sku_id, l.location_id, l.number, c.expected_on, true, c.units::int, false
FROM lines l JOIN committed c ON c.line_id = l.id
UNION ALL
SELECT l.sku_id, l.location_id, l.number,
       CASE WHEN l.status <> %s THEN l.expected_on END, false,
       l.missing - coalesce(c.units, 0)::int, false
FROM lines l
LEFT JOIN (SELECT line_id, sum(units) AS units FROM committed GROUP BY line_id) c
       ON c.line_id = l.id
WHERE NOT l.is_declined AND l.missing > coalesce(c.units, 0)
UNION ALL
SELECT l.sku_id, t.target_id, t.number, w.expected_on, w.expected_on IS NOT NULL, w.units, true
FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
CROSS JOIN LATERAL (VALUES
    (t.expected_on, l.shipped - l.received + l.over - l.lost),
    (NULL, l.quantity - l.shipped)
) AS w(expected_on, units)
WHERE t.status = ANY(%s) AND w.units > 0
  AND (%s::bigint[] IS NULL OR l.sku_id = ANY(%s::bigint[]))
ORDER BY 4 NULLS LAST, 3
"""


@dataclass(frozen=True)
class Inbound:
    """Units on their way. Where the supplier has not committed, the day is the one we asked for.

    Those of a transfer come from another location; while they still lie there no day is known.
    """

    sku_id: int
    location_id: int
    number: str
    expected_on: date | None
    is_committed: bool
    units: int
    is_transfer: bool = False


def inbound(sku_ids: Sequence[int] | None = None) -> list[Inbound]:
    """Return what is coming of these SKUs (None: of all), the earliest first. One query."""
    ids = None if sku_ids is None else list(sku_ids)
    statuses = [str(each) for each in COMING]
    on_the_way = [str(each) for each in OPEN_TRANSFER]
    params = [statuses, ids, ids, str(S.APPROVED), on_the_way, ids, ids]
    return [Inbound(*row) for row in sql.run(INBOUND, params)]


@dataclass(frozen=True)
class Arriving:
    """Units that may be promised to those who wait, from a day on; None: nobody knows the day."""

    units: int
    expected_on: date | None


def arriving(sku_ids: Sequence[int], *, today: date) -> dict[int, list[Arriving]]:
    """Return what can be promised of what is coming, by SKU, the earliest first.

    Only a supplier's word or a transfer that left gives a day, and only while that day is not
    over. What a shelf lacks of its safety stock stays there. Three queries.
    """
    places = {place.pk for place in serving_locations()}
    coming = [each for each in inbound(sku_ids) if each.location_id in places]
    gaps = _gaps({each.sku_id for each in coming}) if coming else {}
    found: dict[int, list[Arriving]] = defaultdict(list)
    for each in coming:
        kept = min(gaps.get((each.location_id, each.sku_id), 0), each.units)
        if kept:
            gaps[each.location_id, each.sku_id] -= kept
        if units := each.units - kept:
            known = each.is_committed and each.expected_on and each.expected_on >= today
            found[each.sku_id].append(Arriving(units, each.expected_on if known else None))
    return {sku: sorted(them, key=_by_day) for sku, them in found.items()}


def _gaps(sku_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Return by location and SKU what shelves lack of their safety stock."""
    lacking = F("safety_stock") - (F("on_hand") - F("reserved") - F("held"))
    levels = StockLevel.objects.filter(sku_id__in=sku_ids, safety_stock__gt=0)
    rows = levels.annotate(lacking=lacking).filter(lacking__gt=0)
    return {
        (location_id, sku_id): units
        for location_id, sku_id, units in rows.values_list("location_id", "sku_id", "lacking")
    }


def _by_day(each: Arriving) -> date:
    return each.expected_on or date.max
