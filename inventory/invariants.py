"""What is true of stock at every moment."""

from oms.core.books import Invariant
from oms.core.ledgers import STANDING

INVARIANTS = (
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
        "stock_ledger_only_grows",
        "The stock ledger is guarded against change and removal.",
        STANDING.format(table="inventory_movement"),
    ),
)
