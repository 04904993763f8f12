"""Telling channels what they may promise, whenever that changed."""

from datetime import datetime

from inventory.events import StockAvailable
from inventory.states import CartStatus
from oms.channels.models import Channel
from oms.core import sql
from oms.core.actors import SYSTEM
from oms.core.events import publish
from oms.core.services import service

MOST = 5_000
AT_ONCE = 500
"""So many SKUs stand in one fact."""
ONLY_ONE = 0x57_0C

TELL = """
WITH lapsed AS (
    SELECT r.level_id, sum(r.quantity) AS units
    FROM inventory_cartreservation c
    JOIN inventory_cartline l ON l.cart_id = c.id
    JOIN inventory_reservation r ON r.id = l.reservation_id
    WHERE c.status = %(open)s AND c.expires_at <= now() AND r.quantity > 0
    GROUP BY r.level_id
), free AS (
    SELECT l.sku_id, sum(greatest(0, l.on_hand - l.reserved - l.held - l.safety_stock
                                     + coalesce(x.units, 0))) AS units
    FROM inventory_stocklevel l
    JOIN inventory_location p ON p.id = l.location_id AND p.is_active AND p.kind <> 'supplier'
    LEFT JOIN lapsed x ON x.level_id = l.id
    GROUP BY l.sku_id
), plain AS (
    SELECT f.sku_id, greatest(0, f.units - coalesce(own.units, usual.units, 0)) AS units
    FROM free f
    LEFT JOIN inventory_channelbuffer own
      ON own.channel_id = %(channel)s AND own.sku_id = f.sku_id
    LEFT JOIN inventory_channelbuffer usual
      ON usual.channel_id = %(channel)s AND usual.sku_id IS NULL
), kits AS (
    SELECT k.kit_id AS sku_id, min(div(coalesce(p.units, 0), k.quantity)) AS units
    FROM catalog_kitcomponent k LEFT JOIN plain p ON p.sku_id = k.component_id
    GROUP BY k.kit_id
), now_true AS (
    SELECT sku_id, units FROM plain
    WHERE NOT EXISTS (SELECT 1 FROM kits WHERE kits.sku_id = plain.sku_id)
    UNION ALL SELECT sku_id, units FROM kits
), told AS (
    SELECT sku_id, units, told_at FROM inventory_toldavailability WHERE channel_id = %(channel)s
), changed AS (
    SELECT coalesce(n.sku_id, t.sku_id) AS sku_id, coalesce(n.units, 0)::int AS units
    FROM now_true n FULL JOIN told t ON t.sku_id = n.sku_id
    WHERE t.units IS DISTINCT FROM coalesce(n.units, 0)
      AND (t.told_at IS NULL OR t.told_at <= %(before)s)
    ORDER BY 1 LIMIT %(most)s
)
INSERT INTO inventory_toldavailability AS kept (channel_id, sku_id, units, sequence, told_at)
SELECT %(channel)s, c.sku_id, c.units,
       (SELECT coalesce(max(sequence), 0) FROM inventory_toldavailability
        WHERE channel_id = %(channel)s) + row_number() OVER (ORDER BY c.sku_id),
       %(at)s
FROM changed c
ON CONFLICT (channel_id, sku_id) DO UPDATE
SET units = excluded.units, sequence = excluded.sequence, told_at = excluded.told_at
RETURNING (SELECT code FROM catalog_sku s WHERE s.id = kept.sku_id), kept.units, kept.sequence
"""
"""Everything that is not as it was told last, compared as a whole: nothing can be missed, whatever
moved it. A figure that was told too short a while ago waits for the next time."""


@service
def tell_availability(*, channel: Channel, at: datetime, most: int = MOST) -> int:
    """Tell a channel what it may promise of SKUs where that changed; return of how many.

    A SKU is told of at most once in the channel's `stock_seconds`, its latest figure then. One at
    a time for a channel: who finds another at it leaves it to that one.

    Raises: nothing.
    Locks: nothing.
    Publishes: StockAvailable.
    """
    if not sql.run("SELECT 1 WHERE pg_try_advisory_xact_lock(%s, %s)", [ONLY_ONE, channel.pk]):
        return 0
    rows = sql.run(
        TELL,
        {
            "open": str(CartStatus.OPEN),
            "channel": channel.pk,
            "before": at - channel.stock_pause,
            "at": at,
            "most": most,
        },
    )
    levels = sorted(rows, key=lambda row: row[2])
    for first in range(0, len(levels), AT_ONCE):
        publish(
            StockAvailable(
                thread=f"stock:{channel.slug}",
                subject=channel.slug,
                by=SYSTEM,
                at=at,
                channel=channel.slug,
                levels=[
                    {"sku": sku, "available": units, "sequence": sequence}
                    for sku, units, sequence in levels[first : first + AT_ONCE]
                ],
            )
        )
    return len(levels)
