"""What is true of stock at every moment."""

from oms.core.books import Invariant
from oms.core.ledgers import STANDING

INVARIANTS = (
    Invariant(
        "kits_lie_nowhere",
        "A kit has components, which are no kits, and no stock level; a SKU with components is a "
        "kit.",
        """
        SELECT s.code AS sku, s.is_kit
        FROM catalog_sku s
        WHERE s.is_kit <> EXISTS (SELECT FROM catalog_kitcomponent c WHERE c.kit_id = s.id)
           OR s.is_kit AND EXISTS (SELECT FROM inventory_stocklevel l WHERE l.sku_id = s.id)
           OR s.is_kit AND EXISTS (SELECT FROM catalog_kitcomponent c WHERE c.component_id = s.id)
        ORDER BY 1
        """,
    ),
    Invariant(
        "stock_ledger",
        "A stock level is the sum of its ledger, on hand and reserved.",
        """
        SELECT p.code || ' ' || s.code AS level,
               l.on_hand, coalesce(m.on_hand, 0) AS ledger_on_hand,
               l.reserved, coalesce(m.reserved, 0) AS ledger_reserved
        FROM inventory_stocklevel l
        JOIN inventory_location p ON p.id = l.location_id
        JOIN catalog_sku s ON s.id = l.sku_id
        LEFT JOIN (
            SELECT level_id, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved
            FROM inventory_movement GROUP BY level_id
        ) m ON m.level_id = l.id
        WHERE l.on_hand <> coalesce(m.on_hand, 0) OR l.reserved <> coalesce(m.reserved, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "stock_quants",
        "What lies in the bins of a stock level is what is on hand, and what of it is held.",
        """
        SELECT p.code || ' ' || s.code AS level, l.on_hand, coalesce(q.units, 0) AS in_bins,
               l.held, coalesce(q.held, 0) AS held_in_bins
        FROM inventory_stocklevel l
        JOIN inventory_location p ON p.id = l.location_id
        JOIN catalog_sku s ON s.id = l.sku_id
        LEFT JOIN (
            SELECT level_id, sum(quantity) AS units,
                   coalesce(sum(quantity)
                       FILTER (WHERE state NOT IN ('available', 'picked')), 0) AS held
            FROM inventory_quant GROUP BY level_id
        ) q ON q.level_id = l.id
        WHERE l.on_hand <> coalesce(q.units, 0) OR l.held <> coalesce(q.held, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "stock_ledger_quants",
        "What lies in a bin, by lot and state, is the sum of the ledger there.",
        """
        SELECT p.code || ' ' || s.code AS level, d.bin, d.lot, d.state,
               d.in_bin, d.ledger
        FROM (
            SELECT level_id, bin, lot, state, sum(in_bin) AS in_bin, sum(ledger) AS ledger
            FROM (
                SELECT level_id, bin, lot, state, quantity AS in_bin, 0 AS ledger
                FROM inventory_quant
                UNION ALL
                SELECT level_id, bin, lot, state, 0, on_hand_delta FROM inventory_movement
                WHERE on_hand_delta <> 0
            ) each_one
            GROUP BY level_id, bin, lot, state
        ) d
        JOIN inventory_stocklevel l ON l.id = d.level_id
        JOIN inventory_location p ON p.id = l.location_id
        JOIN catalog_sku s ON s.id = l.sku_id
        WHERE d.in_bin <> d.ledger
        ORDER BY 1, 2, 3, 4
        """,
    ),
    Invariant(
        "stock_picked",
        "No more is picked for a reservation than it still claims, on its own stock level.",
        """
        SELECT r.reference, r.id AS reservation, r.quantity, q.units AS picked
        FROM inventory_reservation r
        JOIN (
            SELECT reservation_id, min(level_id) AS first, max(level_id) AS last,
                   sum(quantity) AS units
            FROM inventory_quant WHERE reservation_id IS NOT NULL GROUP BY reservation_id
        ) q ON q.reservation_id = r.id
        WHERE q.units > r.quantity OR q.first <> r.level_id OR q.last <> r.level_id
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "stock_serials",
        "A serial number is one unit, wherever it lies.",
        """
        SELECT s.code AS sku, q.lot AS serial, sum(q.quantity) AS units
        FROM inventory_quant q
        JOIN inventory_stocklevel l ON l.id = q.level_id
        JOIN catalog_sku s ON s.id = l.sku_id
        WHERE s.tracking = 'serial' AND q.lot <> ''
        GROUP BY s.code, q.lot HAVING sum(q.quantity) > 1 ORDER BY 1, 2
        """,
    ),
    Invariant(
        "stock_ledger_levels",
        "Every ledger entry belongs to a stock level.",
        """
        SELECT m.id AS entry, m.level_id AS level
        FROM inventory_movement m LEFT JOIN inventory_stocklevel l ON l.id = m.level_id
        WHERE l.id IS NULL ORDER BY 1
        """,
    ),
    Invariant(
        "stock_reservations",
        "What is reserved of a stock level is the sum of its open reservations.",
        """
        SELECT p.code || ' ' || s.code AS level, l.reserved, coalesce(r.units, 0) AS claimed
        FROM inventory_stocklevel l
        JOIN inventory_location p ON p.id = l.location_id
        JOIN catalog_sku s ON s.id = l.sku_id
        LEFT JOIN (
            SELECT level_id, sum(quantity) AS units FROM inventory_reservation GROUP BY level_id
        ) r ON r.level_id = l.id
        WHERE l.reserved <> coalesce(r.units, 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "cart_reservations",
        "What is kept for an open cart is reserved for it, and nothing for one that ended.",
        """
        SELECT c.number AS cart, s.code AS sku, c.status, l.quantity, r.quantity AS reserved
        FROM inventory_cartline l
        JOIN inventory_cartreservation c ON c.id = l.cart_id
        JOIN inventory_reservation r ON r.id = l.reservation_id
        JOIN inventory_stocklevel k ON k.id = r.level_id
        JOIN catalog_sku s ON s.id = k.sku_id
        WHERE r.quantity <> CASE WHEN c.status = 'open' THEN l.quantity ELSE 0 END
           OR (c.status = 'ordered') <> (c.order_number <> '')
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "stock_ledger_only_grows",
        "The stock ledger is guarded against change and removal.",
        STANDING.format(table="inventory_movement"),
    ),
    Invariant(
        "stock_counts",
        "The ledger has of every approved count the differences it found, and of no other.",
        """
        SELECT c.number AS stock_count, k.code AS sku, l.bin, l.lot, c.status,
               l.counted - l.expected AS difference, coalesce(m.units, 0) AS ledger
        FROM inventory_countline l
        JOIN inventory_stockcount c ON c.id = l.count_id
        JOIN inventory_stocklevel s ON s.id = l.level_id
        JOIN catalog_sku k ON k.id = s.sku_id
        LEFT JOIN (
            SELECT source_id, level_id, bin, lot, sum(on_hand_delta) AS units
            FROM inventory_movement WHERE kind = 'count' AND source_id IS NOT NULL
            GROUP BY source_id, level_id, bin, lot
        ) m ON m.source_id = l.id AND m.level_id = l.level_id AND m.bin = l.bin AND m.lot = l.lot
        WHERE coalesce(m.units, 0)
              <> CASE WHEN c.status = 'approved' THEN coalesce(l.counted - l.expected, 0) ELSE 0 END
           OR (c.status = 'approved' AND l.counted IS NULL)
        ORDER BY 1, 2, 3, 4
        """,
    ),
    Invariant(
        "second_person",
        "A correction was never decided by who asked for it.",
        """
        SELECT number AS adjustment_request, asked_by, decided_by, status
        FROM inventory_adjustmentrequest
        WHERE asked_by = decided_by OR (status = 'approved' AND decided_by = '')
        ORDER BY 1
        """,
    ),
    Invariant(
        "replenishment_receipts",
        "A replenishment line has received and rejected what its receipts say.",
        """
        SELECT o.number AS replenishment_order, s.code AS sku, l.received, l.rejected,
               coalesce(r.accepted, 0) AS receipts, coalesce(r.rejected, 0) AS receipts_rejected
        FROM inventory_replenishmentline l
        JOIN inventory_replenishmentorder o ON o.id = l.order_id
        JOIN catalog_sku s ON s.id = l.sku_id
        LEFT JOIN (
            SELECT line_id, sum(accepted) AS accepted, sum(rejected) AS rejected
            FROM inventory_receiptline GROUP BY line_id
        ) r ON r.line_id = l.id
        WHERE l.received <> coalesce(r.accepted, 0) OR l.rejected <> coalesce(r.rejected, 0)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "replenishment_ledger",
        "What was taken in against a replenishment order went on the shelf, unit by unit, or came "
        "before the books began.",
        """
        SELECT o.number AS replenishment_order, s.code AS sku, l.received,
               coalesce(m.units, 0) AS ledger
        FROM inventory_replenishmentline l
        JOIN inventory_replenishmentorder o ON o.id = l.order_id
        JOIN catalog_sku s ON s.id = l.sku_id
        LEFT JOIN (
            SELECT r.line_id, sum(CASE WHEN d.is_history THEN r.accepted ELSE m.units END) AS units
            FROM inventory_receiptline r
            JOIN inventory_receipt d ON d.id = r.receipt_id
            LEFT JOIN (
                SELECT source_id, sum(on_hand_delta) AS units FROM inventory_movement
                WHERE kind = 'receive' AND source_id IS NOT NULL GROUP BY source_id
            ) m ON m.source_id = r.id
            GROUP BY r.line_id
        ) m ON m.line_id = l.id
        WHERE l.received <> coalesce(m.units, 0)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "replenishment_over",
        "No more was taken in than was ordered, unless somebody confirmed it.",
        """
        SELECT o.number AS replenishment_order, s.code AS sku, l.quantity, l.received, l.over
        FROM inventory_replenishmentline l
        JOIN inventory_replenishmentorder o ON o.id = l.order_id
        JOIN catalog_sku s ON s.id = l.sku_id
        WHERE l.over <> greatest(0, l.received - l.quantity) ORDER BY 1, 2
        """,
    ),
    Invariant(
        "replenishment_commitments",
        "A supplier has not promised more of a line than is still to come.",
        """
        SELECT o.number AS replenishment_order, s.code AS sku,
               greatest(0, l.quantity - l.received) AS missing, c.units AS committed
        FROM inventory_replenishmentline l
        JOIN inventory_replenishmentorder o ON o.id = l.order_id
        JOIN catalog_sku s ON s.id = l.sku_id
        JOIN (
            SELECT line_id, sum(quantity - received) AS units
            FROM inventory_commitment WHERE withdrawn_at IS NULL GROUP BY line_id
        ) c ON c.line_id = l.id
        WHERE c.units > greatest(0, l.quantity - l.received) ORDER BY 1, 2
        """,
    ),
    Invariant(
        "replenishment_status",
        "A replenishment order is received when nothing of it is missing, and not before.",
        """
        SELECT o.number AS replenishment_order, o.status, l.missing
        FROM inventory_replenishmentorder o
        JOIN (
            SELECT order_id, sum(greatest(0, quantity - received)) AS missing
            FROM inventory_replenishmentline GROUP BY order_id
        ) l ON l.order_id = o.id
        WHERE (o.status = 'received' AND l.missing > 0)
           OR (o.status IN ('sent', 'acknowledged', 'part_received') AND l.missing = 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "transfer_entries",
        "A transfer line has shipped, received and lost what its steps say.",
        """
        SELECT t.number AS transfer, s.code AS sku, l.shipped, e.shipped AS entries,
               l.received, e.received AS entries_received, l.over, l.lost, e.lost AS entries_lost
        FROM inventory_transferline l
        JOIN inventory_transfer t ON t.id = l.transfer_id
        JOIN catalog_sku s ON s.id = l.sku_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(e.units) FILTER (WHERE p.kind = 'ship'), 0) AS shipped,
                   coalesce(sum(e.units) FILTER (WHERE p.kind = 'receive'), 0) AS received,
                   coalesce(sum(e.over), 0) AS over,
                   coalesce(sum(e.units) FILTER (WHERE p.kind = 'lose'), 0) AS lost
            FROM inventory_transferentry e JOIN inventory_transferstep p ON p.id = e.step_id
            WHERE e.line_id = l.id
        ) e
        WHERE (l.shipped, l.received, l.over, l.lost)
           <> (e.shipped, e.received, e.over, e.lost)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "transfer_ledger",
        "What a transfer shipped left the source's shelf, and what it received lies at the "
        "target, unit by unit: what left has come, is lost, or is in transit.",
        """
        SELECT t.number AS transfer, s.code AS sku, l.shipped, coalesce(m.gone, 0) AS gone,
               l.received, coalesce(m.came, 0) AS came, l.lost
        FROM inventory_transferline l
        JOIN inventory_transfer t ON t.id = l.transfer_id
        JOIN catalog_sku s ON s.id = l.sku_id
        LEFT JOIN (
            SELECT e.line_id, -sum(m.on_hand_delta) FILTER (WHERE m.kind = 'transfer_out') AS gone,
                   sum(m.on_hand_delta) FILTER (WHERE m.kind = 'transfer_in') AS came
            FROM inventory_movement m JOIN inventory_transferentry e ON e.id = m.source_id
            WHERE m.kind IN ('transfer_out', 'transfer_in') GROUP BY e.line_id
        ) m ON m.line_id = l.id
        WHERE l.shipped <> coalesce(m.gone, 0) OR l.received <> coalesce(m.came, 0)
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "transfer_reservations",
        "What an open transfer has still to ship is reserved at its source, and nothing else.",
        """
        SELECT t.number AS transfer, s.code AS sku, t.status, l.quantity - l.shipped AS to_ship,
               r.quantity AS reserved
        FROM inventory_transferline l
        JOIN inventory_transfer t ON t.id = l.transfer_id
        JOIN inventory_reservation r ON r.id = l.reservation_id
        JOIN inventory_stocklevel k ON k.id = r.level_id
        JOIN catalog_sku s ON s.id = l.sku_id
        WHERE k.location_id <> t.source_id OR k.sku_id <> l.sku_id
           OR r.quantity <> CASE WHEN t.status IN ('closed', 'cancelled') THEN 0
                                 ELSE l.quantity - l.shipped END
        ORDER BY 1, 2
        """,
    ),
    Invariant(
        "transfer_status",
        "Nothing is in transit of a transfer that ended, and one is received when all came.",
        """
        SELECT t.number AS transfer, t.status, l.to_ship, l.in_transit
        FROM inventory_transfer t
        JOIN (
            SELECT transfer_id, sum(quantity - shipped) AS to_ship,
                   sum(shipped - received + over - lost) AS in_transit
            FROM inventory_transferline GROUP BY transfer_id
        ) l ON l.transfer_id = t.id
        WHERE (t.status IN ('requested', 'received', 'closed', 'cancelled') AND l.in_transit > 0)
           OR (t.status = 'received' AND l.to_ship > 0)
           OR (t.status IN ('shipped', 'part_received') AND l.in_transit + l.to_ship = 0)
        ORDER BY 1
        """,
    ),
    Invariant(
        "claims_are_on_something",
        "Every reservation claims units of a stock level.",
        """
        SELECT r.id AS reservation, r.reference, r.level_id AS level
        FROM inventory_reservation r
        LEFT JOIN inventory_stocklevel l ON l.id = r.level_id
        WHERE l.id IS NULL ORDER BY 1
        """,
    ),
)
